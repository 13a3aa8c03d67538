package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// worker carries out one change.
type worker struct {
	Options
	change    *plan.ActorChange
	tell      func(Event)
	verifying bool // nothing is to be sent

	desired *plan.Desired // the change's own, or what it was resolved to
	actorID string
	became  plan.ChangeAction // of an actor that was looked for when its turn came, or that somebody else has created
	// unseen says that nobody has seen the created actor start, and unstarted why it has not when it was asked.
	unseen    bool
	unstarted error
	accepted  string // what the actor said to the step that is being made, where that counts as done
}

// EvaluationError is the error of a change or step whose expressions turn out to be wrong once they are known.
type EvaluationError struct{ Diagnostics hcl2.Diagnostics }

// Error returns the first diagnostic in a line.
func (e *EvaluationError) Error() string { return e.Diagnostics.Error() }

func (w *worker) run(ctx context.Context) plan.ChangeResult {
	began := time.Now()
	w.desired, w.actorID = w.change.Desired, w.change.ActorID
	result := unstarted(w.change, plan.Result{Outcome: plan.OutcomeNotStarted})
	if outcome := w.runSteps(ctx, result.Steps, (*plan.StepChange).IsFarewell); outcome != plan.OutcomeDone {
		result.Outcome = outcome
	} else if err := w.safely(func() error { return w.prepare(ctx) }); errors.Is(err, errStopped) {
		result.Outcome = plan.OutcomeNotStarted
	} else if err != nil {
		skipRest(result.Steps, w.change.Address.String())
		result.Result = failure(err)
	} else {
		result.Steps = w.begun(result.Steps)
		result.Outcome = w.runSteps(ctx, result.Steps, isOrdinary)
		if w.unstarted != nil {
			result.Result = failure(w.unstarted)
		}
	}
	if result.Outcome == plan.OutcomeDone {
		if err := w.safely(func() error { return w.conclude(ctx) }); err != nil {
			result.Result = failure(err)
		}
	}
	w.markRest(result.Steps)
	result.ActorID, result.Became = w.actorID, w.became
	result.Elapsed = time.Since(began)
	if w.verifying {
		return verified(w.change, result)
	}
	return result
}

// failure is the result of something that ended with err.
func failure(err error) plan.Result {
	if errors.Is(err, ErrInDoubt) {
		return plan.Result{Outcome: plan.OutcomeInDoubt, Err: err}
	}
	return plan.Result{Outcome: plan.OutcomeFailed, Err: err}
}

// prepare does what the change says of the actor itself, so that its steps can run.
func (w *worker) prepare(ctx context.Context) error {
	switch c := w.change; c.Action {
	case plan.ActionCreate:
		return w.create(ctx)
	case plan.ActionReplace:
		if err := w.destroy(ctx); err != nil {
			return err
		}
		return w.create(ctx)
	case plan.ActionDestroy:
		return w.destroy(ctx)
	case plan.ActionForget:
		return w.forget()
	case plan.ActionRead:
		return w.find(ctx)
	case plan.ActionAdopt, plan.ActionNoOp, plan.ActionUpdate:
	}
	return w.keep(ctx)
}

// keep has the ledger follow what is declared of an actor that stays.
func (w *worker) keep(ctx context.Context) error {
	if err := unbegun(w.remember()); err != nil {
		return err
	}
	return w.resolve(ctx)
}

func (w *worker) remember() error {
	if renamed := w.change.RenamedSteps; len(renamed) > 0 {
		if err := w.Ledger.MoveSteps(w.identity(), renamed); err != nil {
			return err
		}
	}
	if adopt := w.change.Adopt; adopt != nil {
		return w.bind(*adopt)
	}
	return nil
}

func (w *worker) destroy(ctx context.Context) error {
	var timeout time.Duration
	if w.desired != nil {
		timeout = w.desired.Settings.DestroyTimeout
	}
	if err := w.Executor.Destroy(ctx, w.change.ActorID, timeout); err != nil {
		return fmt.Errorf("destroy: %w", err)
	}
	w.actorID = ""
	return w.forget()
}

// identity returns what the actor of the change is.
func (w *worker) identity() plan.Identity {
	if w.desired != nil {
		return w.desired.Identity()
	}
	return plan.IdentityOf(w.change.Name, w.change.Key)
}

// bind has the ledger remember the declared actor, with what its declaration says beyond the entry.
func (w *worker) bind(entry plan.Entry) error {
	d := w.desired
	entry.Address, entry.DependsOn, entry.PreventDestroy = d.Address, d.DependsOn, d.Settings.PreventDestroy
	entry.OnDestroy, entry.FirstApplied = d.HasFarewells(), w.At
	return w.Ledger.Bind(entry)
}

func (w *worker) forget() error { return w.Ledger.Forget(w.identity()) }

// create makes the actor. The ledger learns of it before the request, so that a crash in between leaves no actor that
// riveter made and does not know.
func (w *worker) create(ctx context.Context) error {
	if err := w.resolve(ctx); err != nil {
		return err
	}
	d := w.desired
	input, err := value.Remember(w.DigestKey, d.Input)
	if err != nil {
		return fmt.Errorf("input: %w", err)
	}
	entry := plan.Entry{Name: d.Address.Name, Key: d.Key, Created: true, Fresh: true, Input: input, CrashPolicy: d.Settings.CreatedPolicy()}
	if d.Triggers != cty.NilVal {
		if entry.Triggers, err = value.Remember(w.DigestKey, d.Triggers); err != nil {
			return fmt.Errorf("replace_triggered_by: %w", err)
		}
	}
	if err := unbegun(w.bind(entry)); err != nil {
		return err
	}
	made, err := w.Executor.Create(ctx, d)
	err = cutOff(ctx, err)
	if err == nil && !made.New {
		err = w.met(made)
	}
	if err != nil {
		return takeBack(fmt.Errorf("create: %w", err), w.forget)
	}
	w.actorID, entry.ActorID, entry.Created = made.ActorID, made.ActorID, made.New
	entry.Fresh = made.New || w.change.MayAppear
	if err := w.bind(entry); err != nil {
		return err
	}
	if !entry.Fresh && slices.ContainsFunc(w.change.Steps, isCallOnce) {
		return fmt.Errorf("somebody else created the actor %s after the plan was made, and nobody knows whether they have made its calls; plan again to decide", made.ActorID)
	}
	if w.unseen = made.New && w.asks(); made.New && !w.unseen {
		if err := w.ready(ctx); err != nil {
			return err
		}
	}
	w.Resolver.Settle(d.Address, made.ActorID, made.New, made.CreatedAt)
	return nil
}

// met decides about an actor that turns out to be there: it is adopted, unless that loses what is declared of it.
func (w *worker) met(made Created) error {
	switch d := w.desired; {
	case d.Settings.Create == plan.CreateNew:
		return fmt.Errorf("somebody else created the actor %s after the plan was made, and create = \"create\" takes none but a new one", made.ActorID)
	case d.Input != cty.NilVal:
		return fmt.Errorf("somebody else created the actor %s after the plan was made, and its input was dropped; plan again to adopt it", made.ActorID)
	}
	w.became = plan.ActionAdopt
	return nil
}

// isCallOnce reports whether the step is a call that was to be made as nobody could have made it.
func isCallOnce(s *plan.StepChange) bool {
	return s.Decision == plan.DecisionRun && s.Desired.Call() != nil && s.Desired.Policy() != plan.RunAlways
}

// takeBack makes the ledger forget what was not created, unless it may have been.
func takeBack(err error, forget func() error) error {
	if errors.Is(err, ErrInDoubt) {
		return err
	}
	return errors.Join(err, forget())
}

// resolve fills in what was unknown of the actor while planning.
func (w *worker) resolve(ctx context.Context) error {
	planned := w.desired
	if planned.Key != nil && value.IsKnown(planned.Input) && value.IsKnown(planned.Params) && value.IsKnown(planned.Triggers) {
		return nil
	}
	actual, err := w.evaluate(ctx)
	if err != nil {
		return err
	}
	if err := plan.FilledIn(planned.Input, actual.Input); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	w.desired = actual
	return nil
}

// evaluate evaluates the declaration with what is known now.
func (w *worker) evaluate(ctx context.Context) (*plan.Desired, error) {
	diags, err := w.Resolver.Look(ctx, w.change.Address)
	if err != nil {
		return nil, err
	}
	actual, more := w.Resolver.Resolve(w.change.Address)
	if diags = append(diags, more...); diags.HasErrors() {
		return nil, &EvaluationError{diags}
	}
	return actual, nil
}
