package view

import (
	"testing"

	"pgregory.net/rapid"

	"riveter/plan"
	"riveter/plan/address"
)

// Every change, and every call that the plan wanted, is counted exactly once, and an actor that was created before its change
// ended badly besides.
func TestAppliedAddsUp(t *testing.T) {
	outcomes := rapid.SampledFrom([]plan.Outcome{
		plan.OutcomeDone, plan.OutcomeFailed, plan.OutcomeSkipped, plan.OutcomeNotStarted, plan.OutcomeInDoubt,
	})
	actions := rapid.SampledFrom([]plan.ChangeAction{
		plan.ActionNoOp, plan.ActionCreate, plan.ActionAdopt, plan.ActionUpdate, plan.ActionReplace, plan.ActionDestroy, plan.ActionForget,
	})
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Step {
			return Step{
				Decision: rapid.SampledFrom([]plan.Decision{plan.DecisionRun, plan.DecisionDone, plan.DecisionSkip}).Draw(t, "decision"),
				Policy:   rapid.SampledFrom([]plan.Policy{plan.RunOnce, plan.RunAlways}).Draw(t, "policy"),
				MarkDone: rapid.Bool().Draw(t, "mark"), Result: Result{Outcome: outcomes.Draw(t, "step")},
			}
		}), 0, 3)
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Change {
			return Change{
				ActorID: rapid.SampledFrom([]string{"", "id"}).Draw(t, "actor"),
				Action:  actions.Draw(t, "action"), Steps: steps.Draw(t, "steps"), Result: Result{Outcome: outcomes.Draw(t, "change")},
			}
		}), 0, 6).Draw(t, "changes")

		a := tally(changes)
		all := a.Created + a.Adopted + a.Changed + a.Replaced + a.Destroyed + a.Forgotten + a.Unchanged +
			a.Failed + a.InDoubt + a.Skipped + a.Stopped + a.NotStarted
		besides := 0
		for _, c := range changes {
			if c.Outcome != plan.OutcomeDone && c.Action == plan.ActionCreate && c.ActorID != "" {
				besides++
			}
		}
		if all != len(changes)+besides {
			t.Fatalf("%d changes are counted as %+v", len(changes), a)
		}
		wanted, well := 0, true
		for _, c := range changes {
			well = well && c.Outcome == plan.OutcomeDone
			for _, s := range c.Steps {
				if s.symbol() != symNone {
					wanted++
					well = well && s.Outcome == plan.OutcomeDone
				}
			}
		}
		calls := a.Calls
		if sum := calls.Made + calls.Always + calls.Marked + calls.Failed + calls.InDoubt + calls.NotMade; sum != wanted {
			t.Fatalf("%d steps are counted as %+v", wanted, calls)
		}
		if a.failed() == well {
			t.Fatalf("failed is %t for %+v", a.failed(), a)
		}
	})
}

func TestClosingLines(t *testing.T) {
	full := Document{
		Mode:     plan.ModeApply,
		Summary:  Summary{Create: 2, Adopt: 1, Update: 1, Replace: 3, Forget: 4, Calls: 5, Always: 1, Mark: 6},
		Observed: Observed{Resolved: 40, Woken: 3, Reads: 3, Seconds: 0.24},
		Applied:  &Applied{Created: 2, Changed: 1, Unchanged: 7, Calls: Calls{Made: 5, Always: 1}},
	}
	broken := Document{Mode: plan.ModeDestroy, Applied: &Applied{
		Adopted: 1, Replaced: 2, Destroyed: 3, Forgotten: 4, Failed: 5, InDoubt: 6, Skipped: 7, NotStarted: 8,
		Calls: Calls{InDoubt: 1, Failed: 2, NotMade: 3, Marked: 4},
	}}
	unread := Document{Changes: []Change{{Steps: []Step{{Reason: plan.ReasonUnread}}}}}
	nothing := Document{Observed: Observed{Resolved: 1, Reads: 1}}
	tests := []struct{ name, got, want string }{
		{
			"plan", full.PlanLine(),
			"Plan: 2 to create, 1 to change, 0 to destroy, 1 to adopt, 3 to replace, 4 to forget. Calls: 5 to make, 1 always, 0 unknown, 6 to mark as done.",
		},
		{"observed", full.observedLine(), "Observed: 40 actors resolved, 3 woken, 3 reads, in 0.2s."},
		{"report", full.ReportLine(), "Apply complete: 2 created, 1 changed, 0 destroyed. Calls: 5 made, 1 always, 0 in doubt."},
		{
			"failure", broken.ReportLine(),
			"Destroy failed: 0 created, 0 changed, 3 destroyed, 1 adopted, 2 replaced, 4 forgotten, 5 failed, 6 in doubt, 7 skipped, 8 not started. " +
				"Calls: 0 made, 0 always, 1 in doubt, 2 failed, 3 not made, 4 marked as done.",
		},
		{"nothing to do", nothing.PlanLine(), "No changes. The actors match the configuration."},
		{"nothing seen to do", unread.PlanLine(), "No changes. The actors match the configuration, but for 1 fact that -refresh=false does not look at."},
		{"nothing to destroy", broken.PlanLine(), "No changes. There is nothing to destroy."},
		{"singular", nothing.observedLine(), "Observed: 1 actor resolved, 0 woken, 1 read, in 0.0s."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got  %s\nwant %s", tt.got, tt.want)
			}
		})
	}
}

// Each call that the plan wanted is counted once, by how it ended.
func TestCallsAreCountedByHowTheyEnded(t *testing.T) {
	step := func(outcome plan.Outcome, set func(*Step)) Step {
		s := Step{Kind: address.StepAction, Decision: plan.DecisionRun, Policy: plan.RunOnce, Result: Result{Outcome: outcome}}
		set(&s)
		return s
	}
	as := func(*Step) {}
	for name, tt := range map[string]struct {
		step Step
		want Calls
	}{
		"made":        {step(plan.OutcomeDone, as), Calls{Made: 1}},
		"always":      {step(plan.OutcomeDone, func(s *Step) { s.Policy = plan.RunAlways }), Calls{Always: 1}},
		"not needed":  {step(plan.OutcomeDone, func(s *Step) { s.Unneeded = true }), Calls{Unneeded: 1}},
		"marked":      {step(plan.OutcomeDone, func(s *Step) { s.Decision, s.MarkDone = plan.DecisionDone, true }), Calls{Marked: 1}},
		"checked":     {step(plan.OutcomeDone, func(s *Step) { s.Kind = address.StepExpect }), Calls{Checked: 1}},
		"failed":      {step(plan.OutcomeFailed, as), Calls{Failed: 1}},
		"in doubt":    {step(plan.OutcomeInDoubt, as), Calls{InDoubt: 1}},
		"skipped":     {step(plan.OutcomeSkipped, as), Calls{NotMade: 1}},
		"not started": {step(plan.OutcomeNotStarted, as), Calls{NotMade: 1}},
		"not wanted":  {step(plan.OutcomeDone, func(s *Step) { s.Decision = plan.DecisionDone }), Calls{}},
	} {
		if got := tally([]Change{{Steps: []Step{tt.step}}}).Calls; got != tt.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
