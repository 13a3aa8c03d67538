package declare

import "riveter/plan/address"

// The stages of an actor or data block.
const (
	IdentityStage = iota // which actors there are
	BodyStage            // how they are made and talked to, and what they are asked
	stepsStage           // what is done with them; data blocks have no such stage
)

func (a *Actor) stages() []*Stage {
	stages := []*Stage{
		{Scopes: []*Scope{a.ExpansionScope, a.IdentityScope}, dependsOn: a.DependsOn},
		{Scopes: []*Scope{a.BodyScope, a.ReadsScope, a.PreconditionsScope}},
	}
	if a.Kind == address.KindData {
		return stages
	}
	steps := &Stage{Scopes: []*Scope{a.PostconditionsScope}}
	for _, s := range a.Steps {
		steps.Scopes = append(steps.Scopes, s.scopes()...)
	}
	return append(stages, steps)
}

// The stages of a variable.
const (
	valueStage      = iota // an argument, in a called module
	ValidationStage        // which may refer to other values
)

func (v *Variable) stages(u *Tree) []*Stage {
	value := &Stage{}
	if a := u.Argument(v); a != nil {
		value.Outer = []*Scope{a.Scope}
	}
	if len(v.Validations) == 0 && !v.hasDynamic {
		return []*Stage{value}
	}
	return []*Stage{value, {Scopes: []*Scope{v.Scope}}}
}

func (c *ModuleCall) stage() *Stage {
	return &Stage{Scopes: []*Scope{c.Scope}, dependsOn: c.DependsOn}
}

// oneStage is that of a block whose expressions are evaluated all at once.
func oneStage(g *Scope) *Stage { return &Stage{Scopes: []*Scope{g}} }
