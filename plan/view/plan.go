package view

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view/diff"
)

// DrawPlan draws a plan for a person: what would be done, what has to be decided first, and the closing lines.
func DrawPlan(w io.Writer, d *Document, o Options) error {
	c := newCanvas(w, o)
	c.legend(d)
	c.changes(d, o.Concise)
	c.decide(d)
	line := d.PlanLine()
	if errors, _ := d.problems(); errors > 0 {
		line = c.paint(red, line)
	} else {
		line = c.closing(line)
	}
	c.sentence(line)
	c.sentence(d.observedLine())
	if d.Transition != "" && plan.Summary(d.Summary).HasWork() {
		c.println("Transition: ", Clean(d.Transition))
	}
	return c.flush()
}

// legend explains the symbols that the plan uses.
func (c *canvas) legend(d *Document) {
	used := map[symbol]bool{}
	for _, change := range d.changes() {
		used[change.symbol()] = true
		for _, s := range change.Steps {
			used[s.symbol()] = true
		}
	}
	var words []string
	for _, sym := range symbols {
		if used[sym] {
			words = append(words, c.paint(sym.style, sym.text)+" "+sym.word)
		}
	}
	if len(words) > 0 {
		c.sentence("Symbols: ", strings.Join(words, ", "))
		c.println()
	}
}

// changes returns the changes that are told, and what is only looked at as if it were one.
func (d *Document) changes() []Change {
	all := slices.Clip(d.Changes.Told)
	for _, l := range d.Lookups {
		all = append(all, Change{Address: l.Address, Name: l.Name, Key: l.Key, Action: plan.ActionRead, Reason: l.Reason, DependsOn: l.DependsOn})
	}
	return all
}

// changes draws what there is to say of every change, and counts those of which there is nothing to say.
func (c *canvas) changes(d *Document, concise bool) {
	drawn, all := 0, d.changes()
	groups := Group(all)
	if c.verbose {
		groups = ungrouped(all)
	}
	for _, g := range groups {
		if concise {
			c.conciseInstances(g)
		} else {
			c.instances(g)
			c.println()
		}
		drawn += len(g)
	}
	hidden := len(all) + d.Changes.idle() - drawn
	if drawn > 0 && hidden > 0 {
		c.line(0, symComment, c.paint(faint, Count(hidden, "unchanged "+d.quietNoun())+" hidden"))
	}
	if drawn > 0 && (hidden > 0 || concise) {
		c.println()
	}
}

// quietNoun is what those changes are of that there is nothing to say of.
func (d *Document) quietNoun() string {
	if slices.ContainsFunc(d.Changes.Told, func(c Change) bool { return c.quiet() && !c.isOfActor() }) {
		return "declaration"
	}
	return "actor"
}

// closing emphasizes the first words of a closing line.
func (c *canvas) closing(line string) string {
	end := strings.IndexAny(line, ":.") + 1
	return c.paint(bold, line[:end]) + line[end:]
}

// decide says how to decide the steps of which nobody knows whether they were done.
func (c *canvas) decide(d *Document) {
	unknown, ok := firstUnknown(d)
	if !ok {
		return
	}
	subject := "1 step is unknown: it may have been done or not."
	if n := d.Summary.Unknown; n > 1 {
		subject = Count(n, "step") + " are unknown: they may have been done or not."
	}
	c.paragraph(subject + " Apply does not start before that is decided, for example by")
	quoted := address.ShellQuote(Clean(unknown))
	c.println("    -rerun=", quoted, "      to make the call, or")
	c.println("    -mark-done=", quoted, "  to record it as done.")
	c.println()
	c.paragraph(`An address stands for all that is below it, and * for any characters. on_unknown = "run" or "skip" in the step's block decides for good.`)
}

func firstUnknown(d *Document) (address string, ok bool) {
	for _, change := range d.Changes.Told {
		for _, s := range change.Steps {
			if s.Decision == plan.DecisionUnknown {
				return s.Address, true
			}
		}
	}
	return "", false
}

var plainWord = regexp.MustCompile(`^[\w./:@%+,\\-]+$`)

// ShellWord returns a text as it is typed in a shell: quoted only where it must be.
func ShellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return address.ShellQuote(Clean(s))
}

// comparedLines is how much of the difference of two plans is told.
const comparedLines = 200

// Compare returns the difference of what two plans would do, as a unified difference of their drawings. It is empty where
// they look the same.
func Compare(before, after *Document) (string, error) {
	old, err := before.drawn()
	if err != nil {
		return "", err
	}
	current, err := after.drawn()
	if err != nil {
		return "", err
	}
	lines := strings.SplitAfter(string(diff.Unified("approved", "now", old, current)), "\n")
	if more := len(lines) - 1 - comparedLines; more > 0 {
		return strings.Join(lines[:comparedLines], "") + "… and " + Count(more, "more line") + "\n", nil
	}
	return strings.Join(lines, ""), nil
}

// drawn is what the document would do, with every instance, and its closing line.
func (d *Document) drawn() (string, error) {
	var b strings.Builder
	c := newCanvas(&b, Options{Verbose: true})
	c.changes(d, false)
	c.println(d.PlanLine())
	err := c.flush()
	return b.String(), err
}
