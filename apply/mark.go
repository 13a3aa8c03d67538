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
		if !isToMark(step) || outcome != plan.OutcomeNotStarted && outcome != plan.OutcomeSkipped {
			continue
		}
		if err := w.safely(func() error { return w.markDone(step) }); err != nil || step.MarkDone {
			results[i] = w.resultOf(cty.NilVal, err)
		}
	}
}

// isToMark reports whether something is to be recorded as done without a call: the step, or what it was started with before.
func isToMark(s *plan.StepChange) bool { return s.MarkDone || s.DoneAs != nil }

// markUnstarted is markRest for a change that is not carried out.
func (w *worker) markUnstarted(results []plan.Result) {
	if !slices.ContainsFunc(w.change.Steps, isToMark) {
		return
	}
	w.desired, w.actorID = w.change.Desired, w.change.ActorID
	if w.safely(w.remember) == nil { // else the ledger has more to say than that
		w.markRest(results)
	}
}

// markDone records a step as done: as it was started, or with what it would have sent.
func (w *worker) markDone(step *plan.StepChange) error {
	memo := step.DoneAs
	if memo == nil {
		wouldSend, err := w.wouldSend(step)
		if err != nil {
			return err
		}
		memo = &wouldSend
	}
	err := w.begin(step, *memo)
	if err == nil {
		err = w.Ledger.Finished(w.identity(), step.Address, plan.StepDone, &value.Kept{Digest: step.DoneOutput})
	}
	return unbegun(err)
}

// wouldSend is what a step would send as far as that is known by now. That nobody can evaluate it is no error: it is not to be made.
func (w *worker) wouldSend(step *plan.StepChange) (memo value.Memo, err error) {
	desired := step.Desired
	if !desired.IsKnown() {
		if now, diags := w.Resolver.ResolveStep(step.Address); !diags.HasErrors() {
			desired = now
		}
	}
	if !desired.IsComparable() {
		return memo, nil
	}
	if memo, err = desired.Remember(w.DigestKey); err != nil {
		return memo, fmt.Errorf("arguments: %w", err)
	}
	return memo, nil
}
