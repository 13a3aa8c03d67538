package value

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// unkept marks an unknown value that is the result of a step which is done and whose result nobody kept. It is still what it
// was, though nobody knows what that is.
type unkept struct{ step string }

// Unkept returns the result of a step that is done and whose result nobody kept.
func Unkept(step string) cty.Value { return cty.DynamicVal.Mark(unkept{step}) }

// UnkeptIn returns the steps whose results a value is made of and nobody kept, sorted.
func UnkeptIn(v cty.Value) []string {
	if v == cty.NilVal || !v.ContainsMarked() {
		return nil
	}
	_, marks := v.UnmarkDeep()
	steps := map[string]bool{}
	for mark := range marks {
		if mark, ok := mark.(unkept); ok {
			steps[mark.step] = true
		}
	}
	return slices.Sorted(maps.Keys(steps))
}

// IsLasting reports whether a value is what it was: whether all that is unknown of it is made of results that nobody kept.
func IsLasting(v cty.Value) bool {
	if IsKnown(v) {
		return true
	}
	v, marks := v.Unmark()
	for mark := range marks {
		if _, ok := mark.(unkept); ok {
			return true
		}
	}
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, element := it.Element(); !IsLasting(element) {
			return false
		}
	}
	return true
}
