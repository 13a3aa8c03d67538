package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// runSteps runs the steps of the change in order, writes their results, and returns how the change ends.
func (w *worker) runSteps(ctx context.Context, results []plan.Result) plan.Outcome {
	outcome := plan.OutcomeDone
	for i, step := range w.change.Steps {
		if step.Decision != plan.DecisionRun && !step.MarkDone {
			continue
		}
		if w.stopped(ctx) {
			return plan.OutcomeNotStarted
		}
		results[i] = w.runStep(ctx, step)
		if results[i].Outcome == plan.OutcomeNotStarted {
			return plan.OutcomeNotStarted
		}
		switch failed := results[i].Outcome != plan.OutcomeDone; {
		case failed && w.verifying: // one fact says nothing about the next
			outcome = results[i].Outcome
		case failed && step.Desired.Settings.OnFailure != plan.FailureContinue:
			w.skipRest(results, i)
			return results[i].Outcome
		}
	}
	return outcome
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
	run := w.carryOut
	if step.Address.Kind == address.StepExpect {
		run = w.expect
	}
	output, err := run(ctx, step)
	if settings := step.Desired.Settings; (err == nil || errors.Is(err, errUnneeded)) && settings.KeepOutput {
		result := orNull(output)
		if settings.Sensitive {
			result = result.Mark(value.Sensitive)
		}
		w.Resolver.SettleStep(step.Address, result)
	}
	result := resultOf(output, err)
	result.Elapsed = time.Since(began)
	if !result.Unneeded && !step.MarkDone && result.Outcome != plan.OutcomeNotStarted {
		w.tell(StepEnded{step, result})
	}
	return result
}

// errUnneeded and errStopped end a step for which nothing was sent.
var (
	errUnneeded = errors.New("the step is not due")
	errStopped  = errors.New("the run was stopped")
)

// resultOf is the result of a step that gave output, or ended with err.
func resultOf(output cty.Value, err error) plan.Result {
	switch {
	case errors.Is(err, errUnneeded):
		return plan.Result{Outcome: plan.OutcomeDone, Unneeded: true}
	case errors.Is(err, errStopped):
		return plan.Result{Outcome: plan.OutcomeNotStarted}
	case err != nil:
		return failure(err)
	default:
		return plan.Result{Outcome: plan.OutcomeDone, Output: output}
	}
}

func orNull(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v
}

// carryOut does a step that makes a call, if it turns out to be due.
func (w *worker) carryOut(ctx context.Context, step *plan.StepChange) (cty.Value, error) {
	desired, err := w.resolveStep(ctx, step)
	if err != nil {
		return cty.NilVal, err
	}
	if step.Conditional && !desired.Allowed().True() {
		return cty.NilVal, errUnneeded
	}
	if step.Address.Kind == address.StepEnsure {
		return w.ensure(ctx, step, desired)
	}
	memo, err := plan.RememberCall(w.DigestKey, desired)
	switch {
	case err != nil:
		return cty.NilVal, fmt.Errorf("arguments: %w", err)
	case step.Conditional && memo.Digest == step.DoneDigest:
		return cty.NilVal, errUnneeded
	}
	if err := w.Ledger.Started(step.Address, w.actorID, memo); err != nil {
		return cty.NilVal, err
	}
	if step.MarkDone {
		return cty.NilVal, w.Ledger.Finished(step.Address, plan.StepDone, nil)
	}
	w.tell(StepStarted{step})
	return w.call(ctx, desired)
}

// resolveStep returns the step with all of its arguments known. What the plan has shown of them stays as it was.
func (w *worker) resolveStep(ctx context.Context, step *plan.StepChange) (*plan.DesiredStep, error) {
	planned := step.Desired
	known := value.IsKnown(planned.Args) && value.IsKnown(planned.Triggers)
	if known && !step.Conditional {
		return planned, nil
	}
	actual, err := w.look(ctx, planned)
	if err != nil {
		return nil, err
	}
	if known {
		again := *actual
		again.Args = planned.Args
		return &again, nil
	}
	return actual, sameWhereKnown(planned.Args, actual.Args)
}

// call makes the call and records its end. A step that is in doubt stays recorded as started, and so does one whose call
// was made but did not have the effect that was expected: to make it again is not for riveter to decide.
func (w *worker) call(ctx context.Context, step *plan.DesiredStep) (cty.Value, error) {
	output, err := w.send(ctx, step)
	if errors.Is(err, ErrInDoubt) || errors.Is(err, ErrUnexpected) {
		return output, err
	}
	status := plan.StepDone
	if err != nil {
		status = plan.StepFailed
	}
	kept, encodeErr := keptOutput(step, output)
	return output, errors.Join(err, encodeErr, w.Ledger.Finished(step.Address, status, kept))
}

// send makes the call, and compares what the actor answered with what is expected.
func (w *worker) send(ctx context.Context, step *plan.DesiredStep) (cty.Value, error) {
	output, err := w.Executor.Call(ctx, w.actorID, w.desired, step, func(position int, args []cty.Value) (bool, error) {
		matches, diags := w.Resolver.MatchEvent(step.Address, position, args)
		if diags.HasErrors() {
			return false, &EvaluationError{diags}
		}
		return matches, nil
	})
	if err != nil || step.Expect == cty.NilVal {
		return output, err
	}
	expected := &plan.Fact{Value: orNull(output), Want: step.Expect}
	if expected.Holds().False() {
		return output, &FactError{Fact: expected, Reason: ErrUnexpected}
	}
	return output, nil
}

// keptOutput is what the ledger remembers of a result: all of it, if some expression refers to it and it is no secret.
func keptOutput(step *plan.DesiredStep, output cty.Value) (json.RawMessage, error) {
	if output == cty.NilVal || !step.Settings.KeepOutput || step.Settings.Sensitive || value.HasSensitive(output) {
		return nil, nil
	}
	return value.Encode(output)
}
