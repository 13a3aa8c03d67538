package apply

import (
	"cmp"
	"context"
	"fmt"

	"riveter/plan"
)

// runDeferred makes the instances of a step of which nobody knew while planning how many there are, one after the other. Its
// result is that of the first which is not done.
func (w *worker) runDeferred(ctx context.Context, step *plan.StepChange) plan.Result {
	var instances []*plan.Step
	var all *plan.Step
	err := w.safely(func() (err error) {
		instances, all, err = w.expand(ctx, step.Desired)
		return err
	})
	if err != nil {
		return failure(err)
	}
	whole := plan.Result{Outcome: plan.OutcomeDone, Unneeded: true}
	for _, now := range instances {
		if w.isStopped(ctx) {
			return plan.Result{Outcome: plan.OutcomeNotStarted, Made: whole.Made}
		}
		result := w.runInstance(ctx, step.Instance(now))
		whole.Elapsed += result.Elapsed
		whole.Unneeded = whole.Unneeded && result.Unneeded
		if result.Outcome != plan.OutcomeDone {
			result.Elapsed, result.Made = whole.Elapsed, whole.Made
			return result
		}
		if !result.Unneeded {
			whole.Made++
		}
	}
	if err := w.repeated(all); err != nil {
		return failure(err)
	}
	return whole
}

// repeated has the ledger remember how that is made for each of which a step was made, where nobody will be able to evaluate it again.
func (w *worker) repeated(step *plan.Step) error {
	if step == nil || w.actorID == "" || w.verifying {
		return nil
	}
	if recipe, err := step.RepetitionRecipe(w.DigestKey); err == nil && recipe != "" { // else nobody could compare it
		return w.Ledger.Withheld(w.identity(), step.Address, recipe)
	}
	return nil
}

func (w *worker) runInstance(ctx context.Context, instance *plan.StepChange) plan.Result {
	switch {
	case instance.Decision == plan.DecisionUnknown:
		return failure(fmt.Errorf("%s: nobody knows whether it is due: %s. Plan again to decide", instance.Address.Relative(), instance.Reason))
	case !isToDo(instance):
		now, err := instance.Desired.Remember(w.DigestKey)
		if err = cmp.Or(err, w.remake(instance, now)); err != nil {
			return failure(fmt.Errorf("%s: %w", instance.Address.Relative(), err))
		}
		w.handOn(instance, w.unmade(instance))
		return plan.Result{Outcome: plan.OutcomeDone, Unneeded: true}
	}
	result := w.runStep(ctx, instance)
	if result.Err != nil {
		result.Err = fmt.Errorf("%s: %w", instance.Address.Relative(), result.Err)
	}
	return result
}

// expand asks the actor what the step refers to, and returns the instances that there are, and what [Resolver] has of the whole.
func (w *worker) expand(ctx context.Context, step *plan.Step) (instances []*plan.Step, all *plan.Step, err error) {
	if err := w.ask(ctx, step); err != nil {
		return nil, nil, err
	}
	instances, all, diags := w.Resolver.ExpandStep(step.Address)
	if diags.HasErrors() {
		return nil, nil, &EvaluationError{diags}
	}
	return instances, all, nil
}
