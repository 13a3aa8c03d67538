package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// worker carries out one change.
type worker struct {
	Options
	change    *plan.ActorChange
	tell      func(Event)
	foresee   func()    // before something is recorded that may say more than that
	named     *sync.Map // see scheduler
	failed    *sync.Map // the same
	verifying bool      // nothing is to be sent

	desired   *plan.Desired // the change's own, or what it was resolved to
	actorID   string
	destroyed bool              // the actor that was there
	became    plan.ChangeAction // of an actor that was looked for when its turn came, or that somebody else has created
	// unseen says that nobody has seen the created actor start, and unstarted why it has not when it was asked.
	unseen    bool
	unstarted error
	warnings  hcl2.Diagnostics
	accepted  string // what the actor said to the step that is being made, where that counts as done
}

// EvaluationError is the error of a change or step whose expressions turn out to be wrong once they are known.
type EvaluationError struct{ Diagnostics hcl2.Diagnostics }

// Error returns the first diagnostic in a line.
func (e *EvaluationError) Error() string { return inLine(e.Diagnostics) }

// inLine is the first paragraph of the first diagnostic. Its place is shown where it is shown whole.
func inLine(diags hcl2.Diagnostics) string {
	first := diags[0]
	detail, _, _ := strings.Cut(first.Detail, "\n\n")
	return strings.ToLower(first.Summary[:1]) + first.Summary[1:] + ": " + detail
}

func (w *worker) run(ctx context.Context) plan.ChangeResult {
	began := time.Now()
	w.desired, w.actorID = w.change.Desired, w.change.ActorID
	result := unstarted(w.change, plan.Result{Outcome: plan.OutcomeNotStarted})
	if err := w.safely(func() error { return w.decide(ctx) }); err != nil {
		skipRest(result.Steps, w.change.Address.String())
		result.Result = w.ended(err)
	} else if outcome := w.runSteps(ctx, result.Steps, (*plan.StepChange).IsFarewell); outcome != plan.OutcomeDone {
		result.Outcome = outcome
	} else if err := w.safely(func() error { return w.prepare(ctx) }); errors.Is(err, errStopped) {
		result.Outcome = plan.OutcomeNotStarted
	} else if err != nil {
		skipRest(result.Steps, w.change.Address.String())
		result.Result = w.ended(err)
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
	result.ActorID, result.Became, result.Destroyed = w.actorID, w.became, w.destroyed
	result.Warnings, result.Elapsed = w.warnings, time.Since(began)
	if w.verifying {
		return verified(w.change, result)
	}
	return result
}

// failure is the result of something that ended with err. A call that was made and did not come to what was expected is in doubt too: to make it
// again is for a person to decide.
func failure(err error) plan.Result {
	if errors.Is(err, ErrInDoubt) || errors.Is(err, ErrUnexpected) {
		return plan.Result{Outcome: plan.OutcomeInDoubt, Err: err}
	}
	return plan.Result{Outcome: plan.OutcomeFailed, Err: err}
}

// ended is the result of what could not be begun, or ended with err. What is not known because a step failed that kept nothing else from going on is
// skipped as that failed.
func (w *worker) ended(err error) plan.Result {
	if errors.Is(err, plan.ErrStillUnknown) {
		for _, a := range append([]address.Address{w.change.Address}, w.change.DependsOn...) {
			if cause, ok := w.failed.Load(a); ok {
				return plan.Result{Outcome: plan.OutcomeSkipped, Cause: cause.(address.StepAddress).String()}
			}
		}
	}
	return failure(err)
}

// decide looks at the preconditions of an actor, where nobody knew while planning whether they hold, and at what takes the place of one that
// goes, which must be known before that.
func (w *worker) decide(ctx context.Context) error {
	if !w.change.Guarded && w.change.Action != plan.ActionReplace {
		return nil
	}
	return w.resolve(ctx)
}

// prepare does what the change says of the actor itself, so that its steps can run. The run may have been stopped while those were made that come
// before it.
func (w *worker) prepare(ctx context.Context) error {
	if w.isStopped(ctx) {
		return errStopped
	}
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
		return w.forgetGone(ctx)
	case plan.ActionRead:
		if c.Desired == nil {
			return w.forgetOther()
		}
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
	if err := w.resolve(ctx); err != nil {
		return err
	}
	return unbegun(w.learn())
}

// learn has the ledger remember of an actor that stays what was not known while planning.
func (w *worker) learn() error {
	if w.change.Adopt == nil {
		return nil
	}
	learnt := *w.change.Adopt
	triggers, err := w.learnTriggers(&learnt)
	if err != nil {
		return fmt.Errorf("replace_triggered_by: %w", err)
	}
	input, err := w.learnInput(&learnt)
	if err != nil {
		return fmt.Errorf("input: %w", err)
	}
	if !triggers && !input {
		return nil
	}
	return w.bind(learnt)
}

// learnTriggers adds what replaces the actor when it changes, and reports whether that is new.
func (w *worker) learnTriggers(learnt *plan.Entry) (more bool, err error) {
	triggers := w.desired.Triggers
	if learnt.Triggers.Tells() || triggers == cty.NilVal || !value.IsLasting(triggers) {
		return false, nil
	}
	learnt.Triggers, err = value.Remember(w.DigestKey, triggers)
	return true, err
}

// learnInput compares the input with the one that the actor was created with. Where they are the same, it adds how that is made now, so that it
// is the same still when nobody can evaluate it again.
func (w *worker) learnInput(learnt *plan.Entry) (more bool, err error) {
	onChange := w.desired.Settings.OnInputChange
	if value.IsLasting(w.change.Desired.Input) || !value.IsLasting(w.desired.Input) || !learnt.Input.Known() || onChange == plan.InputIgnore {
		return false, nil
	}
	now, err := value.Remember(w.DigestKey, w.desired.Input)
	if err != nil {
		return false, err
	}
	same, err := learnt.Input.Is(w.DigestKey, w.desired.Input)
	switch {
	case err != nil:
		return false, err
	case same:
		more = now.Recipe != learnt.Input.Recipe
		learnt.Input.Recipe = now.Recipe
		return more, nil
	default:
		return false, w.say(hcl2.Diagnostics{w.desired.InputChanged()})
	}
}

// say has the report say what was known only in the run. What is wrong is an error.
func (w *worker) say(diags hcl2.Diagnostics) error {
	if diags.HasErrors() {
		return &EvaluationError{diags}
	}
	w.warnings = append(w.warnings, diags...)
	return nil
}

func (w *worker) remember() error {
	if adopt := w.change.Adopt; adopt != nil {
		if err := w.bind(*adopt); err != nil {
			return err
		}
	}
	if renamed := w.change.RenamedSteps; len(renamed) > 0 {
		if err := w.Ledger.MoveSteps(w.identity(), renamed); err != nil {
			return err
		}
	}
	for _, step := range w.change.Steps {
		if err := w.rememberStep(step); err != nil {
			return err
		}
	}
	return nil
}

// rememberStep has the ledger remember of what a step is made that stays as it is.
func (w *worker) rememberStep(step *plan.StepChange) error {
	var err error
	if step.Remade != nil {
		err = w.Ledger.Remade(w.identity(), step.Address, *step.Remade)
	}
	if err == nil && step.Looked != "" {
		err = w.Ledger.Withheld(w.identity(), step.Address, step.Looked)
	}
	return err
}

func (w *worker) destroy(ctx context.Context) error {
	var timeout time.Duration
	if w.desired != nil {
		timeout = w.desired.Settings.DestroyTimeout
	}
	if err := w.Executor.Destroy(ctx, w.change.ActorID, timeout); err != nil {
		return fmt.Errorf("destroy: %w", err)
	}
	w.actorID, w.destroyed = "", true
	return w.forget()
}

// identity returns what the actor of the change is.
func (w *worker) identity() plan.Identity {
	if w.desired != nil {
		return w.desired.Identity()
	}
	return plan.IdentityOf(w.change.Name, w.change.Key)
}

// bind has the ledger remember the declared actor.
func (w *worker) bind(entry plan.Entry) error { return w.Ledger.Bind(w.declared(entry)) }

// declared adds to an entry what the declaration of the actor says beyond it.
func (w *worker) declared(entry plan.Entry) plan.Entry {
	d := w.desired
	entry.Address, entry.DependsOn, entry.PreventDestroy = d.Address, d.DependsOn, d.Settings.PreventDestroy
	entry.OnDestroy, entry.FirstApplied, entry.KeyRecipe = d.HasFarewells(), w.At, d.KeyRecipe
	return entry
}

func (w *worker) forget() error { return w.Ledger.Forget(w.identity()) }

// forgetGone forgets an actor that nobody declares any more, or that is gone if the server still says so.
func (w *worker) forgetGone(ctx context.Context) error {
	for _, gone := range w.change.Gone {
		seen, err := w.Executor.Observe(ctx, []*plan.Desired{{Address: w.change.Address, ID: gone.ActorID}}, nil)
		if err != nil {
			return err
		}
		if seen[0].Exists {
			return back(gone.ActorID)
		}
	}
	return w.forget()
}

// forgetOther forgets an actor unless it turned out to be one of those whose keys were not known.
func (w *worker) forgetOther() error {
	if _, isDeclared := w.named.Load(w.identity()); isDeclared {
		w.became = plan.ActionNoOp
		return nil
	}
	w.became = plan.ActionForget
	return w.forget()
}

// create makes the actor. The ledger learns of it before the request, so that a crash in between leaves no actor that
// riveter made and does not know.
func (w *worker) create(ctx context.Context) error {
	if err := w.resolve(ctx); err != nil {
		return err
	}
	entry, err := w.intended()
	if err != nil {
		return err
	}
	if err := unbegun(w.bind(entry)); err != nil {
		return err
	}
	made, err := w.Executor.Create(ctx, w.desired)
	err = cutOff(ctx, err)
	if err == nil {
		err = w.met(made)
	}
	if err != nil {
		return takeBack(fmt.Errorf("create: %w", err), func() error { return w.restore(made.ActorID) })
	}
	w.actorID, entry.ActorID, entry.Created = made.ActorID, made.ActorID, made.New
	entry.Tried, entry.Until = time.Time{}, time.Time{}
	entry.Fresh = made.New || w.change.MayAppear
	if err := w.made(ctx, entry); err != nil {
		return err
	}
	w.Resolver.Settle(w.desired.Address, made.ActorID, made.New, made.CreatedAt)
	return nil
}

// intended is what is remembered of the actor before it is made.
func (w *worker) intended() (plan.Entry, error) {
	d := w.desired
	input, err := value.Remember(w.DigestKey, d.Input)
	if err != nil {
		return plan.Entry{}, fmt.Errorf("input: %w", err)
	}
	entry := plan.Entry{Name: d.Address.Name, Key: d.Key, Created: true, Fresh: true, Input: input, CrashPolicy: d.Settings.CreatedPolicy()}
	if d.Triggers != cty.NilVal {
		if entry.Triggers, err = value.Remember(w.DigestKey, d.Triggers); err != nil {
			return plan.Entry{}, fmt.Errorf("replace_triggered_by: %w", err)
		}
	}
	entry.Tried, entry.Until = w.attempt(d)
	return entry, nil
}

// made has the ledger remember the actor that is there now, and waits for its start. Where its first call is the question whether
// it has started, that is recorded at once, and the actor with it.
func (w *worker) made(ctx context.Context, entry plan.Entry) error {
	w.foresee()
	if w.unseen = entry.Created && w.asks(); w.unseen {
		return w.Ledger.Made(w.declared(entry))
	}
	if err := w.bind(entry); err != nil {
		return err
	}
	switch {
	case entry.Created:
		return w.ready(ctx)
	case !entry.Fresh && slices.ContainsFunc(w.change.Steps, isCallOnce):
		return fmt.Errorf("somebody else created the actor %s after the plan was made, and nobody knows whether they have made its calls; plan again to decide", entry.ActorID)
	}
	return nil
}

// met decides about an actor that turns out to be there: it is adopted, unless that loses what is declared or remembered of it.
func (w *worker) met(made Created) error {
	switch d := w.desired; {
	case w.remembers(made.ActorID):
		return back(made.ActorID)
	case made.New:
		return nil
	case w.change.Doubted.MayHaveMade(made.CreatedAt):
		return fmt.Errorf("%w: the actor %s is there, and may be the one that an earlier run was to create; plan again", ErrInDoubt, made.ActorID)
	case d.Settings.Create == plan.CreateNew:
		return fmt.Errorf("somebody else created the actor %s after the plan was made, and create = \"create\" takes none but a new one", made.ActorID)
	case d.Input != cty.NilVal:
		return fmt.Errorf("somebody else created the actor %s after the plan was made, and its input was dropped; plan again to adopt it", made.ActorID)
	}
	w.became = plan.ActionAdopt
	return nil
}

// remembers reports whether an actor is one of those that the server said were gone.
func (w *worker) remembers(actorID string) bool {
	return slices.ContainsFunc(w.change.Gone, func(e *plan.Entry) bool { return e.ActorID == actorID })
}

// back is the error of an actor that the server said was gone.
func back(actorID string) error {
	return fmt.Errorf("the server said that the actor %s was gone, and then that it is there; nothing was changed, plan again", actorID)
}

// restore has the ledger remember what it did before the actor was to be created: of the actor with this id, or of the last one.
func (w *worker) restore(actorID string) error {
	gone := w.change.Gone
	if len(gone) == 0 {
		return w.forget()
	}
	i := slices.IndexFunc(gone, func(e *plan.Entry) bool { return e.ActorID == actorID })
	return w.Ledger.Bind(*gone[max(i, 0)])
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
	if isKnown(planned) {
		return nil
	}
	actual, err := w.evaluate(ctx)
	if err != nil {
		return err
	}
	switch {
	case actual.Key == nil:
		return fmt.Errorf("key: %w", plan.ErrStillUnknown)
	case actual.Undecided && !w.verifying:
		return fmt.Errorf("precondition: %w", plan.ErrStillUnknown)
	}
	if err := plan.FilledIn(planned.Input, actual.Input); err != nil && (w.creates() || !errors.Is(err, plan.ErrStillUnknown)) {
		return fmt.Errorf("input: %w", err)
	}
	if planned.Key == nil {
		w.named.Store(actual.Identity(), true)
	}
	w.desired = actual
	return nil
}

// creates reports whether the change makes an actor, as nothing needs the input of one that is there.
func (w *worker) creates() bool {
	return w.change.Action == plan.ActionCreate || w.change.Action == plan.ActionReplace
}

func isKnown(d *plan.Desired) bool {
	return d.Key != nil && !d.Undecided && value.IsKnown(d.Input) && value.IsKnown(d.Params) && value.IsKnown(d.Triggers)
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
