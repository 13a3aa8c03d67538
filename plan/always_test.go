package plan

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
)

// TestWhatAlwaysRunsChangesNothing has an actor that refers to another one, what becomes of it while nobody knows what that
// one will say, and whether that makes the plan a changed one.
func TestWhatAlwaysRunsChangesNothing(t *testing.T) {
	open := &Ensure{Value: cty.DynamicVal, Want: cty.True, Args: cty.EmptyTupleVal}
	tests := []struct {
		name   string
		before Policy // of the step of the other actor, which was made with other arguments; nothing for no other actor
		own    []Spec // after one that was made with other arguments and is made of what is not known
		orders Orders
		want   ChangeAction
	}{
		{name: "it always runs", before: RunAlways, want: ActionNoOp},
		{name: "it has changed", before: RunOnChange, want: ActionUpdate},
		{name: "nobody knows why", want: ActionUpdate},
		{name: "nothing was read", before: RunAlways, orders: Orders{NoRefresh: true}, want: ActionUpdate},
		{name: "a fact that is not known", before: RunAlways, own: []Spec{open}, want: ActionNoOp},
		{name: "a fact that holds", before: RunAlways, own: []Spec{&Ensure{Value: cty.True, Want: cty.True, Args: cty.EmptyTupleVal}}, want: ActionNoOp},
		{name: "a fact that does not hold", before: RunAlways, own: []Spec{&Ensure{Value: cty.False, Want: cty.True, Args: cty.EmptyTupleVal}}, want: ActionUpdate},
		{name: "an expectation", before: RunAlways, own: []Spec{&Expect{Value: cty.DynamicVal, Want: cty.True}, &Expect{Value: cty.True, Want: cty.True}}, want: ActionNoOp},
		{name: "an expectation that does not hold", before: RunAlways, own: []Spec{&Expect{Value: cty.False, Want: cty.True}}, want: ActionUpdate},
		{name: "a call that was never made", before: RunAlways, own: []Spec{&Action{Call: Call{Policy: RunOnce}, Args: cty.EmptyTupleVal}}, want: ActionUpdate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			user := action(t, "[unknown]", RunOnChange)
			d := declare(t, "actor.counter.b", user)
			entry := remembered(t, d)
			entry.Steps[user.Address.Relative()] = made(t, user, "[1]", StepDone)
			for i, spec := range tt.own {
				s := &Step{Address: d.Address.Step(address.StepAction, string(rune('a'+i)), address.InstanceKey{}), Spec: spec, Settings: &StepSettings{}}
				d.Steps = append(d.Steps, s)
			}
			in := inputs(d, present("id1"), entry)
			in.Orders = tt.orders
			if tt.before != "" {
				other := declare(t, "actor.counter.a", action(t, "[2]", tt.before))
				other.Key = []string{"other"}
				known := remembered(t, other)
				known.Steps[other.Steps[0].Address.Relative()] = made(t, other.Steps[0], "[1]", StepDone)
				d.DependsOn = []address.Address{other.Address}
				in.Desired, in.Observed = append(in.Desired, other), append(in.Observed, present("id1"))
				in.Recalled.Actors[known.Identity()] = known
			}
			p, diags := Build(in)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			got := p.Changes[len(p.Changes)-1].(*ActorChange)
			if got.Action != tt.want || got.Steps[0].Decision != DecisionRun {
				t.Errorf("got %s, %s", got.Action, got.Steps[0].Decision)
			}
		})
	}
}
