package hcl

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestTriggersOfWholeActorsLast(t *testing.T) {
	t.Parallel()
	const source = `
		actor "x" "a" {
			for_each = toset(["p"])
			key      = ["a", each.key]
			input    = 1
			read "r" {}
			action "s" {}
		}
		actor "x" "b" {
			key = "b"
			lifecycle { replace_triggered_by = [actor.x.a["p"], actor.x.a, actor.x.a["p"].created] }
			action "s" { triggers = actor.x.a["p"] }
		}
	`
	e := observed(t, Server{Observer: &fakeServer{actors: map[string]string{"a/p": "id-a"}}}, source)
	b := find(t, e, "actor.x.b")
	a := cty.ObjectVal(map[string]cty.Value{
		"id": cty.StringVal("id-a"), "name": cty.StringVal("x"), "key": cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("p")}), "input": cty.NumberIntVal(1),
	})
	all := cty.ObjectVal(map[string]cty.Value{"p": a})
	if want := cty.TupleVal([]cty.Value{a, all, cty.False}); !b.Triggers.RawEquals(want) {
		t.Errorf("the actor is triggered by %#v", b.Triggers)
	}
	if got := b.Steps[0].Call().Triggers; !got.RawEquals(a) {
		t.Errorf("the step is triggered by %#v", got)
	}
}
