package plan

import (
	"cmp"
	"strings"
)

// Identity is what an actor is within a namespace: its registered name and its key. Identities are compared with ==.
type Identity struct {
	Name string
	Key  string // as [WireKey] writes it
}

// IdentityOf returns the identity of the actor with this name and key.
func IdentityOf(name string, key []string) Identity { return Identity{name, WireKey(key)} }

// Identity returns which actor is declared. Its key must be known.
func (d *Desired) Identity() Identity { return IdentityOf(d.Address.Name, d.Key) }

// Parts returns the parts of the key, or nil where there is no key.
func (i Identity) Parts() []string {
	switch i.Key {
	case "":
		return nil
	case "/":
		return []string{}
	}
	var parts []string
	var part strings.Builder
	escaped := false
	for _, char := range []byte(i.Key) {
		switch {
		case escaped && char == '0': // an empty part
			escaped = false
		case escaped:
			part.WriteByte(char)
			escaped = false
		case char == '\\':
			escaped = true
		case char == '/':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(char)
		}
	}
	return append(parts, part.String())
}

// Compare orders identities by name and then by key.
func (i Identity) Compare(o Identity) int {
	return cmp.Or(cmp.Compare(i.Name, o.Name), cmp.Compare(i.Key, o.Key))
}

var keyEscapes = strings.NewReplacer(`\`, `\\`, `/`, `\/`)

// WireKey returns the one text by which the management API knows a key: different keys have different texts. It is empty for a
// nil key, which is that of an actor without one.
func WireKey(key []string) string {
	switch {
	case key == nil:
		return ""
	case len(key) == 0:
		return "/"
	}
	parts := make([]string, len(key))
	for i, part := range key {
		parts[i] = keyEscapes.Replace(part)
		if part == "" {
			parts[i] = `\0`
		}
	}
	return strings.Join(parts, "/")
}

// Unspeakable returns a control character in a key with which the engine cannot name the actor in its answers: the actor can be
// created, and its calls are made, but end with core.internal_error (engine 2.3.19). Tab, line feed and carriage return are none.
func Unspeakable(key []string) (r rune, found bool) {
	for _, part := range key {
		for _, r := range part {
			if (r < ' ' || r == 0x7f) && !strings.ContainsRune("\t\n\r", r) {
				return r, true
			}
		}
	}
	return 0, false
}
