package value_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"pgregory.net/rapid"

	"riveter/plan/value"
)

// unified are two values as the library gives them a type in common, or [cty.NilVal] where it has one and fails to; no type where it
// has none.
func unified(a, b cty.Value) (shared cty.Type, results []cty.Value) {
	shared, conversions := convert.UnifyUnsafe([]cty.Type{a.Type(), b.Type()})
	if shared == cty.NilType {
		return shared, nil
	}
	results = []cty.Value{a, b}
	for i, convert := range conversions {
		if convert != nil {
			results[i] = attempt(convert, results[i])
		}
	}
	return shared, results
}

// attempt converts a value, unless the library fails to, or even panics, as it does at some tuples of sets.
func attempt(convert convert.Conversion, v cty.Value) (converted cty.Value) {
	defer func() {
		if recover() != nil {
			converted = cty.NilVal
		}
	}()
	converted, err := convert(v)
	if err != nil {
		return cty.NilVal
	}
	return converted
}

func TestAlignedValuesHaveTheTypeThatTheLibraryFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(2).Draw(t, "a"), drawn(2).Draw(t, "b")
		alignedA, alignedB := value.Align(a, b)
		if hasOpenSet(a) || hasOpenSet(b) {
			return
		}
		want, theirs := unified(a, b)
		got, ours := unified(alignedA, alignedB)
		if !got.Equals(want) {
			t.Fatalf("%#v, and the library finds %#v", got, want)
		}
		for i, v := range ours {
			if theirs[i] != cty.NilVal && !v.RawEquals(theirs[i]) {
				t.Fatalf("%#v, and the library makes %#v", v, theirs[i])
			}
		}
	})
}
