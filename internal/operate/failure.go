package operate

import (
	"errors"
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/view"
)

// failures gives what went wrong in an apply its place in the configuration, with what is to be warned of.
func (s *Session) failures(r *plan.Report) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for i, c := range r.Plan.Changes {
		result := r.Changes[i]
		diags = append(diags, result.Warnings...)
		if result.Err != nil {
			head := c.Head()
			diags = append(diags, s.failure(head.Address.String(), head.Place, result.Result, changeFailed(c))...)
		}
		for j, step := range plan.StepsOf(c) {
			if err := result.Steps[j].Err; err != nil {
				diags = append(diags, s.unsaid(c, err)...)
				diags = append(diags, s.stepFailure(step, result.Steps[j])...)
			}
		}
	}
	return diags
}

// stepFailure is the failure of a step, with the way out where its actor cannot be destroyed before it has succeeded.
func (s *Session) stepFailure(step *plan.StepChange, r plan.Result) hcl2.Diagnostics {
	diags := s.failure(step.Address.String(), step.Desired.Settings.Range, r, "Call failed")
	if !step.IsFarewell() || r.Outcome != plan.OutcomeFailed {
		return diags
	}
	last := *diags[len(diags)-1]
	last.Detail += fmt.Sprintf("\nThe actor stays until this succeeds. -mark-done='%s' leaves it out.", step.Address)
	return append(slices.Clone(diags[:len(diags)-1]), &last)
}

// unsaid is why something is not known of a step, where that was not said as others may be right.
func (s *Session) unsaid(c plan.Change, err error) hcl2.Diagnostics {
	actor, ok := c.(*plan.ActorChange)
	if !ok || actor.Desired == nil || !errors.Is(err, plan.ErrStillUnknown) {
		return nil
	}
	return s.evaluation.WhyStepUnknown(actor.Address)
}

// distinct leaves out what was said before in the same words, of the same place with the same values.
func distinct(diags hcl2.Diagnostics) hcl2.Diagnostics {
	type identity struct {
		severity        hcl2.DiagnosticSeverity
		summary, detail string
		place           hcl2.Range
		values          *hcl2.EvalContext
	}
	said := map[identity]bool{}
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		id := identity{severity: d.Severity, summary: d.Summary, detail: d.Detail, values: d.EvalContext}
		if d.Subject != nil {
			id.place = *d.Subject
		}
		wasSaid := said[id]
		said[id] = true
		return wasSaid
	})
}

func (s *Session) failure(address string, place hcl2.Range, r plan.Result, what string) hcl2.Diagnostics {
	if evaluation, ok := errors.AsType[*apply.EvaluationError](r.Err); ok {
		return evaluation.Diagnostics
	}
	if drift, ok := errors.AsType[*apply.DriftError](r.Err); ok {
		return drift.Diagnostics
	}
	failed := diagnostic(place, summary(r, what), s.secrets.Redact(address+": "+s.server.Explain(r.Err).Text+comparison(r.Err)))
	if fact, ok := errors.AsType[*apply.FactError](r.Err); ok && fact.Unmet != nil {
		failed.Subject, failed.Expression, failed.EvalContext = fact.Unmet.Subject, fact.Unmet.Expression, fact.Unmet.EvalContext
	}
	return hcl2.Diagnostics{failed}
}

// summary names what failed in a short phrase; what is the kind of failure where nothing better is known.
func summary(r plan.Result, what string) string {
	switch {
	case errors.Is(r.Err, apply.ErrUnexpected):
		return "Unexpected result"
	case r.Outcome == plan.OutcomeInDoubt:
		return "Outcome in doubt"
	case errors.Is(r.Err, apply.ErrStartFailed):
		return "Actor does not start"
	case errors.Is(r.Err, apply.ErrNotStarted):
		return "Actor has not started"
	case isFact(r.Err):
		return "Fact does not hold"
	default:
		return what
	}
}

func isFact(err error) bool {
	_, ok := errors.AsType[*apply.FactError](err)
	return ok
}

// comparison lays out what was wanted and what was seen of a fact that does not hold.
func comparison(err error) string {
	failed, ok := errors.AsType[*apply.FactError](err)
	if !ok || failed.Wanted == cty.NilVal {
		return ""
	}
	text := "\n"
	if failed.Before != cty.NilVal {
		text += "\n  before: " + view.Inline(failed.Before)
	}
	text += "\n  wanted: " + view.Inline(failed.Wanted) + "\n  seen:   " + view.Inline(failed.Seen)
	if failed.Lacks != "" {
		text += "\n  it has " + failed.Lacks
	}
	return text
}

func changeFailed(c plan.Change) string {
	thing := thingOf(c)
	switch c.Head().Action {
	case plan.ActionCreate, plan.ActionReplace:
		return thing + " cannot be created"
	case plan.ActionDestroy:
		return thing + " cannot be destroyed"
	default:
		return "Change failed"
	}
}

func thingOf(c plan.Change) string {
	switch c.(type) {
	case *plan.ActorChange:
		return "Actor"
	case *plan.NamespaceChange:
		return "Namespace"
	case *plan.PoolChange:
		return "Pool"
	}
	return ""
}
