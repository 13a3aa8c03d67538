package operate

import (
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/transition"
	"riveter/plan/view"
)

// Planned is a plan with its document.
type Planned struct {
	Plan     *plan.Plan
	Document *view.Document

	options PlanOptions
	stale   *stale // of a saved plan; nil for others
}

// Undecided says why the plan cannot be applied as it is; nothing where it can.
func (p *Planned) Undecided() hcl2.Diagnostics {
	of, saved := p.Plan, p.stale != nil
	if saved {
		of = p.stale.rest(of)
	}
	n := of.Summary().Unknown
	switch {
	case n == 0:
		return nil
	case saved:
		return Problemf("Undecided steps", "Of %s nobody knows whether it was done, so nothing was applied. The plan above marks them with a question mark. Plan again with an answer: "+
			"-rerun=ADDRESS, -mark-done=ADDRESS or -on-unknown=run, done or skip.", view.Count(n, "step")).Diagnostics
	}
	return Problemf("Undecided steps", "Of %s nobody knows whether it was done, so nothing was applied. Decide with -rerun=ADDRESS to make the call, "+
		"-mark-done=ADDRESS to record it as done, -on-unknown=run, done or skip for all of them, or on_unknown in the step's block. The plan above marks them with a question mark.", view.Count(n, "step")).Diagnostics
}

// planned returns a plan with its document, which has the problems of planning.
func (s *Session) planned(p *plan.Plan, o PlanOptions, diags hcl2.Diagnostics) (*Planned, hcl2.Diagnostics) {
	document := view.Describe(p)
	if o.Mode != plan.ModeVerify && !diags.HasErrors() {
		var err error
		if document.Transition, err = transition.Of(p, o.Orders, s.recalled); err != nil {
			diags = append(diags, Diagnose(err)...)
		}
	}
	return &Planned{p, s.describe(document, diags), o, nil}, diags
}

// Approved is a plan that somebody has looked at, and that alone may be applied.
type Approved struct {
	Transition string         // as [transition.Parse] reads it; empty where any plan may be applied
	Document   *view.Document // of that plan; nil where nobody has it
}

// Unapproved says why p is not the plan that was approved; nothing where it is.
func (p *Planned) Unapproved(a Approved) hcl2.Diagnostics {
	if a.Transition == "" || p.is(a.Transition) {
		return nil
	}
	digests := "\n\n  approved: " + a.Transition + "\n  now:      " + p.Document.Transition
	if a.Document == nil {
		return unapproved("Nothing was changed. Look at the plan above, and approve that if it is right." + digests)
	}
	difference, err := view.Compare(a.Document, p.Document)
	switch {
	case err != nil:
		return append(unapproved("Nothing was changed."+digests), Diagnose(err)...)
	case difference == "":
		return unapproved("Nothing was changed. The two look the same: they differ in something that is not shown, such as a sensitive value, how a value is made that is known after apply, or how a call is made." + digests)
	default:
		return unapproved("Nothing was changed. This is how what was approved and what would be done now differ:" + digests + "\n\n  " +
			strings.ReplaceAll(strings.TrimSuffix(difference, "\n"), "\n", "\n  "))
	}
}

func unapproved(detail string) hcl2.Diagnostics {
	return Problemf("The plan is not the one that was approved", "%s", detail).Diagnostics
}

// is reports whether the plan has a transition, or had it before there was a ledger to key its secrets with.
func (p *Planned) is(expected string) bool {
	if transition.Matches(p.Document.Transition, expected) {
		return true
	}
	unkeyed, err := transition.Of(p.Plan, p.options.Orders, &plan.Recalled{})
	return err == nil && transition.Matches(unkeyed, expected)
}
