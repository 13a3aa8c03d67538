package evaluate

import (
	"riveter/plan"
	"riveter/plan/value"
)

// recall takes the result of a step from the ledger, if the step will not be done again.
func (e *Evaluation) recall(inst *instance, d *plan.Step) {
	memo := e.server.Recalled.Of(inst.desired, inst.observed.ActorID).Step(d.Address, inst.observed.ActorID)
	if memo == nil || memo.Status != plan.StepDone || memo.Output == nil || !inst.isThere() {
		return
	}
	if e.server.Redo != nil && e.server.Redo(d.Address) {
		return
	}
	switch d.Policy() {
	case plan.RunOnce, plan.RunManual:
	case plan.RunOnChange:
		if !e.isUnchanged(d, memo) {
			return
		}
	default:
		return
	}
	if output, err := value.Decode(memo.Output); err == nil {
		inst.keep(d.Address, output)
	}
}

// isUnchanged reports whether a step has the arguments that it was done with.
func (e *Evaluation) isUnchanged(d *plan.Step, memo *plan.StepMemo) bool {
	now, err := d.Remember(e.server.Recalled.DigestKey)
	return err == nil && now.Equal(memo.Args)
}
