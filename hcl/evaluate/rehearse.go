package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
)

// rehearsed does what is to be done once about a declaration without instances, in an evaluation in which nothing is known that an expression
// names, so that only what is wrong in any case is found. Who goes by the actors that exist needs none of it.
func (e *Evaluation) rehearsed(declared hcl2.Range, do func(*Evaluation) hcl2.Diagnostics) hcl2.Diagnostics {
	if e.common.OnlyExisting || e.wasRehearsed == nil || e.wasRehearsed[declared] {
		return nil // or by who this one is aside of
	}
	e.wasRehearsed[declared] = true
	diags := instances.WithoutConsequences(do(&Evaluation{common: e.common.Blank(), blank: true, keyPrefix: e.keyPrefix, frames: map[frameID]*instances.Frame{}}))
	instances.WithoutValues(diags)
	return diags
}

// rehearse evaluates a block that has no instances as if it had one.
func (e *Evaluation) rehearse(b *instances.Block) hcl2.Diagnostics {
	inst := instances.NewInstance(b, instances.AnyRound(b.Actor.Repetition))
	return slices.Concat(e.evaluateIdentity(inst), e.evaluateBody(inst), e.evaluateInstanceSteps(inst))
}

// rehearseStep evaluates a step that is not made as if it were.
func (e *Evaluation) rehearseStep(inst *instances.Instance, s *declare.Step) hcl2.Diagnostics {
	_, diags := e.evaluateRound(inst, s, inst.Names(s.BodyScope), *instances.AnyRound(s.Repetition))
	return diags
}

// rehearseCall evaluates all that is declared in a module that has no instances.
func (e *Evaluation) rehearseCall(c *instances.Call, child *declare.Tree) hcl2.Diagnostics {
	modules := map[*declare.Tree]*instances.Module{c.Module.Tree: c.Module, child: c.Rehearsed(child)}
	var diags hcl2.Diagnostics
	for _, d := range child.All() {
		if modules[d.Tree] == nil {
			modules[d.Tree] = instances.NewModule(d.Tree)
		}
		module := modules[d.Tree]
		if a, ok := d.What.(*declare.Actor); ok {
			diags = append(diags, e.rehearse(&instances.Block{Actor: a, Module: module})...)
			continue
		}
		for _, s := range d.Stages {
			diags = append(diags, e.rehearseScopes(module, s.Scopes)...)
			diags = append(diags, e.rehearseScopes(modules[d.Tree.Call.Tree], s.Outer)...)
		}
	}
	return diags
}

func (e *Evaluation) rehearseScopes(in *instances.Module, scopes []*declare.Scope) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, g := range scopes {
		f := e.frame(in, g)
		for _, ex := range g.Expressions {
			_, more := f.Value(ex, f.Ctx, nil)
			diags = append(diags, more...)
		}
	}
	return diags
}
