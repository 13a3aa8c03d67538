package value

import (
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

func TestSharedTypesChangeNoValue(t *testing.T) {
	t.Parallel()
	a := func(v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"a": v}) }
	kinds := []cty.Value{
		cty.NilVal, cty.DynamicVal, cty.Zero, cty.EmptyObjectVal, a(cty.Zero), a(cty.StringVal("x")), a(cty.StringVal("y")), a(cty.StringVal("x")).Mark(Sensitive),
		a(cty.StringVal("x").Mark(Sensitive)), a(cty.UnknownVal(cty.String)), a(cty.DynamicVal), a(cty.NullVal(cty.DynamicPseudoType)),
		cty.UnknownVal(cty.Object(map[string]cty.Type{"a": cty.String})), cty.NullVal(cty.Object(map[string]cty.Type{"a": cty.String})),
		a(a(cty.Zero)), a(a(cty.True)),
	}
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOf(rapid.SampledFrom(kinds)).Draw(t, "values")
		after := slices.Clone(before)
		ShareTypes(after)
		for i, v := range before {
			if (v == cty.NilVal) != (after[i] == cty.NilVal) || v != cty.NilVal && !after[i].RawEquals(v) {
				t.Errorf("%#v became %#v", v, after[i])
			}
		}
	})
}
