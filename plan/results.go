package plan

import (
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// Results knows what steps gave that an earlier run made and that the run which is planned will not make again, so that what
// refers to them is known while planning. It decides as [Build] does.
type Results struct{ builder *builder }

// NewResults returns what decides by the ledger and by the orders of a person.
func NewResults(recalled *Recalled, orders Orders) *Results {
	return &Results{&builder{Inputs: Inputs{Recalled: recalled, Orders: orders}, used: map[string]bool{}}}
}

// Of returns the result of a step of the actor that is there. It is cty.NilVal where the step is to be made or may have to be,
// and where its result is not remembered.
func (r *Results) Of(d *Desired, s *Step, o Observed) cty.Value {
	entry := r.builder.Recalled.Of(d, o.ActorID)
	memo := entry.Step(s.Address, o.ActorID)
	if !o.Exists || s.Call() == nil || memo == nil || memo.Status != StepDone || memo.Output == nil {
		return cty.NilVal
	}
	decided := &StepChange{Address: s.Address, Desired: s}
	s.Spec.decide(&decider{builder: r.builder, entry: entry, actorID: o.ActorID}, decided)
	if decided.MarkDone || decided.Decision == DecisionRun || decided.Decision == DecisionUnknown {
		return cty.NilVal
	}
	output, err := value.Decode(memo.Output)
	if err != nil {
		return cty.NilVal
	}
	return output
}
