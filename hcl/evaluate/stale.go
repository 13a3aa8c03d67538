package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
)

// stageIn is a stage in one instance of its module.
type stageIn struct {
	stage  *declare.Stage
	module *moduleInstance
}

// changed marks everything that refers to an instance as evaluated with values that are no longer the latest. What the
// instances of its own block share is not among it.
func (e *Evaluation) changed(inst *instance) {
	d := e.declarationOf(inst)
	for _, s := range d.Stages {
		for _, dependent := range s.Dependents {
			if dependent.Declaration != d {
				e.outdate(dependent, inst.block.module)
			}
		}
	}
}

// outdate marks a stage, and what depends on it, wherever it may refer to a module instance.
func (e *Evaluation) outdate(s *declare.Stage, to *moduleInstance) {
	for _, module := range e.related(to, s.Declaration.Tree) {
		at := stageIn{s, module}
		if e.stale[at] {
			continue
		}
		e.stale[at] = true
		for _, dependent := range s.Dependents {
			e.outdate(dependent, module)
		}
	}
}

// related returns the instances of a module that may refer to a module instance, or be referred to by it: that instance
// itself, the one that calls it, those that it calls; or all, where a reference goes further.
func (e *Evaluation) related(to *moduleInstance, u *declare.Tree) []*moduleInstance {
	switch {
	case u == to.tree:
		return []*moduleInstance{to}
	case to.within != nil && u == to.within.module.tree:
		return []*moduleInstance{to.within.module}
	case u.Call != nil && u.Call.Tree == to.tree:
		return to.calls[u.Call.Address].instances
	default:
		return e.modules[u]
	}
}

// refreshAll brings what an instance refers to up to date.
func (e *Evaluation) refreshAll(inst *instance) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, s := range e.declarationOf(inst).Stages {
		diags = append(diags, e.refresh(s, inst.block.module)...)
	}
	if inst.expanded != nil {
		e.drop(inst.block.module, inst.expanded.Scopes())
	}
	return diags
}

// refresh evaluates a stage again if it is stale. Of blocks that have instances it only drops what these share: how many
// there are does not change, and each is evaluated again by itself, when its turn comes.
func (e *Evaluation) refresh(s *declare.Stage, module *moduleInstance) hcl2.Diagnostics {
	at := stageIn{s, module}
	if !e.stale[at] || e.narrowed.leavesOut(s.Declaration) {
		return nil
	}
	delete(e.stale, at)
	var diags hcl2.Diagnostics
	for _, n := range s.Needs {
		if needed := n.Stage.Declaration; needed != s.Declaration {
			for _, other := range e.related(module, needed.Tree) {
				diags = append(diags, e.refresh(n.Stage, other)...)
			}
		}
	}
	e.drop(module, s.Scopes)
	if module.within != nil {
		e.drop(module.within.module, s.Outer)
	}
	switch s.Declaration.What.(type) {
	case *declare.Actor, *declare.ModuleCall:
		return diags
	default:
		return append(diags, e.evaluate(s, module)...)
	}
}

// drop forgets what scopes show in a module instance.
func (e *Evaluation) drop(module *moduleInstance, scopes []*declare.Scope) {
	for _, g := range scopes {
		delete(e.frames, frameID{module, g})
	}
}
