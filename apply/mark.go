package apply

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// markRest records as done what is to be so and was not yet, since something came in between: it is somebody's decision, which
// needs no call. Of an actor that is not there, there is nothing to record.
func (w *worker) markRest(results []plan.Result) {
	isOld := w.change.Action == plan.ActionReplace && w.actorID == w.change.ActorID
	if w.actorID == "" || isOld {
		return
	}
	for i, step := range w.change.Steps {
		outcome := results[i].Outcome
		if step.MarkDone && (outcome == plan.OutcomeNotStarted || outcome == plan.OutcomeSkipped) {
			results[i] = w.resultOf(cty.NilVal, w.safely(func() error { return w.markDone(step) }))
		}
	}
}

// markUnstarted is markRest for a change that is not carried out.
func (w *worker) markUnstarted(results []plan.Result) {
	if !slices.ContainsFunc(w.change.Steps, func(s *plan.StepChange) bool { return s.MarkDone }) {
		return
	}
	w.desired, w.actorID = w.change.Desired, w.change.ActorID
	if w.safely(w.remember) == nil { // else the ledger has more to say than that
		w.markRest(results)
	}
}

// markDone records a step as done, with what it would have sent as far as that is known by now. That nobody can evaluate it is no
// error: it is not to be made.
func (w *worker) markDone(step *plan.StepChange) error {
	desired := step.Desired
	if !desired.IsKnown() {
		if now, diags := w.Resolver.ResolveStep(step.Address); !diags.HasErrors() {
			desired = now
		}
	}
	var memo value.Memo
	if desired.IsComparable() {
		var err error
		if memo, err = desired.Remember(w.DigestKey); err != nil {
			return fmt.Errorf("arguments: %w", err)
		}
	}
	err := w.Ledger.Started(w.identity(), step.Address, w.actorID, memo)
	if err == nil {
		err = w.Ledger.Finished(w.identity(), step.Address, plan.StepDone, nil, false)
	}
	return unbegun(err)
}
