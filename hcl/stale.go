package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

// stageIn is a stage in one instance of its module.
type stageIn struct {
	stage *stage
	scope *scope
}

// changed marks everything that refers to an instance as evaluated with values that are no longer the latest. What the
// instances of its own block share is not among it.
func (e *Evaluation) changed(inst *instance) {
	d := e.declarationOf(inst)
	for _, s := range d.stages {
		for _, dependent := range s.dependents {
			if dependent.declaration != d {
				e.outdate(dependent, inst.block.scope)
			}
		}
	}
}

// outdate marks a stage, and what depends on it, wherever it may refer to a module instance.
func (e *Evaluation) outdate(s *stage, to *scope) {
	for _, scope := range e.related(to, s.declaration.unit) {
		at := stageIn{s, scope}
		if e.stale[at] {
			continue
		}
		e.stale[at] = true
		for _, dependent := range s.dependents {
			e.outdate(dependent, scope)
		}
	}
}

// related returns the instances of a module that may refer to a module instance, or be referred to by it: that instance
// itself, the one that calls it, those that it calls; or all, where a reference goes further.
func (e *Evaluation) related(to *scope, u *unit) []*scope {
	switch {
	case u == to.unit:
		return []*scope{to}
	case to.within != nil && u == to.within.scope.unit:
		return []*scope{to.within.scope}
	case u.call != nil && u.call.unit == to.unit:
		return to.calls[u.call.address].instances
	default:
		return e.scopes[u]
	}
}

// refreshAll brings what an instance refers to up to date.
func (e *Evaluation) refreshAll(inst *instance) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, s := range e.declarationOf(inst).stages {
		diags = append(diags, e.refresh(s, inst.block.scope)...)
	}
	if inst.expanded != nil {
		e.drop(inst.block.scope, inst.expanded.groups())
	}
	return diags
}

// refresh evaluates a stage again if it is stale. Of blocks that have instances it only drops what these share: how many
// there are does not change, and each is evaluated again by itself, when its turn comes.
func (e *Evaluation) refresh(s *stage, scope *scope) hcl2.Diagnostics {
	at := stageIn{s, scope}
	if !e.stale[at] || e.narrowed.leavesOut(s.declaration) {
		return nil
	}
	delete(e.stale, at)
	var diags hcl2.Diagnostics
	for _, n := range s.needs {
		if needed := n.stage.declaration; needed != s.declaration {
			for _, other := range e.related(scope, needed.unit) {
				diags = append(diags, e.refresh(n.stage, other)...)
			}
		}
	}
	e.drop(scope, s.groups)
	if scope.within != nil {
		e.drop(scope.within.scope, s.outer)
	}
	switch s.declaration.what.(type) {
	case *actor, *moduleCall:
		return diags
	default:
		return append(diags, e.evaluate(s, scope)...)
	}
}

// drop forgets what groups show in a module instance.
func (e *Evaluation) drop(scope *scope, groups []*group) {
	for _, g := range groups {
		delete(e.frames, frameID{scope, g})
	}
}
