package funcs

import (
	"errors"
	"reflect"

	"github.com/zclconf/go-cty/cty"
)

// maxDepth is how deep YAML may be nested: as deep as JSON may be for the standard library.
const maxDepth = 10_000

// nests bounds the brackets that are open at once in YAML, for which its reader takes the square of their number in time. It knows
// nothing of quotes, in which nobody has so many.
func nests(args []cty.Value) string {
	text, _ := args[0].Unmark()
	if !text.IsKnown() || text.IsNull() || text.Type() != cty.String {
		return ""
	}
	depth := 0
	for _, c := range []byte(text.AsString()) {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		}
		if depth > maxDepth {
			return "the YAML is nested too deeply"
		}
	}
	return ""
}

// maxRepeated is how many parts YAML may have that repeats some of them by aliases.
const maxRepeated = 1 << 20

// repeats bounds what a short text in YAML stands for whose aliases stand for what is full of aliases. Without them, no text has more parts than
// bytes.
func repeats(args []cty.Value, t cty.Type) error {
	text, _ := args[0].Unmark()
	if !text.IsKnown() {
		return nil
	}
	if n := (parts{}).of(t); n > maxRepeated && n > len(text.AsString()) {
		return errors.New("the aliases of the YAML stand for more than a million values")
	}
	return nil
}

// parts is how many parts types have, by what they share of them.
type parts map[uintptr]int

// of counts the parts of a type, each as often as it is there, but looks at each only once.
func (p parts) of(t cty.Type) int {
	var shared any
	var within []cty.Type
	switch {
	case t.IsTupleType():
		within = t.TupleElementTypes()
		shared = within
	case t.IsObjectType():
		shared = t.AttributeTypes()
		for _, attribute := range t.AttributeTypes() {
			within = append(within, attribute)
		}
	}
	if len(within) == 0 {
		return 1
	}
	id := reflect.ValueOf(shared).Pointer()
	if n, known := p[id]; known {
		return n
	}
	n := 1
	for _, part := range within {
		n = min(n+p.of(part), 1<<30) // which is more than any text has
	}
	p[id] = n
	return n
}
