package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/expr"
)

type frameID struct {
	module *instances.Module
	scope  *declare.Scope
}

// frame returns the frame of a scope, which is made once and kept until something that it shows becomes known.
func (e *Evaluation) frame(s *instances.Module, g *declare.Scope) *instances.Frame {
	id := frameID{s, g}
	if f, ok := e.frames[id]; ok {
		return f
	}
	newFrame := instances.NewFrame
	if e.blank {
		newFrame = instances.NewBlankFrame
	}
	f := newFrame(s, g, e.common)
	e.frames[id] = f
	return f
}

// enter returns where a scope is evaluated, with these variables. The instance refers to what
// the scope names from then on.
func (e *Evaluation) enter(inst *instances.Instance, g *declare.Scope, variables map[string]cty.Value) (*instances.Frame, *hcl2.EvalContext) {
	f := e.frame(inst.Block.Module, g)
	ctx, deps := f.Instance(variables)
	inst.RefersTo.Add(deps)
	if g.Mentions(expr.FirstApplied) {
		ctx = e.withFirstApplied(inst, ctx)
	}
	return f, ctx
}

// drop forgets what scopes show in a module instance.
func (e *Evaluation) drop(module *instances.Module, scopes []*declare.Scope) {
	for _, g := range scopes {
		delete(e.frames, frameID{module, g})
	}
}
