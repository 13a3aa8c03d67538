package funcs

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestACollectionHidesWhatItsElementsHide compares with Terraform, in which an element keeps its marks and a set takes all of them.
func TestACollectionHidesWhatItsElementsHide(t *testing.T) {
	t.Parallel()
	plain, secret, number := cty.StringVal("plain"), cty.StringVal("secret").Mark("secret"), cty.NumberIntVal(1).Mark("secret")
	one, marks := cty.StringVal("1").Mark("secret"), cty.NewValueMarks("secret")
	for name, test := range map[string]struct {
		function  string
		arg, want cty.Value
	}{
		"list":              {"tolist", cty.TupleVal([]cty.Value{plain, secret}), cty.ListVal([]cty.Value{plain, secret})},
		"list of two types": {"tolist", cty.TupleVal([]cty.Value{plain, number}), cty.ListVal([]cty.Value{plain, one})},
		"whole list": {
			"tolist", cty.TupleVal([]cty.Value{plain, cty.NumberIntVal(1)}).Mark("secret"),
			cty.ListVal([]cty.Value{plain, cty.StringVal("1")}).Mark("secret"),
		},
		"map":              {"tomap", cty.ObjectVal(map[string]cty.Value{"a": plain, "b": secret}), cty.MapVal(map[string]cty.Value{"a": plain, "b": secret})},
		"map of two types": {"tomap", cty.ObjectVal(map[string]cty.Value{"a": plain, "b": number}), cty.MapVal(map[string]cty.Value{"a": plain, "b": one})},
		"set": {
			"toset", cty.TupleVal([]cty.Value{plain, secret}),
			cty.SetVal([]cty.Value{plain, cty.StringVal("secret")}).WithMarks(marks),
		},
		"set of two types": {
			"toset", cty.TupleVal([]cty.Value{plain, number}),
			cty.SetVal([]cty.Value{plain, cty.StringVal("1")}).WithMarks(marks),
		},
		"unknown": {
			"tolist", cty.TupleVal([]cty.Value{plain, cty.UnknownVal(cty.String).Mark("secret")}),
			cty.ListVal([]cty.Value{plain, cty.UnknownVal(cty.String).Mark("secret")}),
		},
		"null": {"tolist", cty.NullVal(cty.DynamicPseudoType).Mark("secret"), cty.NullVal(cty.List(cty.DynamicPseudoType)).Mark("secret")},
	} {
		got, err := Table(Outside{})[test.function].Call([]cty.Value{test.arg})
		if err != nil || !got.RawEquals(test.want) {
			t.Errorf("%s: %#v, %v", name, got, err)
		}
	}
}
