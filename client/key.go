package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxKeyBytes is the engine's limit on the wire form of a key.
const maxKeyBytes = 1024

// Key identifies one actor among those of its name. Its parts are compared byte
// by byte: there is no Unicode normalization.
//
// A nil Key stands for an actor that was created without a key; an empty Key is
// the key with no parts, which at most one actor of a name has.
type Key []string

// String returns the wire form: the one string by which the management API knows
// the key. Different keys have different wire forms.
func (k Key) String() string {
	if len(k) == 0 {
		return "/"
	}
	parts := make([]string, len(k))
	for i, part := range k {
		parts[i] = escapeKeyPart(part)
	}
	return strings.Join(parts, "/")
}

// ParseKey reads a wire form as RivetKit does. It accepts every string; what
// [Key.String] wrote comes back unchanged. Some strings that String never writes
// read as the same key although the engine keeps them apart, so actors are
// compared by [Actor.WireKey].
func ParseKey(wire string) Key {
	if wire == "/" || wire == "" {
		return Key{}
	}
	key := Key{}
	var part strings.Builder
	escaped, empty := false, false
	for _, char := range []byte(wire) {
		switch {
		case escaped && char == '0':
			empty, escaped = true, false
		case escaped:
			part.WriteByte(char)
			escaped = false
		case char == '\\':
			escaped = true
		case char == '/':
			key = append(key, keyPart(part.String(), empty))
			part.Reset()
			empty = false
		default:
			part.WriteByte(char)
		}
	}
	if escaped {
		return append(key, part.String()+`\`)
	}
	return append(key, keyPart(part.String(), empty))
}

// Equal reports whether both keys have the same parts. A nil Key equals only nil.
func (k Key) Equal(other Key) bool {
	return (k == nil) == (other == nil) && slices.Equal(k, other)
}

// Validate reports what the engine would refuse or garble: a wire form of more
// than 1024 bytes, a NUL byte (the actor could be created, but never reached), and
// text that is not UTF-8.
func (k Key) Validate() error {
	var problems []error
	for i, part := range k {
		if strings.ContainsRune(part, 0) {
			problems = append(problems, fmt.Errorf("key part %d contains a NUL byte", i))
		}
		if !utf8.ValidString(part) {
			problems = append(problems, fmt.Errorf("key part %d is not valid UTF-8", i))
		}
	}
	if size := len(k.String()); size > maxKeyBytes {
		problems = append(problems, fmt.Errorf("key is %d bytes long when escaped, the limit is %d", size, maxKeyBytes))
	}
	return errors.Join(problems...)
}

// keyEscapes is built once: that takes longer than a key.
var keyEscapes = strings.NewReplacer(`\`, `\\`, `/`, `\/`)

func escapeKeyPart(part string) string {
	if part == "" {
		return `\0`
	}
	return keyEscapes.Replace(part)
}

// keyPart applies RivetKit's reading of \0: it makes its whole part empty.
func keyPart(text string, empty bool) string {
	if empty {
		return ""
	}
	return text
}
