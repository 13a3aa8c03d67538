package view

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"riveter/plan"
)

// DrawReport draws what became of a plan: what did not end well, the closing line, and the outputs. It refuses the
// document of a plan that was not carried out.
func DrawReport(w io.Writer, d *Document, o Options) error {
	if d.Applied == nil {
		return errors.New("draw report: the document is one of a plan")
	}
	const mostErrors, mostOthers = 25, 10
	c := newCanvas(w, o)
	c.outcomes(d, plan.OutcomeFailed, mostErrors)
	c.outcomes(d, plan.OutcomeInDoubt, mostErrors)
	c.outcomes(d, plan.OutcomeDone, mostErrors)
	c.outcomes(d, plan.OutcomeSkipped, mostOthers)
	c.outcomes(d, plan.OutcomeNotStarted, mostOthers)
	switch {
	case d.hasDoubt(func(s *Step) bool { return s.Policy != "" && s.Policy != plan.RunAlways }):
		c.paragraph("What is in doubt may have happened or not, or did not give what was expected. The next plan shows such a call with a ?, and -rerun or -mark-done decides.")
	case d.hasDoubt(func(s *Step) bool { return s.Policy == plan.RunAlways }):
		c.paragraph("What is in doubt may have happened or not, or did not give what was expected. What runs always is made again by the next apply.")
	case d.Applied.InDoubt+d.Applied.Calls.InDoubt > 0:
		c.paragraph("What is in doubt may have happened or not. The next plan looks whether it has.")
	}
	verdict := green
	switch {
	case d.isInterrupted():
		verdict = yellow
	case d.failed():
		verdict = red
	}
	c.sentence(c.paint(verdict, d.ReportLine()))
	c.outputs(d.Outputs)
	return c.flush()
}

// hasDoubt reports whether a step of some sort ended in doubt.
func (d *Document) hasDoubt(sort func(*Step) bool) bool {
	return slices.ContainsFunc(d.Changes.Told, func(c Change) bool {
		return slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Outcome == plan.OutcomeInDoubt && sort(&s) })
	})
}

// outcomes draws the changes that ended like this, those left out that ended well, and counts what is too much to list.
func (c *canvas) outcomes(d *Document, outcome plan.Outcome, most int) {
	drawn, hidden := 0, 0
	for _, change := range d.Changes.Told {
		switch {
		case change.Outcome != outcome || change.well():
		case drawn == most:
			hidden++
		default:
			c.outcome(&change)
			drawn++
		}
	}
	if hidden > 0 {
		c.comment(0, Count(hidden, "more actor")+" "+outcomeWord(outcome))
	}
	if drawn > 0 {
		c.println()
	}
}

// well reports whether the change and all of its steps were done, and there is nothing to say of it.
func (change *Change) well() bool {
	return change.complete() && !slices.ContainsFunc(change.Steps, func(s Step) bool { return s.Accepted != "" })
}

// complete reports whether the change and all of its steps were done.
func (change *Change) complete() bool {
	return change.Outcome == plan.OutcomeDone &&
		!slices.ContainsFunc(change.Steps, func(s Step) bool { return s.Outcome != plan.OutcomeDone })
}

// outcome draws how a change ended, with those of its steps that went wrong.
func (c *canvas) outcome(change *Change) {
	c.result(0, c.paint(bold, Clean(change.Address)), change.ended(), &change.Result)
	var done, left int
	for _, s := range change.Steps {
		switch {
		case s.symbol() == symNone:
		case s.Accepted != "":
			c.result(1, s.relative(change), "done: the actor said "+Clean(s.Accepted)+", which it accepts", &s.Result)
		case s.Outcome == plan.OutcomeDone:
			done++
		case s.Outcome == plan.OutcomeFailed || s.Outcome == plan.OutcomeInDoubt:
			c.result(1, s.relative(change), outcomeWord(s.Outcome), &s.Result)
		default:
			left++
		}
	}
	if change.begun() {
		c.counted(done, "done")
		c.counted(left, "not made")
	}
}

// begun reports whether anything was tried.
func (change *Change) begun() bool {
	switch change.Outcome {
	case plan.OutcomeSkipped:
		return false
	case plan.OutcomeNotStarted:
		return change.made() != "" || slices.ContainsFunc(change.Steps, func(s Step) bool {
			return s.symbol() != symNone && s.Outcome == plan.OutcomeDone
		})
	default:
		return true
	}
}

// ended says how the change ended and, where it did not end well, how far it came.
func (change *Change) ended() string {
	switch {
	case change.complete():
		return "done"
	case change.Outcome == plan.OutcomeDone:
		return "done, but not all of its calls"
	case change.Outcome == plan.OutcomeNotStarted && change.begun():
		return "stopped" + change.made()
	default:
		return outcomeWord(change.Outcome) + change.made()
	}
}

// made says what was done about the actor, although the change did not end well.
func (change *Change) made() string {
	if done := participle(change.halfway()); done != "" {
		return " after it was " + done
	}
	return ""
}

// halfway is what was done about the actor of a change that did not end well.
func (change *Change) halfway() plan.ChangeAction {
	isMade := change.ActorID != "" && (change.Destroyed || cmp.Or(change.Became, change.Action) == plan.ActionCreate)
	switch {
	case isMade && change.Destroyed:
		return plan.ActionReplace
	case isMade:
		return plan.ActionCreate
	case change.Destroyed:
		return plan.ActionDestroy
	default:
		return ""
	}
}

// result draws how something ended, with its error or the address because of which it was skipped.
func (c *canvas) result(depth int, name, ended string, r *Result) {
	lines := []string{name + " " + ended}
	switch {
	case r.Error != "":
		text := cleanLines(r.Error)
		lines = append([]string{lines[0] + ": " + text[0]}, text[1:]...)
	case r.Cause != "":
		lines[0] += ": depends on " + Clean(r.Cause)
	}
	c.line(depth, r.ending(), lines[0])
	for _, line := range lines[1:] {
		c.line(depth+1, symNone, line)
	}
}

func outcomeWord(o plan.Outcome) string {
	switch o {
	case plan.OutcomeInDoubt:
		return "in doubt"
	case plan.OutcomeNotStarted:
		return "not started"
	default:
		return Clean(string(o))
	}
}
