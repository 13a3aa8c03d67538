package view

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// steps draws the steps that are to run or to be decided, in order, and counts the others. Those that follow one another
// for the same reason stand together below it.
func (c *canvas) steps(change *Change) {
	const depth = 1
	var done, skipped int
	reason, first := "", true
	for _, s := range change.Steps {
		switch {
		case s.symbol() != symNone:
			if r := worthSaying(s.Reason); first || r != reason {
				c.reason(depth, r)
				reason, first = r, false
			}
			c.shortened(depth, func() { c.step(depth, change, &s) })
		case s.Decision == plan.DecisionSkip:
			skipped++
		default:
			done++
		}
	}
	if done+skipped > 0 {
		c.println()
	}
	c.counted(done, "already done")
	c.counted(skipped, "skipped")
	c.outdated(depth, change)
}

// reason begins a group of steps.
func (c *canvas) reason(depth int, reason string) {
	c.println()
	if reason != "" {
		c.comment(depth, Clean(reason))
	}
}

// counted says how many steps are not drawn.
func (c *canvas) counted(n int, what string) {
	if n > 0 {
		c.comment(1, Count(n, "step")+" "+what)
	}
}

// outdated names the steps that stay as they were although their arguments changed, and those that are called something else or
// are gone.
func (c *canvas) outdated(depth int, change *Change) {
	for _, s := range change.Steps {
		if s.noted() {
			c.comment(depth, s.relative(change)+": "+Clean(s.Reason))
		}
	}
	for _, note := range change.notes() {
		c.comment(depth, note)
	}
}

// noted reports whether a step that stays as it was has something to say.
func (s *Step) noted() bool {
	return s.symbol() == symNone && s.Decision == plan.DecisionDone && s.Reason != ""
}

// relative returns the step's address within its actor, clean.
func (s *Step) relative(change *Change) string {
	return Clean(strings.TrimPrefix(s.Address, change.Address+"."))
}

// head returns the step as it is written before its arguments: with the name of the action where the label is another.
func (s *Step) head(change *Change) string {
	relative := s.relative(change)
	label, _, _ := strings.Cut(strings.TrimPrefix(relative, string(s.Kind)+"."), "[")
	if call := Clean(s.Call); label != call {
		return relative + ": " + call
	}
	return relative
}

// step draws a step: an expectation by what is wanted, an ensure by what is to change, and anything that is sent as a call.
func (c *canvas) step(depth int, change *Change, s *Step) {
	switch {
	case s.Kind == address.StepExpect:
		c.expectation(depth, change, s)
	case s.Kind == address.StepEnsure && c.fact(depth, change, s):
		c.call(depth+1, Clean(s.Call), s)
	default:
		c.call(depth, s.head(change), s)
	}
}

// expectation draws what is wanted, if it fits on the line.
func (c *canvas) expectation(depth int, change *Change, s *Step) {
	_, want, err := s.Fact.values()
	if err != nil {
		c.fail(err)
		return
	}
	head := s.relative(change)
	if want != cty.NilVal {
		if text, ok := oneLine(want, c.room(slot{depth, head + " = ", ""})); ok {
			head += " = " + text
		}
	}
	c.line(depth, s.symbol(), head)
}

// fact draws what an ensure is to change. It reports false where that is nothing, as far as is known.
func (c *canvas) fact(depth int, change *Change, s *Step) bool {
	seen, want, err := s.Fact.values()
	if err != nil {
		c.fail(err)
		return false
	}
	if s.Fact.SeenUnknown != nil || same(seen, want) {
		return false
	}
	c.difference(slot{depth, s.relative(change) + ": ", ""}, symUpdate, seen, want)
	return true
}

// Text says in a line each what is wanted and what was seen, where there are values, and what that lacks. It may be called on a nil Fact.
func (f *Fact) Text() string {
	if f == nil {
		return ""
	}
	seen, want, err := f.values()
	if err != nil || want == cty.NilVal || seen == cty.NilVal {
		return ""
	}
	text := "wanted: " + Inline(want) + "\nseen:   " + Inline(seen)
	if lacks := value.Lacking(seen, want); lacks != "" {
		text += "\nit has " + lacks
	}
	return text
}

// values reads back what was seen and what is wanted.
func (f *Fact) values() (seen, want cty.Value, err error) {
	if seen, err = unmask(f.Seen, f.SeenUnknown, f.SeenSensitive); err != nil {
		return
	}
	want, err = unmask(f.Want, f.WantUnknown, f.WantSensitive)
	return
}

// call draws what is sent.
func (c *canvas) call(depth int, head string, s *Step) {
	before, err := unmask(s.Before, nil, s.BeforeSensitive)
	if err != nil {
		c.fail(err)
		return
	}
	after, err := unmask(s.After, s.AfterUnknown, s.Sensitive)
	if err != nil {
		c.fail(err)
		return
	}
	call := slot{depth, head + "(", ")"}
	switch {
	case !isTuple(after):
		c.line(depth, s.symbol(), head, hiddenArguments(after))
	case before != cty.NilVal && isTuple(before) && !same(before, after):
		c.changedArguments(call, s.symbol(), before.AsValueSlice(), after.AsValueSlice())
	default:
		c.arguments(call, s.symbol(), after.AsValueSlice())
	}
}

// hiddenArguments stands for arguments that are not known, are sensitive in whole, or are none.
func hiddenArguments(args cty.Value) string {
	if args != cty.NilVal && (args.IsMarked() || !args.IsKnown()) {
		text, _ := placeholder(args)
		return text
	}
	return "()"
}

// arguments draws arguments on the line of their call if they fit. A single one that does not goes on below.
func (c *canvas) arguments(call slot, sym symbol, args []cty.Value) {
	l := literal{room: c.room(call)}
	l.list(args)
	switch {
	case l.room >= 0:
		c.line(call.depth, sym, call.prefix, l.b.String(), call.suffix)
	case len(args) == 1:
		c.value(call, sym, symNone, args[0])
	default:
		c.line(call.depth, sym, call.prefix)
		c.elements(call.depth+1, symNone, args)
		c.line(call.depth, symNone, call.suffix)
	}
}

// changedArguments compares arguments by their place.
func (c *canvas) changedArguments(call slot, sym symbol, before, after []cty.Value) {
	text, fits := arrows(before, after, c.room(call))
	switch {
	case fits:
		c.line(call.depth, sym, call.prefix, text, call.suffix)
	case len(before) == 1 && len(after) == 1 && alike(before[0], after[0]):
		c.difference(call, sym, before[0], after[0])
	case len(before) == 1 && len(after) == 1 && c.texts(call, sym, before[0], after[0]):
	default:
		c.line(call.depth, sym, call.prefix)
		for i := range max(len(before), len(after)) {
			c.compared(slot{call.depth + 1, "", ","}, argument(before, i), argument(after, i))
		}
		c.line(call.depth, symNone, call.suffix)
	}
}

// arrows returns arguments on one line, with arrows at those that changed. It reports false where they do not fit, where
// their number changed, and where one that changed is better compared part by part.
func arrows(before, after []cty.Value, room int) (string, bool) {
	if len(before) != len(after) {
		return "", false
	}
	l := literal{room: room}
	separator := ""
	for i := range after {
		if !same(before[i], after[i]) && alike(before[i], after[i]) {
			return "", false
		}
		l.text(separator)
		l.arrow(before[i], after[i])
		separator = ", "
	}
	return l.b.String(), l.room >= 0
}

func argument(args []cty.Value, i int) cty.Value {
	if i >= len(args) {
		return cty.NilVal
	}
	return args[i]
}
