package hcl

import (
	"fmt"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
)

// Settle says that the actor of a declared instance is there now: it has this id, was created by this run or not, and
// when, by the server's clock. What refers to it can then be resolved.
func (e *Evaluation) Settle(a plan.Address, id string, created bool, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(a)
	inst.settle(id, created, at)
	for _, s := range e.declarationOf(inst).stages {
		e.outdate(s.dependents)
	}
	e.outdate(e.declarationOf(inst).stages[1:])
}

// Resolve evaluates a declared instance again, with what is known now. What was known before has the same value still.
// The result is a new value; the one that Desired returned stays as it was.
func (e *Evaluation) Resolve(a plan.Address) (*plan.Desired, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(a)
	diags := e.refreshNeeds(inst)
	copied := *inst.desired
	inst.desired = &copied
	inst.forget()
	diags = append(diags, e.evaluateKey(inst)...)
	diags = append(diags, e.evaluateContent(inst)...)
	for _, s := range e.declarationOf(inst).stages {
		e.outdate(s.dependents)
	}
	SortDiagnostics(diags)
	return inst.desired, diags
}

// ResolveStep evaluates one step of a declared instance again, right before it is done.
func (e *Evaluation) ResolveStep(s plan.StepAddress) (*plan.DesiredStep, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(s.Actor)
	diags := e.refreshNeeds(inst)
	for _, st := range inst.block.actor.steps {
		if st.kind != s.Kind || st.label != s.Label {
			continue
		}
		steps, more := e.evaluateStep(inst, st, &s.Key)
		diags = append(diags, more...)
		if len(steps) == 1 {
			return steps[0], diags
		}
	}
	if !diags.HasErrors() {
		panic(fmt.Sprintf("hcl: %s is not declared", s))
	}
	return nil, diags
}

// instance returns a declared instance. Asking for another one is a mistake of the caller's.
func (e *Evaluation) instance(a plan.Address) *instance {
	if inst, ok := e.byAddress[a]; ok {
		return inst
	}
	panic(fmt.Sprintf("hcl: %s is not declared", a))
}

func (e *Evaluation) declarationOf(inst *instance) *declaration {
	return inst.block.scope.unit.declarations[inst.block.actor.address()]
}

// outdate marks stages, and what refers to them, as evaluated with values that are no longer the latest.
func (e *Evaluation) outdate(stages []*stage) {
	for _, s := range stages {
		if !e.stale[s] {
			e.stale[s] = true
			e.outdate(s.dependents)
		}
	}
}

// refreshNeeds brings what an instance refers to up to date.
func (e *Evaluation) refreshNeeds(inst *instance) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, s := range e.declarationOf(inst).stages {
		diags = append(diags, e.refresh(s)...)
	}
	return diags
}

// refresh evaluates a stage again if it is stale. Of actors it only drops what their instances share: each instance is
// evaluated again by itself, when its turn comes.
func (e *Evaluation) refresh(s *stage) hcl2.Diagnostics {
	if !e.stale[s] {
		return nil
	}
	delete(e.stale, s)
	var diags hcl2.Diagnostics
	for _, n := range s.needs {
		if n.stage.declaration != s.declaration {
			diags = append(diags, e.refresh(n.stage)...)
		}
	}
	_, isActor := s.declaration.what.(*actor)
	for _, scope := range e.scopes[s.declaration.unit] {
		for _, g := range s.groups {
			delete(e.frames, frameID{scope, g})
		}
		if !isActor {
			diags = append(diags, s.evaluate(e, scope)...)
		}
	}
	return diags
}
