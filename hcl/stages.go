package hcl

import (
	"slices"

	"riveter/plan"
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
	if a.kind == plan.KindData {
		return stages
	}
	last := &stage{groups: []*group{a.postconditions}, evaluate: a.evaluateSteps}
	for _, s := range a.steps {
		last.groups = append(last.groups, s.groups()...)
	}
	return append(stages, last)
}

// asksAnything reports whether some expression names a read or the live state.
func (a *actor) asksAnything() bool {
	return a.wantsState || slices.ContainsFunc(a.reads, func(r *read) bool { return r.wanted })
}

// keepsOutput reports whether some expression refers to the result of a step.
func (a *actor) keepsOutput() bool {
	return slices.ContainsFunc(a.steps, func(s *step) bool { return s.keepOutput })
}
