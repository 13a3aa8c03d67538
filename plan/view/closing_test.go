package view

import (
	"testing"

	"riveter/plan"
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
		"failed":      {Stopped: 1, Failed: 1},
	} {
		if got := (&Document{Applied: &a}).end(); got != want {
			t.Errorf("%+v is %s, not %s", a, got, want)
		}
	}
}
