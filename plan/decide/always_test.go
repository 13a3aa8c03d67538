package decide

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// TestWhatAlwaysRunsChangesNothing has an actor that refers to another one, what becomes of it while nobody knows what that
// one will say, and whether that makes the plan a changed one.
func TestWhatAlwaysRunsChangesNothing(t *testing.T) {
	open := &plan.Ensure{Value: cty.DynamicVal, Want: cty.True, Args: cty.EmptyTupleVal}
	tests := []struct {
		name   string
		before plan.Policy // of the step of the other actor, which was made with other arguments; nothing for no other actor
		own    []plan.Spec // after one that was made with other arguments and is made of what is not known
		orders plan.Orders
		want   plan.ChangeAction
	}{
		{name: "it always runs", before: plan.RunAlways, want: plan.ActionNoOp},
		{name: "it has changed", before: plan.RunOnChange, want: plan.ActionUpdate},
		{name: "nobody knows why", want: plan.ActionUpdate},
		{name: "nothing was read", before: plan.RunAlways, orders: plan.Orders{NoRefresh: true}, want: plan.ActionUpdate},
		{name: "a fact that is not known", before: plan.RunAlways, own: []plan.Spec{open}, want: plan.ActionNoOp},
		{name: "a fact that holds", before: plan.RunAlways, own: []plan.Spec{&plan.Ensure{Value: cty.True, Want: cty.True, Args: cty.EmptyTupleVal}}, want: plan.ActionNoOp},
		{name: "a fact that does not hold", before: plan.RunAlways, own: []plan.Spec{&plan.Ensure{Value: cty.False, Want: cty.True, Args: cty.EmptyTupleVal}}, want: plan.ActionUpdate},
		{name: "an expectation", before: plan.RunAlways, own: []plan.Spec{&plan.Expect{Value: cty.DynamicVal, Want: cty.True}, &plan.Expect{Value: cty.True, Want: cty.True}}, want: plan.ActionNoOp},
		{name: "an expectation that does not hold", before: plan.RunAlways, own: []plan.Spec{&plan.Expect{Value: cty.False, Want: cty.True}}, want: plan.ActionUpdate},
		{name: "a guard that is not known", before: plan.RunAlways, own: []plan.Spec{&plan.Action{Call: plan.Call{Policy: plan.RunOnce, OnlyIf: cty.UnknownVal(cty.Bool)}, Args: cty.EmptyTupleVal}}, want: plan.ActionNoOp},
		{name: "a call that was never made", before: plan.RunAlways, own: []plan.Spec{&plan.Action{Call: plan.Call{Policy: plan.RunOnce}, Args: cty.EmptyTupleVal}}, want: plan.ActionUpdate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			user := action(t, "[unknown]", plan.RunOnChange)
			d := declare(t, "actor.counter.b", user)
			entry := remembered(t, d)
			entry.Steps[user.Address.Relative()] = made(t, user, "[1]", plan.StepDone)
			for i, spec := range tt.own {
				s := &plan.Step{Address: d.Address.Step(address.StepAction, string(rune('a'+i)), address.InstanceKey{}), Spec: spec, Settings: &plan.StepSettings{}}
				d.Steps = append(d.Steps, s)
			}
			in := inputs(d, present("id1"), entry)
			in.Orders = tt.orders
			if tt.before != "" {
				other := declare(t, "actor.counter.a", action(t, "[2]", tt.before))
				other.Key = []string{"other"}
				known := remembered(t, other)
				known.Steps[other.Steps[0].Address.Relative()] = made(t, other.Steps[0], "[1]", plan.StepDone)
				d.DependsOn = []address.Address{other.Address}
				in.Desired, in.Observed = append(in.Desired, other), append(in.Observed, present("id1"))
				in.Recalled.Actors[known.Identity()] = known
			}
			p, diags := Plan(in)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			got := p.Changes[len(p.Changes)-1].(*plan.ActorChange)
			if got.Action != tt.want || got.Steps[0].Decision != plan.DecisionRun {
				t.Errorf("got %s, %s", got.Action, got.Steps[0].Decision)
			}
		})
	}
}
