package apply

import (
	"context"

	"riveter/plan"
)

// find looks for an actor now that what it depends on is done, and does what that says.
func (w *worker) find(ctx context.Context) error {
	if err := w.resolve(ctx); err != nil {
		return err
	}
	observed, err := w.Executor.Observe(ctx, []*plan.Desired{w.desired}, nil)
	if err != nil {
		return err
	}
	seen := observed[0]
	if seen.Exists {
		w.Resolver.Settle(w.change.Address, seen.ActorID, false, seen.CreatedAt)
		if w.desired, err = w.evaluate(ctx); err != nil {
			return err
		}
	}
	met, diags := w.change.Meet(w.desired, seen)
	if diags.HasErrors() {
		return &EvaluationError{diags}
	}
	w.change, w.actorID, w.became = met, met.ActorID, met.Action
	if met.Action == plan.ActionCreate {
		return w.create(ctx)
	}
	return w.keep(ctx)
}

// begun returns how the steps begin, given how they would have if the plan had known. What is not to be made any more is done.
func (w *worker) begun(planned []plan.Result) []plan.Result {
	if w.became == "" {
		return planned
	}
	steps := unstarted(w.change, plan.Result{Outcome: plan.OutcomeNotStarted}).Steps
	for i, step := range w.change.Steps {
		steps[i].Unneeded = !isToDo(step) && i < len(planned) && planned[i].Outcome == plan.OutcomeNotStarted
	}
	return steps
}
