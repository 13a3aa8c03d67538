package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// The time that an expectation has where the configuration sets none, and the time between two looks at it.
const (
	expectLimit   = 10 * time.Second
	firstInterval = 100 * time.Millisecond
	lastInterval  = 2 * time.Second
)

// FactError says that something does not hold that should.
type FactError struct {
	Wanted  cty.Value // cty.NilVal for a mere condition
	Seen    cty.Value // last, as far as it is wanted
	Lacks   string    // which member was wanted and not seen, and what there was instead; may be empty
	Before  cty.Value // of an ensure, before its call; cty.NilVal for others
	Message string    // the author's words; may be empty
	Reason  error     // what was done for it
	// Unmet shows what a condition is made of that is false; nil for other facts.
	Unmet *hcl2.Diagnostic
}

// Error says what was done. What was wanted and seen is for the reader to lay out, as it may be long, or a secret.
func (e *FactError) Error() string {
	if e.Message != "" {
		return e.Message + " (" + e.Reason.Error() + ")"
	}
	return e.Reason.Error()
}

// Unwrap returns the reason.
func (e *FactError) Unwrap() error { return e.Reason }

// Is reports that this is [plan.ErrDrift].
func (e *FactError) Is(target error) bool { return target == plan.ErrDrift }

// DriftError says how an actor itself is not as it is declared.
type DriftError struct{ Diagnostics hcl2.Diagnostics }

// Error returns the first diagnostic in a line.
func (e *DriftError) Error() string { return inLine(e.Diagnostics) }

// Is reports that this is [plan.ErrDrift].
func (e *DriftError) Is(target error) bool { return target == plan.ErrDrift }

// verified adds to the result of a change how its actor is not as it is declared.
func verified(c *plan.ActorChange, r plan.ChangeResult) plan.ChangeResult {
	if diags := c.Drift(); diags.HasErrors() && r.Err == nil && r.Outcome != plan.OutcomeNotStarted {
		r.Result = failure(&DriftError{diags})
	}
	return r
}

// failed returns the error of a fact that does not hold.
func failed(f plan.Fact, reason error) *FactError {
	return &FactError{Wanted: f.Wanted(), Seen: f.Seen(), Lacks: f.Lacks(), Reason: reason}
}

// ensure makes a fact true that does not hold, and looks whether that helped.
func (w *worker) ensure(ctx context.Context, step *plan.StepChange) (cty.Value, error) {
	desired, err := w.current(ctx, step)
	if err == nil && !desired.Fact().Holds().IsKnown() {
		desired, err = w.look(ctx, desired)
	}
	if err != nil {
		return cty.NilVal, err
	}
	fact := desired.Fact()
	switch holds := fact.Holds(); {
	case !holds.IsKnown():
		return cty.NilVal, fmt.Errorf("value: %w", plan.ErrStillUnknown)
	case holds.True():
		return cty.NilVal, cmp.Or(w.looked(desired), errUnneeded)
	case w.verifying:
		return cty.NilVal, failed(fact, errDiffers)
	case !desired.IsKnown():
		return cty.NilVal, cmp.Or(desired.Unkept(), fmt.Errorf("args: %w", plan.ErrStillUnknown))
	case w.isStopped(ctx):
		return cty.NilVal, errStopped
	}
	output, err := w.establish(ctx, step, desired)
	if err != nil {
		return cty.NilVal, err
	}
	after, err := w.look(ctx, desired)
	if err != nil {
		return cty.NilVal, fmt.Errorf("look again after the call: %w", err)
	}
	if !isTrue(after.Fact().Holds()) {
		err := failed(after.Fact(), errNotEnsured)
		err.Before = fact.Seen()
		return cty.NilVal, err
	}
	return output, w.looked(after)
}

// looked has the ledger remember of which results a fact that holds is made, where nobody will be able to look at it again.
func (w *worker) looked(step *plan.Step) error {
	recipe, err := step.LookRecipe(w.DigestKey)
	if err != nil || recipe == "" || w.verifying {
		return err
	}
	return w.Ledger.Withheld(w.identity(), step.Address, recipe)
}

// establish makes the call of an ensure, and has the ledger remember what it gave where that matters.
func (w *worker) establish(ctx context.Context, step *plan.StepChange, desired *plan.Step) (cty.Value, error) {
	isRecorded := step.IsRecorded()
	if isRecorded {
		memo, err := desired.Remember(w.DigestKey)
		if err != nil {
			return cty.NilVal, fmt.Errorf("arguments: %w", err)
		}
		if err := unbegun(w.Ledger.Started(w.identity(), step.Address, w.actorID, memo)); err != nil {
			return cty.NilVal, err
		}
	}
	w.tell(StepStarted{step})
	output, err := w.send(ctx, desired)
	if isRecorded {
		err = w.record(desired, output, err)
	}
	return output, err
}

var (
	errDiffers    = errors.New("the value is not what is wanted")
	errNotEnsured = errors.New("the call was made, but the value is still not what is wanted")
)

// expect looks at an expectation again and again, until it holds or its time is up, then too.
func (w *worker) expect(ctx context.Context, step *plan.StepChange, spec *plan.Expect) error {
	w.tell(StepStarted{step})
	if diags, err := w.Resolver.Look(ctx, w.change.Address); err == nil && diags.HasErrors() {
		return &EvaluationError{diags} // no time would help
	}
	limit := step.Desired.Settings.Timeout
	if limit <= 0 {
		limit = expectLimit
	}
	deadline := time.Now().Add(limit)
	wait := spec.Interval
	growing := wait <= 0
	if growing {
		wait = firstInterval
	}
	for {
		seen, err := w.look(ctx, step.Desired)
		if err == nil && isTrue(seen.Fact().Holds()) {
			return w.looked(seen)
		}
		left := time.Until(deadline)
		if left <= 0 {
			return unmet(seen, err, limit)
		}
		if !w.pause(ctx, min(wait, left)) {
			return errStopped
		}
		if growing {
			wait = min(wait*3/2, lastInterval)
		}
	}
}

func isTrue(holds cty.Value) bool { return holds.IsKnown() && holds.True() }

// unmet says why an expectation failed, from what was seen last, or from the error of looking.
func unmet(seen *plan.Step, err error, limit time.Duration) error {
	if err != nil {
		return err
	}
	unmet := failed(seen.Fact(), fmt.Errorf("it did not hold within %s", limit))
	if spec, ok := seen.Spec.(*plan.Expect); ok { // what is said of it was perhaps not known before
		unmet.Message, unmet.Unmet = spec.Message, spec.Unmet
	}
	return unmet
}

// pause waits, and reports false when the run is stopped meanwhile.
func (w *worker) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.Stop:
		return false
	case <-w.Lost:
		return false
	case <-ctx.Done():
		return false
	}
}

// look asks the actor anew what a step refers to, and returns the step as it is then.
func (w *worker) look(ctx context.Context, step *plan.Step) (*plan.Step, error) {
	if err := w.ask(ctx, step); err != nil {
		return nil, err
	}
	actual, diags := w.Resolver.ResolveStep(step.Address)
	if diags.HasErrors() {
		return nil, &EvaluationError{diags}
	}
	return actual, nil
}

// ask has everything asked anew that a step refers to: data blocks whose turn has come, and the actor itself.
func (w *worker) ask(ctx context.Context, step *plan.Step) error {
	if diags, err := w.Resolver.Look(ctx, w.change.Address); err != nil {
		return err
	} else if diags.HasErrors() {
		return &EvaluationError{diags}
	}
	return w.read(ctx, step.ReadState, func(label string) bool { return slices.Contains(step.Reads, label) || slices.Contains(step.Reads, "") })
}

// read asks the actor for its state and for some of its reads, and hands the answers to the resolver.
func (w *worker) read(ctx context.Context, state bool, wants func(label string) bool) error {
	if err := w.resolveReads(ctx, wants); err != nil {
		return err
	}
	question := *w.desired
	question.ReadState, question.Reads = state, nil
	for _, r := range w.desired.Reads {
		if wants(r.Label) {
			question.Reads = append(question.Reads, r)
		}
	}
	if !state && len(question.Reads) == 0 {
		return nil
	}
	live, err := w.Executor.Read(ctx, []plan.Read{{Desired: &question, ActorID: w.actorID}})
	if err != nil {
		return err
	}
	if diags := w.Resolver.Renew(w.change.Address, live[0]); diags.HasErrors() {
		return &EvaluationError{diags}
	}
	return nil
}

// resolveReads fills in what was unknown of reads while planning.
func (w *worker) resolveReads(ctx context.Context, wants func(label string) bool) error {
	unknown := slices.ContainsFunc(w.desired.Reads, func(r *plan.DesiredRead) bool {
		return wants(r.Label) && !r.IsKnown()
	})
	if !unknown {
		return nil
	}
	actual, err := w.evaluate(ctx)
	if err != nil {
		return err
	}
	w.desired = actual
	return nil
}

// conclude looks at an actor whose steps are done, for those that refer to it and for its postconditions.
func (w *worker) conclude(ctx context.Context) error {
	d := w.desired
	gone := w.change.Action == plan.ActionDestroy || w.change.Action == plan.ActionForget
	if d == nil || gone || w.verifying || !d.ReadAfter && len(d.Postconditions) == 0 {
		return nil
	}
	if err := w.read(ctx, d.ReadState, func(string) bool { return true }); err != nil {
		return err
	}
	if len(d.Postconditions) == 0 {
		return nil
	}
	actual, err := w.evaluate(ctx)
	if err != nil {
		return err
	}
	if diags := actual.Broken(); diags.HasErrors() {
		return &EvaluationError{diags}
	}
	return nil
}
