package evaluate

import (
	"fmt"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

// Settle says that a declared actor is there now: it has this id, was created by this run or not, and when, by the
// server's clock. What refers to it can then be resolved.
func (e *Evaluation) Settle(a address.Address, id string, created bool, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(a)
	inst.Settle(id, created, at)
	e.changed(inst)
}

// Renew says what an actor now says of itself. Steps and postconditions that are resolved afterwards see it. It returns a
// diagnostic for each read that failed.
func (e *Evaluation) Renew(a address.Address, live plan.Live) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(a)
	diags := e.setLive(inst, live)
	e.changed(inst)
	return diags
}

// SettleStep says what a step gave, for what refers to its result.
func (e *Evaluation) SettleStep(s address.StepAddress, output cty.Value) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(s.Actor)
	inst.Keep(s, output)
	e.changed(inst)
}

// Resolve evaluates a declared actor again, with what is known now. What was known before has the same value still,
// except for what is read from live actors. The result is a new value; the one that Desired returned stays as it was.
func (e *Evaluation) Resolve(a address.Address) (*plan.Desired, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(a)
	diags := e.refreshAll(inst)
	again := *inst.Desired
	inst.Desired = &again
	diags = append(diags, e.evaluateIdentity(inst)...)
	diags = append(diags, e.claim(inst)...)
	diags = append(diags, e.evaluateBody(inst)...)
	diags = append(diags, e.evaluateInstanceSteps(inst)...)
	e.changed(inst)
	diags = instances.Causes(diags)
	syntax.SortDiagnostics(diags)
	return inst.Desired, diags
}

// ResolveStep evaluates one step of a declared actor again, right before it is done.
func (e *Evaluation) ResolveStep(s address.StepAddress) (*plan.Step, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(s.Actor)
	diags := e.refreshAll(inst)
	steps, more := e.evaluateStep(inst.Making(s), inst.Step(s), &s.Key)
	diags = instances.Causes(append(diags, more...))
	if len(steps) == 0 && !diags.HasErrors() {
		diags = append(diags, syntax.Problem("Step is gone", fmt.Sprintf("%s was planned, and what it is repeated for has no such key any more: "+
			"somebody, or the run itself, has changed what the actor says. Plan again to see what is left to do.", s), inst.Step(s).Range))
	}
	if len(steps) == 0 {
		return nil, diags
	}
	return steps[0], diags
}

// ExpandStep evaluates all instances of a step of a declared actor of which nobody knew while planning how many there are. It returns the
// step itself, too, as it is planned when nobody knows that again; nil where that does not happen.
func (e *Evaluation) ExpandStep(s address.StepAddress) (steps []*plan.Step, whole *plan.Step, diags hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(s.Actor)
	diags = e.refreshAll(inst)
	making := inst.Making(s)
	steps, more := e.evaluateStep(making, inst.Step(s), nil)
	diags = instances.Causes(append(diags, more...))
	if i := slices.IndexFunc(steps, func(s *plan.Step) bool { return s.Deferred }); i >= 0 && !diags.HasErrors() {
		return nil, nil, append(diags, syntax.Problem(syntax.InvalidForEach,
			"How often the step is to be made: "+plan.ErrStillUnknown.Error()+".", steps[i].Settings.Range))
	}
	whole = e.whole(making, inst.Step(s))
	inst.Spread(s, steps)
	e.changed(inst)
	return steps, whole, diags
}

// MatchEvent reports whether an event that was received is the one that a step awaits, by the position of the await
// actorBlock within the step.
func (e *Evaluation) MatchEvent(s address.StepAddress, position int, args []cty.Value) (bool, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(s.Actor).Making(s)
	st := inst.Step(s)
	w := st.Awaits[position]
	if w.Condition == nil {
		return true, nil
	}
	rounds, _, diags := e.rounds(inst, st)
	for _, round := range rounds {
		if round.Key != s.Key {
			continue
		}
		variables := instances.With(round.Over(inst.Names(w.Scope), w.Scope), "event",
			cty.ObjectVal(map[string]cty.Value{"args": cty.TupleVal(args)}))
		f, ctx := e.enter(inst, w.Scope, variables)
		holds, more := f.Boolean("condition", w.Condition, ctx)
		return holds.IsKnown() && holds.True(), append(diags, more...)
	}
	return false, diags
}

// instance returns a declared actor. Asking for another one is a mistake of the caller's.
func (e *Evaluation) instance(a address.Address) *instances.Instance {
	if b := e.byAddress[a.Block()]; b != nil {
		if inst, ok := instances.WithKey(b.Instances, a.Key); ok {
			return inst
		}
	}
	panic(fmt.Sprintf("hcl: %s is not declared", a))
}

func (e *Evaluation) declarationOf(inst *instances.Instance) *declare.Declaration {
	return inst.Block.Module.Tree.Declarations[inst.Block.Actor.Address()]
}
