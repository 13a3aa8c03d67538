package view

import (
	"fmt"
	"slices"
	"strings"

	"riveter/plan"
)

// StalePlan is the summary of what is said of a saved plan that is not any more as it was presumed.
const StalePlan = "The plan is stale"

// PlanLine returns the closing line of a plan, without a line break.
func (d *Document) PlanLine() string {
	s := d.Summary
	errors, warnings := d.problems()
	switch {
	case errors > 0:
		return FailedPlanLine(errors)
	case plan.Summary(s).HasWork():
	case slices.ContainsFunc(d.Diagnostics, func(g *Diagnostic) bool { return g.Summary == StalePlan }):
		return "Nothing of the plan is left that could be done: see " + Count(warnings, "warning") + "."
	case d.Mode == plan.ModeDestroy:
		return "No changes. There is nothing to destroy."
	case d.unread() > 0:
		return "No changes. The actors match the configuration, but for " + Count(d.unread(), "fact") + " that -refresh=false does not look at."
	case warnings > 0:
		return "No changes. There is nothing to do, but see " + Count(warnings, "warning") + "."
	case d.Changes.Len() > 0 && d.Changes.idle() == 0 && !slices.ContainsFunc(d.Changes.Told, func(c Change) bool { return c.isOfActor() }):
		return "No changes. The server matches the configuration."
	default:
		return "No changes. The actors match the configuration."
	}
	changes := tallyLine{}.always(s.Create, "to create").always(s.Update, "to change").always(s.Destroy, "to destroy").
		some(s.Adopt, "to adopt").some(s.Replace, "to replace").some(s.Forget, "to forget").some(s.Read, "to look for")
	calls := tallyLine{}.always(s.Calls, "to make").always(s.Always, "always").always(s.Unknown, "unknown").
		some(s.Conditional, "if needed").some(s.Checks, "to check").some(s.Mark, "to mark as done")
	return "Plan: " + changes.String() + " Calls: " + calls.String()
}

// FailedPlanLine returns the closing line of a plan that has errors.
func FailedPlanLine(errors int) string {
	return "Plan failed: " + Count(errors, "error") + ". Nothing was changed."
}

// problems counts the diagnostics.
func (d *Document) problems() (errors, warnings int) {
	for _, diag := range d.Diagnostics {
		if diag.Severity == "warning" {
			warnings++
		} else {
			errors++
		}
	}
	return errors, warnings
}

// observedLine returns what planning asked of the server, without a line break.
func (d *Document) observedLine() string {
	o := d.Observed
	return fmt.Sprintf("Observed: %s resolved, %d woken, %s, in %.1fs.",
		Count(o.Resolved, "actor"), o.Woken, Count(o.Reads, "read"), o.Seconds)
}

// unread counts the facts that nobody has looked at.
func (d *Document) unread() int {
	n := 0
	for _, c := range d.Changes.Told {
		for _, s := range c.Steps {
			if s.Reason == plan.ReasonUnread {
				n++
			}
		}
	}
	return n
}

// ReportLine returns the closing line of a report, without a line break. Its counts add up to those of the plan, those of
// the actors that stay as they are left out, and those that were created before their change ended badly. Of a plan that was not carried out there is none, and it panics.
func (d *Document) ReportLine() string {
	if d.Mode == plan.ModeVerify {
		return d.verifyLine()
	}
	a, calls := d.Applied, d.Applied.Calls
	what := "Apply"
	if d.Mode == plan.ModeDestroy {
		what = "Destroy"
	}
	changes := tallyLine{}.always(a.Created, "created").always(a.Changed, "changed").always(a.Destroyed, "destroyed").
		some(a.Adopted, "adopted").some(a.Replaced, "replaced").some(a.Forgotten, "forgotten").
		some(a.Failed, "failed").some(a.InDoubt, "in doubt").some(a.Skipped, "skipped").some(a.Stopped, "stopped").some(a.NotStarted, "not started")
	made := tallyLine{}.always(calls.Made, "made").always(calls.Always, "always").always(calls.InDoubt, "in doubt").
		some(calls.Failed, "failed").some(calls.NotMade, "not made").some(calls.Unneeded, "not needed").
		some(calls.Checked, "checked").some(calls.NotChecked, "not checked").some(calls.Marked, "marked as done")
	return what + " " + d.end() + ": " + changes.String() + " Calls: " + made.String()
}

// end says whether all went well.
func (d *Document) end() string {
	switch {
	case d.isInterrupted():
		return "interrupted"
	case d.isIncomplete():
		return "incomplete"
	case d.failed():
		return "failed"
	default:
		return "complete"
	}
}

// isInterrupted reports whether nothing went wrong, but not everything came to its end, or was begun.
func (d *Document) isInterrupted() bool {
	a := d.Applied
	cutOff := a.InDoubt + a.Calls.InDoubt
	wrong := a.Failed + a.Calls.Failed
	return d.Interrupted && wrong == 0 && cutOff+a.Stopped+a.NotStarted > 0
}

// isIncomplete reports whether nothing went wrong, but not everything was to be begun: what was stale of a saved plan was left out.
func (d *Document) isIncomplete() bool {
	a := d.Applied
	return d.Mode != plan.ModeVerify && a.NotStarted > 0 && a.Failed+a.InDoubt+a.Skipped+a.Stopped+a.Calls.Failed+a.Calls.InDoubt == 0
}

// failed reports whether anything did not end well or, of what is verified, does not hold or could not be looked at.
func (d *Document) failed() bool {
	if d.Mode != plan.ModeVerify {
		return d.Applied.failed()
	}
	errors, _ := d.problems()
	return errors > 0 || d.Applied.failed() || slices.ContainsFunc(d.Checks, func(c Check) bool { return c.Status == "fail" })
}

// verifyLine says how many facts and checks hold.
func (d *Document) verifyLine() string {
	hold, fail, unseen := 0, 0, 0
	for _, change := range d.Changes.Told {
		if change.Drift {
			fail++
		}
		for _, s := range change.Steps {
			switch {
			case s.Decision == plan.DecisionSkip: // nobody can look at it
				unseen++
			case s.Decision == plan.DecisionDone || s.Outcome == plan.OutcomeDone:
				hold++
			case s.Drift:
				fail++
			default:
				unseen++
			}
		}
	}
	for _, check := range d.Checks {
		switch check.Status {
		case "pass":
			hold++
		case "fail":
			fail++
		} // what is unknown names something that was left out
	}
	counts := tallyLine{}.always(hold, "hold").always(fail, "do not hold").some(unseen, "not looked at")
	return "Verify " + d.end() + ": " + counts.String()
}

// tallyLine is a sentence of counts.
type tallyLine []string

func (t tallyLine) always(n int, what string) tallyLine {
	return append(t, fmt.Sprintf("%d %s", n, what))
}

func (t tallyLine) some(n int, what string) tallyLine {
	if n == 0 {
		return t
	}
	return t.always(n, what)
}

func (t tallyLine) String() string { return strings.Join(t, ", ") + "." }

// Count returns a number with the name of what is counted.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
