package decide

import (
	"slices"

	"riveter/plan"

	"github.com/zclconf/go-cty/cty"
)

// unrest is what a change does to those that depend on it.
type unrest int

const (
	stays   unrest = iota
	repeats        // only what runs always is done, or looked at since that is
	changes
)

// excuseAlways finds the steps that are not known only because something that they depend on runs always. They are looked at, but
// make no plan changed, and are not refused for what they would lack if they were due: otherwise it would be so for ever.
func (b *builder) excuseAlways(all []plan.Change) {
	if b.Orders.NoRefresh || !slices.ContainsFunc(all, hasRepeated) {
		return // anything may be unknown, or nothing is because of that
	}
	at, known := plan.ByAddress(all), map[plan.Change]unrest{}
	var of func(c plan.Change) unrest
	of = func(c plan.Change) unrest {
		if u, ok := known[c]; ok {
			return u
		}
		known[c] = changes
		before := stays
		for _, a := range c.Head().DependsOn {
			for _, other := range at[a] {
				before = max(before, of(other))
			}
		}
		known[c] = unrestOf(c, before)
		return known[c]
	}
	for _, c := range all {
		of(c)
	}
	b.diags = slices.DeleteFunc(b.diags, isExcused)
}

// unrestOf decides whether a change comes to something, given what is before it.
func unrestOf(c plan.Change, before unrest) unrest {
	if hasRepeated(c) {
		before = max(before, repeats)
	}
	if actor, ok := c.(*plan.ActorChange); ok && before == repeats {
		excuse(actor)
	}
	if c.Head().Action != plan.ActionNoOp {
		return changes
	}
	return before
}

// hasRepeated reports whether a change has steps that are made, but not because they are due.
func hasRepeated(c plan.Change) bool {
	return slices.ContainsFunc(plan.StepsOf(c), func(s *plan.StepChange) bool { return s.Decision == plan.DecisionRun && !s.IsDue() })
}

// excuse does so for the steps of an actor that comes after nothing that is changed.
func excuse(c *plan.ActorChange) {
	if c.Action != plan.ActionUpdate {
		return
	}
	var open []*plan.StepChange
	for _, s := range c.Steps {
		switch {
		case !s.IsDue():
		case isOpen(s):
			open = append(open, s)
		default:
			return
		}
	}
	for _, s := range open {
		s.AfterAlways = true
	}
	c.Action, c.Reason = plan.ActionNoOp, ""
}

// isOpen reports whether nobody can tell yet that a step is due, though it is looked at.
func isOpen(s *plan.StepChange) bool {
	if fact := s.Desired.Fact(); fact != nil {
		return (s.Conditional || s.IsLook()) && !isFalse(fact.Holds())
	}
	return s.Conditional && (s.Desired.Deferred || !s.Desired.IsComparable() || !isTrue(s.Desired.Call().Allowed()))
}

func isTrue(v cty.Value) bool { return v.IsKnown() && v.True() }

func isFalse(v cty.Value) bool { return v.IsKnown() && v.False() }
