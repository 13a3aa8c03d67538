package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// The stages of an actor or data block.
const (
	identityStage = iota // which actors there are
	bodyStage            // how they are made and talked to, and what they are asked
	stepsStage           // what is done with them; data blocks have no such stage
)

// stages returns the stages of an actor or data block.
func (a *actor) stages() []*stage {
	stages := []*stage{
		{groups: []*group{a.expansion, a.identity}, dependsOn: a.dependsOn, evaluate: a.identify},
		{groups: []*group{a.body, a.asking, a.preconditions}, evaluate: a.eachInstance((*Evaluation).evaluateBody)},
	}
	if a.kind == address.KindData {
		a.noteDependencies(stages[identityStage], stages[bodyStage])
		return stages
	}
	last := &stage{groups: []*group{a.postconditions}, evaluate: a.evaluateSteps}
	for _, s := range a.steps {
		last.groups = append(last.groups, s.groups()...)
	}
	return append(stages, last)
}

// noteDependencies makes the stages of a data block note what the block depends on, as far as they know.
func (a *actor) noteDependencies(identity, body *stage) {
	identify, evaluate := identity.evaluate, body.evaluate
	identity.evaluate = func(e *Evaluation, s *scope) hcl2.Diagnostics {
		diags := identify(e, s)
		b := s.blocks[a.address()]
		deps, more := e.sharedDependencies(b, []*group{a.expansion, a.identity})
		b.dependsOn = deps
		return append(diags, more...)
	}
	body.evaluate = func(e *Evaluation, s *scope) hcl2.Diagnostics {
		diags := evaluate(e, s)
		b := s.blocks[a.address()]
		b.dependsOn, _ = e.sharedDependencies(b, a.groups()) // what is wrong has been reported
		return diags
	}
}
