package view

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// symbol returns what is to become of the step, and false where there is nothing to say.
func (s *Step) symbol() (symbol, bool) {
	switch {
	case s.MarkDone:
		return symMark, true
	case s.Decision == plan.DecisionRun:
		return symCall, true
	case s.Decision == plan.DecisionUnknown:
		return symUnknown, true
	default:
		return symNone, false
	}
}

// steps draws the steps that are to run or to be decided, in order, and counts the others. Those that follow one another
// for the same reason stand together below it.
func (c *canvas) steps(depth int, change *Change) {
	var done, skipped int
	previous, any := "", false
	for _, s := range change.Steps {
		if _, ok := s.symbol(); !ok {
			if s.Decision == plan.DecisionSkip {
				skipped++
			} else {
				done++
			}
			continue
		}
		reason := worthSaying(s.Reason)
		if !any || reason != previous {
			c.println()
			if reason != "" {
				c.comment(depth, Clean(reason))
			}
		}
		previous, any = reason, true
		c.step(depth, change, s)
	}
	c.outdated(depth, change)
	c.counted(depth, done, "already done")
	c.counted(depth, skipped, "skipped")
}

func (c *canvas) counted(depth, n int, what string) {
	if n > 0 {
		c.comment(depth, count(n, "step")+" "+what)
	}
}

// outdated names the steps that stay as they were although their arguments changed.
func (c *canvas) outdated(depth int, change *Change) {
	for _, s := range change.Steps {
		if s.noted() {
			c.comment(depth, s.relative(change)+": "+Clean(s.Reason))
		}
	}
}

// noted reports whether a step that does not run has something to say.
func (s *Step) noted() bool {
	return s.Decision == plan.DecisionDone && !s.MarkDone && s.Reason != ""
}

// relative returns the step's address within its actor, clean.
func (s *Step) relative(change *Change) string {
	return Clean(strings.TrimPrefix(s.Address, change.Address+"."))
}

// head returns the step as it is written before its arguments: with the name of the action where the label is another.
func (s *Step) head(change *Change) string {
	relative := s.relative(change)
	label, _, _ := strings.Cut(strings.TrimPrefix(relative, string(s.Kind)+"."), "[")
	if label == s.Call {
		return relative
	}
	return relative + ": " + Clean(s.Call)
}

// step draws a step as a call, on one line if it fits.
func (c *canvas) step(depth int, change *Change, s *Step) {
	sym, _ := s.symbol()
	before, after, err := s.arguments()
	if err != nil {
		c.fail(err)
		return
	}
	at := slot{depth, s.head(change) + "(", ")"}
	switch {
	case after == cty.NilVal:
		c.line(depth, sym, at.prefix, at.suffix)
	case !isTuple(after):
		c.line(depth, sym, strings.TrimSuffix(at.prefix, "("), emptyOr(after))
	case isTuple(before) && !same(before, after):
		c.changedArguments(at, sym, before.AsValueSlice(), after.AsValueSlice())
	default:
		c.arguments(at, sym, after)
	}
}

// emptyOr returns arguments that are not a list with elements, which is to say hidden in whole or none.
func emptyOr(args cty.Value) string {
	if text, ok := placeholder(args); ok && text != "null" {
		return text
	}
	return "()"
}

func (s *Step) arguments() (before, after cty.Value, err error) {
	if before, err = unmask(s.Before, nil, s.BeforeSensitive); err != nil {
		return before, after, err
	}
	after, err = unmask(s.After, s.AfterUnknown, s.Sensitive)
	return before, after, err
}

func (c *canvas) arguments(at slot, sym symbol, args cty.Value) {
	l := literal{room: c.room(at)}
	if l.list(args); l.room >= 0 {
		c.line(at.depth, sym, at.prefix, l.b.String(), at.suffix)
		return
	}
	c.line(at.depth, sym, at.prefix)
	c.elements(at.depth+1, symNone, args)
	c.line(at.depth, symNone, at.suffix)
}

// changedArguments compares arguments by their place.
func (c *canvas) changedArguments(at slot, sym symbol, before, after []cty.Value) {
	if text, fits := inlineArguments(before, after, c.room(at)); fits {
		c.line(at.depth, sym, at.prefix, text, at.suffix)
		return
	}
	c.line(at.depth, sym, at.prefix)
	for i := range max(len(before), len(after)) {
		b, a := argument(before, i), argument(after, i)
		if same(b, a) {
			c.value(slot{at.depth + 1, "", ","}, symNone, a)
		} else {
			c.difference(slot{at.depth + 1, "", ","}, b, a)
		}
	}
	c.line(at.depth, symNone, at.suffix)
}

// inlineArguments returns arguments on one line, those that changed with an arrow. It reports false where they do not fit,
// where their number changed, and where one that changed has parts.
func inlineArguments(before, after []cty.Value, room int) (string, bool) {
	if len(before) != len(after) {
		return "", false
	}
	var texts []string
	for i := range after {
		if !same(before[i], after[i]) && (isContainer(before[i]) || isContainer(after[i])) {
			return "", false
		}
		text, fits := arrow(before[i], after[i], room)
		if !fits {
			return "", false
		}
		texts = append(texts, text)
		room -= len(text) + len(", ")
	}
	return strings.Join(texts, ", "), room+len(", ") >= 0
}

func argument(args []cty.Value, i int) cty.Value {
	if i >= len(args) {
		return cty.NilVal
	}
	return args[i]
}
