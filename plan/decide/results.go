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

// Of returns the result of a step of an actor: unknown, with its source, where the step is not made in this run and its result is
// not remembered. It is cty.NilVal where the step is to be made or may have to be. On an actor that goes, those alone are made that come
// before that.
func (r *Results) Of(d *plan.Desired, s *plan.Step, o plan.Observed, goes bool) cty.Value {
	if d.Key == nil {
		return cty.NilVal
	}
	entry := r.builder.Recalled.Of(d, &o)
	decided := &plan.StepChange{Address: s.Address, Desired: s}
	if goes && !decided.IsFarewell() {
		decided.Decision = plan.DecisionSkip
	} else {
		(&decider{builder: r.builder, entry: entry, actorID: o.ActorID, goes: goes}).decideSpec(decided)
	}
	memo := entry.Step(s.Address, o.ActorID)
	isEnsured := s.Call() == nil && decided.Decision == plan.DecisionDone
	wasMade := memo != nil && memo.Status == plan.StepDone
	digest := decided.DoneOutput
	if memo != nil && digest == "" {
		digest = memo.OutputDigest
	}
	switch {
	case decided.MarkDone, isEnsured && !wasMade:
		return d.UnkeptResult(s, digest)
	case !wasMade && decided.Decision == plan.DecisionSkip && s.Policy() != plan.RunOnDestroy:
		if memo != nil && digest == "" {
			return d.DoubtedResult(s)
		}
		return d.UnkeptResult(s, digest)
	case !o.Exists || !wasMade || decided.Decision == plan.DecisionRun || decided.Decision == plan.DecisionUnknown:
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
