package funcs

import (
	"fmt"
	"maps"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// TestABoxMakesNoDifference calls the functions that know boxes with collections in one and without, in all conditions.
func TestABoxMakesNoDifference(t *testing.T) {
	t.Parallel()
	members, elements := map[string]cty.Value{}, []cty.Value{}
	for i := range 40 {
		n := cty.NumberIntVal(int64(i))
		members[fmt.Sprint("k", i)] = n
		elements = append(elements, n)
	}
	secret := cty.StringVal("s").Mark(value.Sensitive)
	mixed := append([]cty.Value{secret, cty.UnknownVal(cty.String), cty.NullVal(cty.Bool)}, elements...)
	odd := map[string]cty.Value{"secret": secret, "unknown": cty.UnknownVal(cty.String)}
	maps.Copy(odd, members)
	collections := []cty.Value{
		cty.ObjectVal(members), cty.MapVal(members), cty.ObjectVal(odd), cty.TupleVal(elements), cty.ListVal(elements), cty.SetVal(elements), cty.TupleVal(mixed),
	}
	for _, v := range collections {
		collections = append(collections, v.Mark(value.Sensitive))
	}
	keys := []cty.Value{
		cty.StringVal("k1"), cty.StringVal("secret"), cty.StringVal("unknown"), cty.StringVal("none"), secret, cty.UnknownVal(cty.String), cty.NullVal(cty.String),
		cty.Zero, cty.NumberIntVal(2), cty.NumberIntVal(41), cty.NumberIntVal(-1), cty.NumberFloatVal(0.5), cty.UnknownVal(cty.Number), cty.DynamicVal,
		cty.NumberIntVal(3).Mark(value.Sensitive),
	}
	table := Table(Outside{})
	for _, collection := range collections {
		if !expr.Box(collection).Type().IsCapsuleType() || !expr.Unbox(expr.Box(collection)).RawEquals(collection) {
			t.Fatalf("%#v is not in a box", collection)
		}
		compareBoxed(t, table, "length", collection)
		for _, key := range keys {
			compareBoxed(t, table, "element", collection, key)
			compareBoxed(t, table, "lookup", collection, key)
			compareBoxed(t, table, "lookup", collection, key, cty.StringVal("absent"))
			want, wantErr := stdlib.ElementFunc.Call([]cty.Value{collection, key})
			got, err := table["element"].Call([]cty.Value{collection, key})
			compareOutcomes(t, fmt.Sprintf("element(%#v, %#v)", collection, key), want, got, wantErr, err)
		}
	}
}

func compareBoxed(t *testing.T, table map[string]function.Function, name string, args ...cty.Value) {
	t.Helper()
	want, wantErr := table[name].Call(args)
	boxed := append([]cty.Value{expr.Box(args[0])}, args[1:]...)
	got, err := table[name].Call(boxed)
	compareOutcomes(t, fmt.Sprintf("%s(%#v)", name, args), want, got, wantErr, err)
}

func compareOutcomes(t *testing.T, call string, want, got cty.Value, wantErr, err error) {
	t.Helper()
	if fmt.Sprint(wantErr) != fmt.Sprint(err) {
		t.Errorf("%s: %v, not %v", call, err, wantErr)
	}
	if wantErr == nil && !got.RawEquals(want) {
		t.Errorf("%s: %#v, not %#v", call, got, want)
	}
}
