package view

import (
	"io"
	"slices"
	"strings"

	"riveter/plan"
)

// DrawPlan draws a plan for a person: what would be done, what has to be decided first, and the closing lines.
func DrawPlan(w io.Writer, d *Document, o Options) error {
	c := newCanvas(w, o)
	hidden := c.changes(d, o.Concise)
	if hidden < len(d.Changes) {
		c.hiddenActors(hidden)
	}
	c.decide(d)
	c.println(c.closing(d.PlanLine()))
	c.println(d.ObservedLine())
	return c.flush()
}

// changes draws what there is to say of every change, and returns how many there is nothing to say of.
func (c *canvas) changes(d *Document, concise bool) (hidden int) {
	for _, change := range d.Changes {
		if change.quiet() {
			hidden++
			continue
		}
		if concise {
			c.concise(change)
			continue
		}
		c.change(change)
		c.println()
	}
	if concise && hidden < len(d.Changes) {
		c.println()
	}
	return hidden
}

func (c *canvas) hiddenActors(n int) {
	if n > 0 {
		c.line(0, symbol{text: "#"}, count(n, "unchanged actor"), " hidden")
		c.println()
	}
}

// closing emphasizes the first words of a closing line.
func (c *canvas) closing(line string) string {
	end := strings.IndexAny(line, ":.") + 1
	return c.paint(bold, line[:end]) + line[end:]
}

// decide says how to decide the steps of which nobody knows whether they were done.
func (c *canvas) decide(d *Document) {
	step := firstUnknown(d)
	if step == nil {
		return
	}
	c.println(c.paint(yellow, count(d.Summary.Unknown, "step")), " may or may not have been done, and apply does not start before you decide. Say, for example,")
	c.println()
	c.println("    -rerun=", shellQuote(step.Address), "      to make the call")
	c.println("    -mark-done=", shellQuote(step.Address), "  to record it as done without a call")
	c.println()
	c.println("(* stands for any part of an address), or on_unknown = \"run\" or \"skip\" in the step's block.")
	c.println()
}

func firstUnknown(d *Document) *Step {
	for _, change := range d.Changes {
		i := slices.IndexFunc(change.Steps, func(s *Step) bool { return s.Decision == plan.DecisionUnknown })
		if i >= 0 {
			return change.Steps[i]
		}
	}
	return nil
}

// shellQuote quotes an address so that a shell hands it on as it is.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(Clean(s), "'", `'\''`) + "'"
}
