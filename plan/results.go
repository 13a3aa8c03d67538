package plan

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Results knows what steps gave that an earlier run made and that the run which is planned will not make again, so that what
// refers to them is known while planning. It decides as [Build] does.
type Results struct{ builder *builder }

// NewResults returns what decides by the ledger and by the orders of a person.
func NewResults(recalled *Recalled, orders Orders) *Results {
	return &Results{&builder{Inputs: Inputs{Recalled: recalled, Orders: orders}, used: map[string]bool{}}}
}

// Of returns the result of a step of an actor: unknown, with its source, where the step is not made in this run and its result is
// not remembered. It is cty.NilVal where the step is to be made or may have to be.
func (r *Results) Of(d *Desired, s *Step, o Observed) cty.Value {
	if d.Key == nil {
		return cty.NilVal
	}
	entry := r.builder.Recalled.Of(d, o.ActorID)
	decided := &StepChange{Address: s.Address, Desired: s}
	s.Spec.decide(&decider{builder: r.builder, entry: entry, actorID: o.ActorID}, decided)
	memo := entry.Step(s.Address, o.ActorID)
	wasMade := memo != nil && memo.Status == StepDone
	switch {
	case decided.MarkDone, s.Call() == nil && decided.Decision == DecisionDone:
		return d.UnkeptResult(s)
	case !wasMade && decided.Decision == DecisionSkip && s.Policy() != RunOnDestroy:
		return d.UnkeptResult(s)
	case !o.Exists || !wasMade || decided.Decision == DecisionRun || decided.Decision == DecisionUnknown:
		return cty.NilVal
	}
	result, err := r.builder.Recalled.result(memo)
	if err != nil {
		r.builder.report(hcl2.DiagWarning, s.Settings.Range.Ptr(), "Result cannot be used", "What %s returned is remembered, but %s.", s.Address, err)
	}
	if err != nil || result == cty.NilVal {
		return d.UnkeptResult(s)
	}
	return d.Result(s, result)
}

// Diagnostics says which results could not be opened.
func (r *Results) Diagnostics() hcl2.Diagnostics { return r.builder.diags }
