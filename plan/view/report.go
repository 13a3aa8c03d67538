package view

import (
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"riveter/plan"
)

// DrawReport draws what became of a plan: what did not end well, the outputs, and the closing line.
func DrawReport(w io.Writer, d *Document, o Options) error {
	c := newCanvas(w, o)
	for _, outcome := range []plan.Outcome{
		plan.OutcomeFailed, plan.OutcomeInDoubt, plan.OutcomeDone, plan.OutcomeSkipped, plan.OutcomeNotStarted,
	} {
		c.outcomes(d, outcome)
	}
	line := d.ReportLine()
	if d.Applied.failed() {
		c.println(c.paint(red, line))
	} else {
		c.println(c.paint(green, line))
	}
	c.outputs(d.Outputs)
	return c.flush()
}

// outcomes draws the changes that ended like this, those left out that ended well, and counts what is too much to list.
func (c *canvas) outcomes(d *Document, outcome plan.Outcome) {
	const most = 25
	drawn, hidden := 0, 0
	for _, change := range d.Changes {
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
		c.comment(0, count(hidden, "more actor")+" "+outcomeWord(outcome))
	}
	if drawn > 0 {
		c.println()
	}
}

// well reports whether the change and all of its steps were done.
func (change *Change) well() bool {
	return change.Outcome == plan.OutcomeDone &&
		!slices.ContainsFunc(change.Steps, func(s Step) bool { return s.Outcome != plan.OutcomeDone })
}

func (c *canvas) outcome(change *Change) {
	c.result(0, c.paint(bold, Clean(change.Address)), change.Result)
	var done, left int
	for _, s := range change.Steps {
		switch {
		case s.Decision != plan.DecisionRun && !s.MarkDone:
		case s.Outcome == plan.OutcomeDone:
			done++
		case s.Outcome == plan.OutcomeFailed || s.Outcome == plan.OutcomeInDoubt:
			c.result(1, s.relative(change), s.Result)
		default:
			left++
		}
	}
	if change.Outcome == plan.OutcomeSkipped || change.Outcome == plan.OutcomeNotStarted {
		return
	}
	c.counted(1, done, "done")
	c.counted(1, left, "not made")
}

func (c *canvas) result(depth int, name string, r Result) {
	text := outcomeWord(r.Outcome)
	if r.Cause != "" {
		text += ": depends on " + Clean(r.Cause)
	}
	lines := []string{text}
	if r.Error != "" {
		lines = cleanLines(text + ": " + r.Error)
	}
	c.line(depth, r.ending(), name, " ", lines[0])
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
	case plan.OutcomeDone:
		return "done, but not all of its calls"
	default:
		return string(o)
	}
}

// outputs draws the values of the outputs, as the outputs of Terraform are drawn.
func (c *canvas) outputs(outputs map[string]Output) {
	if len(outputs) == 0 {
		return
	}
	c.println()
	c.println(c.paint(bold, "Outputs:"))
	c.println()
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		c.output(name, outputs[name])
	}
}

func (c *canvas) output(name string, o Output) {
	if string(o.Sensitive) == "true" {
		c.println(memberName(name), " = <sensitive>")
		return
	}
	v, err := unmask(o.Value, o.Unknown, o.Sensitive)
	if err != nil {
		c.fail(err)
		return
	}
	prefix := memberName(name) + " = "
	if text, fits := oneLine(v, c.width-utf8.RuneCountInString(prefix)); fits {
		c.println(prefix, text)
		return
	}
	c.value(slot{-1, prefix, ""}, symNone, symNone, v)
}
