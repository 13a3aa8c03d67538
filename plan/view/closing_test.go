package view

import (
	"slices"
	"strings"
	"testing"

	"riveter/plan"
	"riveter/plan/address"
)

func TestAPlanLineNeverPromisesTooMuch(t *testing.T) {
	t.Parallel()
	problem, warning := &Diagnostic{Severity: "error"}, &Diagnostic{Severity: "warning"}
	for _, c := range []struct {
		name string
		d    Document
		want string
	}{
		{"nothing to do", Document{}, "No changes. The actors match the configuration."},
		{"a warning", Document{Diagnostics: []*Diagnostic{warning}}, "No changes. There is nothing to do, but see 1 warning."},
		{"errors", Document{Diagnostics: []*Diagnostic{warning, problem, problem}}, "Plan failed: 2 errors. Nothing was changed."},
		{"errors beside changes", Document{Diagnostics: []*Diagnostic{problem}, Summary: Summary{Create: 1}}, "Plan failed: 1 error. Nothing was changed."},
		{"no actors", Document{Changes: Changes{Told: []Change{{Address: "namespace.a"}}}}, "No changes. The server matches the configuration."},
		{"an actor among others", Document{Changes: Changes{Told: []Change{{Address: "namespace.a"}, {Address: "actor.a.b"}}}}, "No changes. The actors match the configuration."},
		{"nothing to destroy", Document{Mode: plan.ModeDestroy}, "No changes. There is nothing to destroy."},
	} {
		if got := c.d.PlanLine(); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestAReportTellsAnInterruptFromAFailure(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Applied{
		"complete":    {Created: 1},
		"interrupted": {Created: 1, Stopped: 1, NotStarted: 2, Calls: Calls{NotMade: 3}},
		"incomplete":  {Created: 1, NotStarted: 2, Calls: Calls{NotMade: 3}},
		"failed":      {Stopped: 1, Failed: 1},
	} {
		if got := (&Document{Applied: &a, Interrupted: a.Stopped > 0}).end(); got != want {
			t.Errorf("%+v is %s, not %s", a, got, want)
		}
	}
}

func TestACheckOfWhatWasLeftOutIsNotCounted(t *testing.T) {
	t.Parallel()
	d := Document{Mode: plan.ModeVerify, Applied: &Applied{}, Checks: []Check{{Status: "pass"}, {Status: "unknown"}}}
	if got := d.ReportLine(); got != "Verify complete: 1 hold, 0 do not hold." {
		t.Errorf("%q", got)
	}
}

func TestAVerificationThatCouldNotLookHasFailed(t *testing.T) {
	t.Parallel()
	d := Document{Mode: plan.ModeVerify, Applied: &Applied{}, Diagnostics: []*Diagnostic{{Severity: "error"}}}
	if got := d.ReportLine(); got != "Verify failed: 0 hold, 0 do not hold." {
		t.Error(got)
	}
}

func TestWhatWasNotLookedAtIsNotSaidToFail(t *testing.T) {
	t.Parallel()
	steps := []Step{
		{Kind: address.StepExpect, Decision: plan.DecisionDone},
		{Kind: address.StepExpect, Decision: plan.DecisionRun, Result: Result{Outcome: plan.OutcomeDone}},
		{Kind: address.StepExpect, Decision: plan.DecisionRun, Result: Result{Outcome: plan.OutcomeNotStarted}},
	}
	refused := Step{Kind: address.StepExpect, Decision: plan.DecisionRun, Result: Result{Outcome: plan.OutcomeFailed, Error: "refused"}}
	untrue := Step{Kind: address.StepExpect, Decision: plan.DecisionRun, Result: Result{Outcome: plan.OutcomeFailed, Error: "false", Drift: true}}
	for _, c := range []struct {
		interrupted bool
		more        []Step
		want        string
	}{
		{true, nil, "Verify interrupted: 2 hold, 0 do not hold, 1 not looked at."},
		{true, []Step{untrue}, "Verify failed: 2 hold, 1 do not hold, 1 not looked at."},
		{false, []Step{refused}, "Verify failed: 2 hold, 0 do not hold, 2 not looked at."},
	} {
		all := slices.Concat(steps, c.more)
		outcome := all[len(all)-1].Outcome
		changes := Changes{Told: []Change{{Action: plan.ActionNoOp, Steps: all, Result: Result{Outcome: outcome}}}}
		d := Document{Mode: plan.ModeVerify, Interrupted: c.interrupted, Changes: changes, Applied: tally(&changes)}
		if got := d.ReportLine(); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

func TestAnExpectationThatWasNotReachedIsNoCall(t *testing.T) {
	t.Parallel()
	d := Document{Mode: plan.ModeApply, Applied: tally(&Changes{Told: []Change{{Action: plan.ActionNoOp, Steps: []Step{
		{Kind: address.StepExpect, Decision: plan.DecisionRun, Result: Result{Outcome: plan.OutcomeSkipped}},
		{Kind: address.StepAction, Decision: plan.DecisionRun, Result: Result{Outcome: plan.OutcomeSkipped}},
	}}}})}
	if got, want := d.ReportLine(), "1 not made, 1 not checked."; !strings.HasSuffix(got, want) {
		t.Errorf("%q does not end in %q", got, want)
	}
}

func TestOneLineSaysWhyAnActorStays(t *testing.T) {
	t.Parallel()
	d := &Document{Mode: plan.ModeDestroy, Changes: Changes{Told: []Change{{Address: "actor.a.b", Action: plan.ActionNoOp, Reason: "riveter did not create it"}}}}
	if got, want := drawn(t, d, Options{Concise: true}), "actor.a.b stays as it is (riveter did not create it)\n"; !strings.Contains(got, want) {
		t.Errorf("%q is not in %s", want, got)
	}
}

func TestAPoolOfWhichNothingIsKnownHasNoBlock(t *testing.T) {
	t.Parallel()
	d := &Document{Changes: Changes{Told: []Change{{Address: "runner_config.p", Action: plan.ActionDestroy}, {Address: "namespace.n", Action: plan.ActionNoOp}}}}
	got := drawn(t, d, Options{})
	for _, want := range []string{"  - runner_config \"p\"\n\n", "# 1 unchanged declaration hidden"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
}

// TestWhatIsGoneIsCounted has replacements that end badly, before the actor is destroyed, after it, and after the new one is there.
func TestWhatIsGoneIsCounted(t *testing.T) {
	for _, c := range []struct {
		destroyed    bool
		made         string
		report, fate string
	}{
		{false, "", "0 created, 0 changed, 0 destroyed, 1 failed.", "failed, was to be replaced"},
		{true, "", "0 created, 0 changed, 1 destroyed, 1 failed.", "failed after it was destroyed"},
		{true, "id2", "0 created, 0 changed, 0 destroyed, 1 replaced, 1 failed.", "failed after it was replaced"},
	} {
		change := Change{Action: plan.ActionReplace, ActorID: "id1"}
		change.add(&plan.ActorChange{}, plan.ChangeResult{
			Result: plan.Result{Outcome: plan.OutcomeFailed}, Destroyed: c.destroyed, ActorID: c.made,
		})
		d := Document{Mode: plan.ModeApply, Applied: tally(&Changes{Told: []Change{change}})}
		if got := d.ReportLine(); !strings.Contains(got, c.report) {
			t.Errorf("%q, want %q", got, c.report)
		}
		if got := change.fate(); got != c.fate {
			t.Errorf("%q, want %q", got, c.fate)
		}
	}
}
