package value_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"pgregory.net/rapid"

	"riveter/plan/value"
)

// wanted are types of each kind, with what they leave open in every place.
var wanted = []cty.Type{
	cty.String, cty.Number, cty.Bool, cty.DynamicPseudoType,
	cty.List(cty.String), cty.Set(cty.String), cty.Map(cty.String), cty.List(cty.Number),
	cty.List(cty.DynamicPseudoType), cty.Set(cty.DynamicPseudoType), cty.Map(cty.DynamicPseudoType),
	cty.Map(cty.List(cty.DynamicPseudoType)), cty.List(cty.Map(cty.String)), cty.Set(cty.List(cty.DynamicPseudoType)),
	cty.Set(cty.Object(map[string]cty.Type{"a": cty.DynamicPseudoType})), cty.List(cty.Set(cty.DynamicPseudoType)),
	cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.List(cty.String)}),
	cty.Map(cty.ObjectWithOptionalAttrs(map[string]cty.Type{"a": cty.String, "b": cty.List(cty.DynamicPseudoType)}, []string{"b"})),
	cty.List(cty.Object(map[string]cty.Type{"a": cty.DynamicPseudoType})),
	cty.ObjectWithOptionalAttrs(map[string]cty.Type{
		"a": cty.Map(cty.ObjectWithOptionalAttrs(map[string]cty.Type{"a": cty.Number}, []string{"a"})), "b": cty.Bool,
	}, []string{"a", "b"}),
	cty.Tuple([]cty.Type{cty.String, cty.List(cty.String)}),
}

var primitives = []cty.Value{
	cty.StringVal("x"), cty.StringVal("1"), cty.StringVal("true"), cty.Zero, cty.NumberIntVal(7), cty.True,
	cty.NullVal(cty.String), cty.NullVal(cty.DynamicPseudoType), cty.UnknownVal(cty.Number), cty.DynamicVal, cty.StringVal("s").Mark("secret"),
}

// drawn is a value whose collections are small or wide.
func drawn(depth int) *rapid.Generator[cty.Value] {
	return rapid.Custom(func(t *rapid.T) cty.Value {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth == 0 || kind == 0 {
			return rapid.SampledFrom(primitives).Draw(t, "primitive")
		}
		few := rapid.SliceOfN(drawn(depth-1), 1, 3).Draw(t, "elements")
		n := len(few) + rapid.SampledFrom([]int{0, 0, 0, 66}).Draw(t, "more")
		all, named := make([]cty.Value, n), map[string]cty.Value{}
		for i := range all {
			all[i] = few[i%len(few)]
			named[[]string{"a", "b", fmt.Sprint("k", i)}[min(i, 2)]] = all[i]
		}
		switch {
		case kind == 1 && cty.CanListVal(all):
			return cty.ListVal(all)
		case kind == 2 && cty.CanSetVal(all):
			return cty.SetVal(all)
		case kind == 3 && cty.CanMapVal(named):
			return cty.MapVal(named)
		case kind <= 4:
			return cty.ObjectVal(named)
		default:
			return cty.TupleVal(all)
		}
	})
}

// hasOpenSet reports whether there is a set in a value of which not all is known: the library makes an unknown list of it, of whatever
// the set is one of, and then may fail or not.
func hasOpenSet(v cty.Value) (found bool) {
	_ = cty.Walk(v, func(_ cty.Path, part cty.Value) (bool, error) {
		part, _ = part.Unmark()
		found = found || part.Type().IsSetType() && !part.IsWhollyKnown()
		return !found, nil
	})
	return found
}

func TestConvertsAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v, want := drawn(3).Draw(t, "value"), rapid.SampledFrom(wanted).Draw(t, "type")
		theirs, wrong := convert.Convert(v, want)
		ours, err := value.Convert(v, want)
		switch {
		case hasOpenSet(v):
		case (err == nil) != (wrong == nil):
			t.Fatalf("%v, and the library says %v", err, wrong)
		case err == nil && !ours.RawEquals(theirs):
			t.Fatalf("%#v, and the library makes %#v", ours, theirs)
		}
	})
}

// Go-cty looks for what the elements of a list have in common, and not for that of a set's.
func TestElementsOfASetAreOfOneType(t *testing.T) {
	t.Parallel()
	rows := make([]cty.Value, 100)
	for i := range rows {
		rows[i] = cty.TupleVal([]cty.Value{cty.NumberIntVal(int64(i)), cty.StringVal("q")})
	}
	rows[7] = cty.EmptyTupleVal
	_, ours := value.Convert(cty.TupleVal(rows), cty.Set(cty.List(cty.DynamicPseudoType)))
	_, theirs := convert.Convert(cty.TupleVal(rows), cty.Set(cty.List(cty.DynamicPseudoType)))
	if ours == nil || theirs == nil || ours.Error() != theirs.Error() {
		t.Errorf("%v, and the library says: %v", ours, theirs)
	}
}

func TestSaysWhereAWideValueIsWrong(t *testing.T) {
	t.Parallel()
	rows := make([]cty.Value, 100)
	for i := range rows {
		rows[i] = cty.ObjectVal(map[string]cty.Value{"n": cty.StringVal("1")})
	}
	wrong := func(i int, v cty.Value) cty.Value {
		all := append([]cty.Value(nil), rows...)
		all[i] = cty.ObjectVal(map[string]cty.Value{"n": v})
		return cty.ObjectVal(map[string]cty.Value{"rows": cty.TupleVal(all)})
	}
	want := cty.Object(map[string]cty.Type{"rows": cty.List(cty.Object(map[string]cty.Type{"n": cty.Number}))})
	for _, c := range []cty.Value{wrong(90, cty.StringVal("many")), wrong(90, cty.EmptyTupleVal)} {
		_, ours := value.Convert(c, want)
		_, theirs := convert.Convert(c, want)
		if ours == nil || theirs == nil || ours.Error() != theirs.Error() {
			t.Errorf("%v, and the library says: %v", ours, theirs)
		}
		if diff := cmp.Diff(pathOf(theirs), pathOf(ours)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOfSeveralWrongAttributesTheFirstIsSaid(t *testing.T) {
	t.Parallel()
	attributes, types := map[string]cty.Value{}, map[string]cty.Type{}
	for c := 'a'; c <= 'j'; c++ {
		wide := make([]cty.Value, 100)
		for i := range wide {
			wide[i] = cty.StringVal("many")
		}
		attributes[string(c)], types[string(c)] = cty.TupleVal(wide), cty.List(cty.Number)
	}
	_, err := value.Convert(cty.ObjectVal(attributes), cty.Object(types))
	if want := fmt.Sprintf("%#v", cty.GetAttrPath("a").IndexInt(0)); pathOf(err) != want {
		t.Errorf("%v is at %s, not at %s", err, pathOf(err), want)
	}
}

func pathOf(err error) string {
	if at, ok := errors.AsType[cty.PathError](err); ok {
		return fmt.Sprintf("%#v", at.Path)
	}
	return ""
}
