package hcl

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// What an instance shows of itself later is not what each is in the next one.
func TestInstancesDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	e, diags := tryObserve(t, Server{}, `
		locals { all = { for name in ["a", "b", "c", "d", "e"] : name => { n = length(name) } } }
		actor "x" "fine" {
			for_each = local.all
			key      = each.key
			expect "condition" { condition = each.key == "c" }
		}
		actor "x" "wrong" {
			for_each = local.all
			key      = each.key == "b" ? each.value.none : "wrong-${each.key}"
			input    = each.key == "d" ? each.value.none : each.key
		}`)
	for _, d := range e.Desired() {
		for _, s := range d.Steps {
			if unmet := s.Spec.(*plan.Expect).Unmet; unmet != nil && !unmet.EvalContext.Variables["each.key"].RawEquals(cty.StringVal(d.Key[0])) {
				t.Errorf("the condition of %s is shown with %#v", d.Address, unmet.EvalContext.Variables)
			}
		}
	}
	var shown []string
	for _, d := range diags {
		shown = append(shown, d.EvalContext.Variables["each.key"].AsString())
	}
	if len(shown) != 2 || shown[0] != "b" || shown[1] != "d" {
		t.Errorf("wrong are %v", shown)
	}
}
