package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

func isOrdinary(s *plan.StepChange) bool { return !s.IsFarewell() }

// runSteps runs those steps of the change that are selected, in order, writes their results, and returns how the change ends.
func (w *worker) runSteps(ctx context.Context, results []plan.Result, selected func(*plan.StepChange) bool) plan.Outcome {
	outcome := plan.OutcomeDone
	for i, step := range w.change.Steps {
		if !isToDo(step) || !selected(step) {
			continue
		}
		if w.isStopped(ctx) {
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
			skipRest(results, step.Address.String())
			return results[i].Outcome
		case failed && step.Desired.Settings.KeepOutput:
			w.failed.LoadOrStore(w.change.Address, step.Address)
		}
	}
	return outcome
}

// skipRest ends the steps that have not been tried, because of what is at an address.
func skipRest(results []plan.Result, cause string) {
	for i := range results {
		if results[i].Outcome == plan.OutcomeNotStarted {
			results[i] = plan.Result{Outcome: plan.OutcomeSkipped, Cause: cause}
		}
	}
}

// isStopped reports whether nothing more is to be started.
func (o *Options) isStopped(ctx context.Context) bool {
	select {
	case <-o.Stop:
		return true
	case <-o.Lost:
		return true
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

func (w *worker) runStep(ctx context.Context, step *plan.StepChange) plan.Result {
	if step.Desired.Deferred {
		return w.runDeferred(ctx, step)
	}
	began := time.Now()
	var output cty.Value
	err := w.safely(func() (err error) {
		output, err = w.carryOut(ctx, step)
		switch {
		case step.MarkDone:
		case err == nil:
			w.handOn(step, w.desired.Result(step.Desired, orNull(output), w.outputDigest(step.Desired, output)))
		case errors.Is(err, errUnneeded):
			w.handOn(step, w.unmade(step))
		}
		return err
	})
	result := w.resultOf(output, err)
	result.Accepted, w.accepted = w.accepted, ""
	result.Elapsed = time.Since(began)
	if !result.Unneeded && !step.MarkDone && result.Outcome != plan.OutcomeNotStarted {
		w.tell(StepEnded{step, result})
	}
	return result
}

// handOn tells what a step gave to those that refer to it.
func (w *worker) handOn(step *plan.StepChange, result cty.Value) {
	if step.Desired.Settings.KeepOutput {
		w.Resolver.SettleStep(step.Address, result)
	}
}

// unmade is the result of a step that is not due: what it gave when it was made, which nobody knows where that was not kept, or it never was.
func (w *worker) unmade(step *plan.StepChange) cty.Value {
	if step.Result == cty.NilVal {
		return w.desired.UnkeptResult(step.Desired, step.DoneOutput)
	}
	return w.desired.Result(step.Desired, step.Result, step.DoneOutput)
}

// outputDigest is the digest of a secret that a step gave, as the ledger has it.
func (w *worker) outputDigest(step *plan.Step, output cty.Value) string {
	if !value.HasSensitive(step.Hide(orNull(output))) {
		return ""
	}
	kept, err := w.kept(step, output)
	if err != nil || kept == nil {
		return "" // which the ledger could not record either
	}
	return kept.Digest
}

// errUnneeded and errStopped end a step for which nothing was sent.
var (
	errUnneeded = errors.New("the step is not due")
	errStopped  = errors.New("the run was stopped")
)

// unbegun is the error of what could not be recorded before it was begun. Where somebody else has the ledger, that is no failure: it
// is theirs to begin.
func unbegun(err error) error {
	if errors.Is(err, plan.ErrOvertaken) {
		return errStopped
	}
	return err
}

// cutOff is the error of what was cut off before it was sent, as that has not failed: it has not begun.
func cutOff(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) && !errors.Is(err, ErrInDoubt) && !errors.Is(err, ErrUnexpected) {
		return errStopped
	}
	return err
}

// resultOf is the result of a step that gave output, or ended with err.
func (w *worker) resultOf(output cty.Value, err error) plan.Result {
	switch {
	case errors.Is(err, errUnstarted):
		return plan.Result{Outcome: plan.OutcomeSkipped, Cause: w.change.Address.String()}
	case errors.Is(err, errUnneeded):
		return plan.Result{Outcome: plan.OutcomeDone, Unneeded: true}
	case errors.Is(err, errStopped):
		return plan.Result{Outcome: plan.OutcomeNotStarted}
	case err != nil:
		return w.ended(err)
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

// carryOut does a step by its kind, if it turns out to be due.
func (w *worker) carryOut(ctx context.Context, step *plan.StepChange) (cty.Value, error) {
	switch spec := step.Desired.Spec.(type) {
	case *plan.Action, *plan.Message, *plan.Request:
		return w.invoke(ctx, step)
	case *plan.Ensure:
		return w.ensure(ctx, step)
	case *plan.Expect:
		return cty.NilVal, w.expect(ctx, step, spec)
	}
	panic(fmt.Sprintf("apply: %s is a step of a kind that nobody knows", step.Address))
}

// invoke makes a call, unless it turns out not to be due.
func (w *worker) invoke(ctx context.Context, step *plan.StepChange) (cty.Value, error) {
	if isToMark(step) {
		if err := w.markDone(step); err != nil || step.MarkDone {
			return cty.NilVal, err
		}
	}
	desired, err := w.settle(ctx, step)
	if err != nil {
		return cty.NilVal, err
	}
	memo, err := desired.Remember(w.DigestKey)
	if err != nil {
		return cty.NilVal, fmt.Errorf("arguments: %w", err)
	}
	if step.Conditional {
		if due, err := w.isDue(step, desired); err != nil {
			return cty.NilVal, err
		} else if !due {
			return cty.NilVal, cmp.Or(w.withhold(desired), w.remake(step, memo), errUnneeded)
		}
	}
	if err := desired.Unkept(); err != nil {
		return cty.NilVal, err
	}
	if w.isStopped(ctx) { // while it was looked at
		return cty.NilVal, errStopped
	}
	if err := unbegun(w.begin(step, memo)); err != nil {
		return cty.NilVal, err
	}
	w.tell(StepStarted{step})
	return w.call(ctx, desired)
}

// begin has the ledger remember that a step is about to be sent.
func (w *worker) begin(step *plan.StepChange, args value.Memo) error {
	if step.IsFarewell() {
		return w.Ledger.Farewell(w.identity(), step.Address, w.actorID, args)
	}
	return w.Ledger.Started(w.identity(), step.Address, w.actorID, args)
}

// withhold has the ledger remember which guard did not let a step be made, where nobody will be able to evaluate it again.
func (w *worker) withhold(step *plan.Step) error {
	recipe, err := step.Call().GuardRecipe(w.DigestKey)
	if err != nil || recipe == "" || !step.Call().Allowed().False() {
		return err
	}
	return w.Ledger.Withheld(w.identity(), step.Address, recipe)
}

// remake has the ledger remember how the arguments of a step are made that turned out to be what they were, so that it stays done when nobody
// can evaluate them again.
func (w *worker) remake(step *plan.StepChange, now value.Memo) error {
	if now.Digest == "" || now.Digest != step.DoneDigest || now.Recipe == step.DoneRecipe {
		return nil
	}
	return w.Ledger.Remade(w.identity(), step.Address, now)
}

// isDue reports whether a step that is made only if it is due is so, now that all of it is known.
func (w *worker) isDue(step *plan.StepChange, desired *plan.Step) (bool, error) {
	allowed := desired.Call().Allowed()
	switch {
	case value.IsUnkept(allowed):
		return false, desired.Unkept()
	case !allowed.IsKnown():
		return false, fmt.Errorf("guard: %w", plan.ErrStillUnknown)
	default:
		done := value.Memo{Digest: step.DoneDigest, Recipe: step.DoneRecipe}
		return allowed.True() && (!done.Tells() || !desired.Is(done, w.DigestKey)), nil
	}
}

// settle returns the step as it is to be carried out: as it was planned, with what was unknown filled in.
func (w *worker) settle(ctx context.Context, step *plan.StepChange) (*plan.Step, error) {
	now, err := w.current(ctx, step)
	if err != nil || now == step.Desired {
		return now, err
	}
	settled, err := step.Desired.Settle(now)
	if errors.Is(err, plan.ErrStillUnknown) {
		err = cmp.Or(now.Unkept(), err)
	}
	return settled, err
}

// current returns the step as it evaluates now, where it was not known or may be another than while planning.
func (w *worker) current(ctx context.Context, step *plan.StepChange) (*plan.Step, error) {
	if !step.Conditional && step.Desired.IsKnown() {
		return step.Desired, nil
	}
	return w.look(ctx, step.Desired)
}

// call makes the call and records its end. A step that is in doubt stays recorded as started, and so does one whose call
// was made but did not have the effect that was expected: to make it again is not for riveter to decide.
func (w *worker) call(ctx context.Context, step *plan.Step) (cty.Value, error) {
	output, err := w.send(ctx, step)
	if err == nil {
		err = unexpected(step, output)
	} else if w.accepted = accepted(step.Call(), err); w.accepted != "" {
		err = nil
	}
	return output, w.record(step, output, err)
}

// record records the end of a step that was recorded as started, and returns that of the step.
func (w *worker) record(step *plan.Step, output cty.Value, err error) error {
	if errors.Is(err, ErrInDoubt) || errors.Is(err, ErrUnexpected) || w.actorID == "" {
		return err
	}
	if err != nil {
		return errors.Join(err, w.Ledger.Finished(w.identity(), step.Address, plan.StepFailed, nil))
	}
	kept, err := w.kept(step, output)
	if err := errors.Join(err, w.Ledger.Finished(w.identity(), step.Address, plan.StepDone, kept)); err != nil {
		return &unrecordedError{err}
	}
	return nil
}

// unrecordedError is the error of a call that was made and that nobody will remember as done.
type unrecordedError struct{ err error }

// Error implements error.
func (e *unrecordedError) Error() string {
	return fmt.Sprintf("the call was made, which could not be recorded: %s", e.err)
}

// Unwrap returns [ErrInDoubt], which it is from now on, and the cause.
func (e *unrecordedError) Unwrap() []error { return []error{ErrInDoubt, e.err} }

// send sends what the step sends, and returns what the actor answered.
func (w *worker) send(ctx context.Context, step *plan.Step) (output cty.Value, err error) {
	if w.unseen {
		return w.first(ctx, step)
	}
	return w.callOnce(ctx, step)
}

// callOnce makes the call of a step. After a panic nobody knows whether it was sent.
func (w *worker) callOnce(ctx context.Context, step *plan.Step) (output cty.Value, err error) {
	err = w.safely(func() (err error) {
		output, err = w.Executor.Call(ctx, w.actorID, w.desired, step, w.matcher(step))
		return err
	})
	if _, wrong := errors.AsType[*PanicError](err); wrong {
		err = fmt.Errorf("%w: %w", ErrInDoubt, err)
	}
	return output, cutOff(ctx, err)
}

// matcher tells the events that a step awaits.
func (w *worker) matcher(step *plan.Step) EventMatcher {
	return func(position int, args []cty.Value) (bool, error) {
		matches, diags := w.Resolver.MatchEvent(step.Address, position, args)
		if diags.HasErrors() {
			return false, &EvaluationError{diags}
		}
		return matches, nil
	}
}

// accepted returns the code of an error of the actor that the step takes for done, with its group, which the step may leave out.
// It is empty for other errors.
func accepted(call *plan.Call, err error) string {
	said, ok := errors.AsType[*ActorError](err)
	if !ok {
		return ""
	}
	code := said.Group + "." + said.Code
	if slices.Contains(call.Accept, said.Code) || slices.Contains(call.Accept, code) {
		return code
	}
	return ""
}

// unexpected compares what an actor answered with what is expected.
func unexpected(step *plan.Step, output cty.Value) error {
	want := step.Call().Expect
	if want == cty.NilVal || !value.Match(orNull(output), want, false).False() {
		return nil
	}
	seen := step.Hide(orNull(output))
	return &FactError{Wanted: step.Hide(want), Seen: value.Project(seen, want), Lacks: value.Lacking(seen, want), Reason: ErrUnexpected}
}

// kept is what the ledger is told of a result, if some expression refers to it.
func (w *worker) kept(step *plan.Step, output cty.Value) (*value.Kept, error) {
	if !step.Settings.KeepOutput {
		return nil, nil
	}
	return value.Keep(w.DigestKey, step.Hide(orNull(output)))
}
