package export

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"riveter/plan/address"
)

// labels gives every block one of its own.
type labels struct {
	taken map[declaration]bool
	last  map[declaration]int // the number that was appended last
}

// declaration is what has to be unique.
type declaration struct{ name, label string }

func newLabels(taken []address.Address) labels {
	l := labels{map[declaration]bool{}, map[declaration]int{}}
	for _, a := range taken {
		if a.Module == "" && a.Kind == address.KindActor {
			l.taken[declaration{a.Name, a.Label}] = true
		}
	}
	return l
}

// claim returns a label for g: what it wants to be called, with a number if need be.
func (l labels) claim(g *group) string {
	wanted := declaration{g.actors[0].Name, g.label()}
	d := wanted
	for n := max(l.last[wanted], 1); l.taken[d]; l.last[wanted] = n {
		n++
		d.label = wanted.label + "_" + strconv.Itoa(n)
	}
	l.taken[d] = true
	return d.label
}

// label says what the keys of a group have in common, or what a single actor is called among others.
func (g *group) label() string {
	key := g.actors[0].Key
	if g.repeats() {
		var common []string
		for i, part := range key {
			if !slices.Contains(g.varying, i) {
				common = append(common, part)
			}
		}
		return identifier(g.actors[0].Name, common, "all")
	}
	if len(key) > 0 && startsWithLetter(key[len(key)-1]) {
		key = key[len(key)-1:]
	}
	return identifier(g.actors[0].Name, key, "only")
}

func startsWithLetter(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(first)
}

// maxLabel is how many characters a label may take from a key.
const maxLabel = 40

// identifier makes one of the parts of a key, behind the name of the actor if they do not begin as one has to. Where
// nothing is left of them, it is the fallback.
func identifier(name string, parts []string, fallback string) string {
	words := strings.FieldsFunc(strings.Join(parts, "_"), func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	text := []rune(strings.Join(words, "_"))
	label := strings.TrimRight(string(text[:min(len(text), maxLabel)]), "_")
	if label != "" && !startsWithLetter(label) {
		label = name + "_" + label
	}
	if !hclsyntax.ValidIdentifier(label) {
		return fallback
	}
	return label
}
