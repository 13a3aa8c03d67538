package hcl

import (
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// What each stands for is the same however they are written: by members or by indexes, and whatever has the
// same names within an expression.
func TestEachIsTheSameHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ expression, want string }{
		{`each.key`, `"a"`},
		{`each["key"]`, `"a"`},
		{`"${each.key}-${each["value"].n}"`, `"a-1"`},
		{`each.value.n + each["value"].n + each.value["n"]`, `3`},
		{`each.value.list[0]`, `"x"`},
		{`each.value.list[each.value.n - 1]`, `"x"`},
		{`each.value.list[*]`, `["x"]`},
		{`[for each in ["b"] : each]`, `["b"]`},
		{`[for each in [{ key = "b" }] : each.key]`, `["b"]`},
		{`[for x in each.value.list : "${x}${each.key}"]`, `["xa"]`},
		{`[for each in each.value.list : each]`, `["x"]`},
		{`can(each.value.none)`, `false`},
		{`try(each.value.none, each["value"].none, each.key)`, `"a"`},
		{`actor.y.other[each.key].key[0]`, `"a"`},
		{`actor.y.other[each["key"]].key[0]`, `"a"`},
	} {
		t.Run(tt.expression, func(t *testing.T) {
			t.Parallel()
			e := observed(t, Server{}, fmt.Sprintf(`
				locals { all = { a = { n = 1, list = ["x"] } } }
				actor "y" "other" {
					for_each = local.all
					key      = each.key
				}
				actor "x" "it" {
					for_each = local.all
					key      = [each["key"]]
					input    = %[1]s
					action "a" {
						for_each = { b = [each.key] }
						args     = [each.key, each["key"], each.value[0]]
					}
					action "b" { args = [%[1]s] }
				}
				output "want" { value = %[2]s }`, tt.expression, tt.want))
			outputs, _ := e.Outputs()
			d, want := find(t, e, `actor.x.it["a"]`), outputs[0].Value
			_, args := d.Steps[1].Sends()
			for _, got := range []cty.Value{d.Input, args.Index(cty.Zero)} {
				if !got.RawEquals(want) {
					t.Errorf("%#v, and not %#v", got, want)
				}
			}
			if _, args := d.Steps[0].Sends(); !args.RawEquals(cty.TupleVal([]cty.Value{cty.StringVal("b"), cty.StringVal("b"), cty.StringVal("a")})) {
				t.Errorf("a step that is repeated has the arguments %#v", args)
			}
		})
	}
}
