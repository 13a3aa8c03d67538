package decide

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// Results knows what steps gave that an earlier run made and that the run which is planned will not make again, so that what
// refers to them is known while planning. It decides as [Plan] does.
type Results struct{ builder *builder }

// NewResults returns what decides by the ledger and by the orders of a person.
func NewResults(recalled *plan.Recalled, orders plan.Orders) *Results {
	return &Results{&builder{Inputs: Inputs{Recalled: recalled, Orders: orders}, used: map[string]bool{}}}
}

// Of returns what tells the results of the steps of an actor, each when it and those before it are among those of d: unknown, with its source,
// where the step is not made in this run and its result is not remembered, and cty.NilVal where it is to be made or may have to be, though not
// where it is only looked at because one before it runs always, after which it would never be known. On an actor that goes, those alone are
// made that come before that.
func (r *Results) Of(d *plan.Desired, o plan.Observed, goes bool) func(*plan.Step) cty.Value {
	if d.Key == nil {
		return func(*plan.Step) cty.Value { return cty.NilVal }
	}
	entry := r.builder.Recalled.Of(d, &o)
	in := &builder{Inputs: r.builder.Inputs, used: map[string]bool{}} // of which the plan says what is wrong
	decider, decided := &decider{builder: in, entry: entry, actorID: o.ActorID, goes: goes}, 0
	return func(s *plan.Step) cty.Value {
		for ; decided < len(d.Steps) && d.Steps[decided] != s; decided++ {
			decider.foresee(d.Steps[decided])
		}
		decided++
		return r.result(d, decider.foresee(s), entry, o)
	}
}

// foresee decides a step as the plan will.
func (d *decider) foresee(desired *plan.Step) *plan.StepChange {
	s := &plan.StepChange{Address: desired.Address, Desired: desired}
	if d.goes && !s.IsFarewell() {
		s.Decision = plan.DecisionSkip
	} else {
		d.decide(s)
	}
	return s
}

func (r *Results) result(d *plan.Desired, decided *plan.StepChange, entry *plan.Entry, o plan.Observed) cty.Value {
	s := decided.Desired
	memo := entry.Step(s.Address, o.ActorID)
	isEnsured := s.Call() == nil && (decided.Decision == plan.DecisionDone || decided.AfterAlways)
	isSkipped := decided.Decision == plan.DecisionSkip || decided.AfterAlways
	wasMade := memo != nil && memo.Status == plan.StepDone
	digest := decided.DoneOutput
	if memo != nil && digest == "" {
		digest = memo.OutputDigest
	}
	switch {
	case decided.MarkDone, isEnsured && !wasMade:
		return d.UnkeptResult(s, digest)
	case !wasMade && isSkipped && s.Policy() != plan.RunOnDestroy:
		if memo != nil && digest == "" {
			return d.DoubtedResult(s)
		}
		return d.UnkeptResult(s, digest)
	case !o.Exists || !wasMade || decided.Decision == plan.DecisionRun && !isSkipped || decided.Decision == plan.DecisionUnknown:
		return cty.NilVal
	}
	result, err := r.builder.Recalled.Result(memo)
	if err != nil {
		r.builder.report(hcl2.DiagWarning, s.Settings.Range.Ptr(), "Result cannot be used", "What %s returned is remembered, but %s.", s.Address, err)
	}
	if result == cty.NilVal {
		return d.UnkeptResult(s, digest)
	}
	if secret := s.Hide(result); digest == "" && value.HasSensitive(secret) { // it may have become one since
		if kept, err := value.Keep(r.builder.Recalled.DigestKey, secret); err == nil {
			digest = kept.Digest
		}
	}
	return d.Result(s, result, digest)
}

// Diagnostics says which results could not be opened.
func (r *Results) Diagnostics() hcl2.Diagnostics { return r.builder.diags }
