package apply

import (
	"context"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/value"
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
	w.desired = withDeferred(w.desired, w.change.Desired.Steps)
	met, diags := w.meet(ctx, seen)
	if err := w.say(diags); err != nil {
		return err
	}
	w.change, w.actorID, w.became = met, met.ActorID, met.Action
	if met.Action == plan.ActionCreate {
		return w.create(ctx)
	}
	return w.keep(ctx)
}

// withDeferred returns what is declared with the steps as they were planned where nobody knew how often they are made: their instances are
// made when their turn comes, and are one step for whoever reports.
func withDeferred(now *plan.Desired, planned []*plan.Step) *plan.Desired {
	again := *now
	again.Steps = slices.Clone(planned)
	for i, p := range planned {
		if at := slices.IndexFunc(now.Steps, func(s *plan.Step) bool { return s.Address == p.Address }); at >= 0 && !p.Deferred {
			again.Steps[i] = now.Steps[at]
		}
	}
	return &again
}

// meet decides about an actor that was looked for. One that may be what riveter was to create is asked what it was created with.
func (w *worker) meet(ctx context.Context, seen plan.Observed) (*plan.ActorChange, hcl2.Diagnostics) {
	met, diags := w.change.Meet(w.desired, seen)
	if met.Action != plan.ActionAdopt || !met.Adopt.Created || seen.Failing != "" {
		return met, diags
	}
	input, err := w.Executor.Input(ctx, seen.ActorID)
	if err == nil {
		seen.Input, err = value.Remember(w.DigestKey, input)
	}
	if err != nil {
		return met, diags
	}
	return w.change.Meet(w.desired, seen)
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
