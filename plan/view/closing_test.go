package view

import (
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
