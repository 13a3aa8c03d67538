package view

import (
	"testing"

	"riveter/plan"
	"riveter/plan/address"
)

func TestCallsAreCountedOneByOne(t *testing.T) {
	run := func(outcome plan.Outcome, made int, policy plan.Policy) Step {
		return Step{Kind: address.StepAction, Decision: plan.DecisionRun, Policy: policy, Result: Result{Outcome: outcome}, Made: made}
	}
	for _, tt := range []struct {
		step Step
		want Calls
	}{
		{run(plan.OutcomeDone, 0, plan.RunOnce), Calls{Made: 1}},
		{run(plan.OutcomeDone, 3, plan.RunOnce), Calls{Made: 3}},
		{run(plan.OutcomeDone, 3, plan.RunAlways), Calls{Always: 3}},
		{run(plan.OutcomeFailed, 2, plan.RunOnce), Calls{Made: 2, Failed: 1}},
		{run(plan.OutcomeInDoubt, 2, plan.RunOnce), Calls{Made: 2, InDoubt: 1}},
		{run(plan.OutcomeNotStarted, 2, plan.RunOnce), Calls{Made: 2, NotMade: 1}},
		{run(plan.OutcomeSkipped, 0, plan.RunOnce), Calls{NotMade: 1}},
	} {
		var got Calls
		if got.count(&tt.step); got != tt.want {
			t.Errorf("%+v counts as %+v", tt.step, got)
		}
	}
}
