package hcl

import "riveter/plan/address"

// The stages of an actor or data block.
const (
	identityStage = iota // which actors there are
	bodyStage            // how they are made and talked to, and what they are asked
	stepsStage           // what is done with them; data blocks have no such stage
)

func (a *actor) stages() []*stage {
	stages := []*stage{
		{groups: []*group{a.expansion, a.identity}, dependsOn: a.dependsOn},
		{groups: []*group{a.body, a.asking, a.preconditions}},
	}
	if a.kind == address.KindData {
		return stages
	}
	steps := &stage{groups: []*group{a.postconditions}}
	for _, s := range a.steps {
		steps.groups = append(steps.groups, s.groups()...)
	}
	return append(stages, steps)
}

// The stages of a variable.
const (
	valueStage      = iota // an argument, in a called module
	validationStage        // which may refer to other values
)

func (v *variable) stages(u *unit) []*stage {
	value := &stage{}
	if a := u.argument(v); a != nil {
		value.outer = []*group{a.group}
	}
	if len(v.validations) == 0 && !v.hasDynamic {
		return []*stage{value}
	}
	return []*stage{value, {groups: []*group{v.group}}}
}

func (c *moduleCall) stage() *stage {
	return &stage{groups: []*group{c.expansion}, dependsOn: c.dependsOn}
}

// oneStage is that of a block whose expressions are evaluated all at once.
func oneStage(g *group) *stage { return &stage{groups: []*group{g}} }
