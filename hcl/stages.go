package hcl

import "riveter/plan"

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
