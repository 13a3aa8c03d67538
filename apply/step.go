package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// runSteps runs the steps of the change in order, writes their results, and returns how the change ends.
func (w *worker) runSteps(ctx context.Context, results []plan.Result) plan.Outcome {
	for i, step := range w.change.Steps {
		if step.Decision != plan.DecisionRun && !step.MarkDone {
			continue
		}
		if w.stopped(ctx) {
			return plan.OutcomeNotStarted
		}
		results[i] = w.runStep(ctx, step)
		failed := results[i].Outcome != plan.OutcomeDone
		if failed && step.Desired.Settings.OnFailure != plan.FailureContinue {
			w.skipRest(results, i)
			return results[i].Outcome
		}
	}
	return plan.OutcomeDone
}

func (w *worker) skipRest(results []plan.Result, failed int) {
	cause := w.change.Steps[failed].Address.String()
	for i := failed + 1; i < len(results); i++ {
		if w.change.Steps[i].Decision == plan.DecisionRun {
			results[i] = plan.Result{Outcome: plan.OutcomeSkipped, Cause: cause}
		}
	}
}

func (w *worker) stopped(ctx context.Context) bool {
	select {
	case <-w.Stop:
		return true
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

func (w *worker) runStep(ctx context.Context, step *plan.StepChange) plan.Result {
	began := time.Now()
	desired, err := w.resolveStep(step)
	if err != nil {
		return failure(err)
	}
	memo, err := plan.RememberCall(w.DigestKey, desired.Call, desired.Args)
	if err != nil {
		return failure(fmt.Errorf("arguments: %w", err))
	}
	if step.MarkDone {
		return w.markDone(step.Address, memo)
	}
	if step.IfChanged && memo.Digest == step.DoneDigest {
		return plan.Result{Outcome: plan.OutcomeDone}
	}
	if err := w.Ledger.Started(step.Address, w.actorID, memo); err != nil {
		return failure(err)
	}
	w.tell(StepStarted{step})
	result := w.call(ctx, desired)
	result.Elapsed = time.Since(began)
	w.tell(StepEnded{step, result})
	return result
}

// resolveStep returns the step with all of its arguments known.
func (w *worker) resolveStep(step *plan.StepChange) (*plan.DesiredStep, error) {
	if plan.IsKnown(step.Desired.Args) {
		return step.Desired, nil
	}
	actual, diags := w.Resolver.ResolveStep(step.Address)
	if diags.HasErrors() {
		return nil, &EvaluationError{diags}
	}
	return actual, sameWhereKnown(step.Desired.Args, actual.Args)
}

func (w *worker) markDone(step plan.StepAddress, memo plan.Memo) plan.Result {
	err := w.Ledger.Started(step, w.actorID, memo)
	if err == nil {
		err = w.Ledger.Finished(step, plan.StepDone, nil)
	}
	if err != nil {
		return failure(err)
	}
	return plan.Result{Outcome: plan.OutcomeDone}
}

// call makes the call and records its end. A step that is in doubt stays recorded as started.
func (w *worker) call(ctx context.Context, step *plan.DesiredStep) plan.Result {
	output, err := w.Executor.Call(ctx, w.actorID, w.desired, step)
	if errors.Is(err, ErrInDoubt) {
		return failure(err)
	}
	status := plan.StepDone
	if err != nil {
		status = plan.StepFailed
	}
	kept, encodeErr := keptOutput(step, output)
	if err := errors.Join(err, encodeErr, w.Ledger.Finished(step.Address, status, kept)); err != nil {
		return failure(err)
	}
	return plan.Result{Outcome: plan.OutcomeDone, Output: output}
}

// keptOutput is what the ledger remembers of a result: all of it, if some expression refers to it and it is no secret.
func keptOutput(step *plan.DesiredStep, output cty.Value) (json.RawMessage, error) {
	if output == cty.NilVal || !step.Settings.KeepOutput || step.Settings.Sensitive || plan.HasSensitive(output) {
		return nil, nil
	}
	return plan.EncodeValue(output)
}
