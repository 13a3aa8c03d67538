package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
)

// addDependencies says of every instance of a block which others must be done first. Where they are the same for all
// instances, so is the slice.
func (e *Evaluation) addDependencies(b *instances.Block) hcl2.Diagnostics {
	shared, diags := e.sharedDependencies(b, scopesOf(b))
	addresses := shared.Addresses()
	for _, inst := range b.Instances {
		inst.Desired.DependsOn = addresses
		if inst.Expanded != nil {
			for _, g := range inst.Expanded.Scopes() {
				inst.RefersTo.Add(e.frame(b.Module, g).DependsOn)
			}
		}
		if !inst.RefersTo.IsEmpty() {
			inst.RefersTo.Add(shared)
			inst.Desired.DependsOn = inst.RefersTo.Addresses()
		}
		inst.RefersTo = instances.Dependencies{}
	}
	return diags
}

// scopesOf returns all scopes of a block, and that of what its dynamic blocks are repeated for.
func scopesOf(b *instances.Block) []*declare.Scope {
	scopes := b.Actor.Scopes()
	if d := b.Module.Tree.Module.Dynamic[b.Actor.Address()]; d != nil {
		scopes = append(scopes, d.Shape)
	}
	return scopes
}

// sharedDependencies returns what all instances of a block refer to in the given scopes, or depend on in any case.
func (e *Evaluation) sharedDependencies(b *instances.Block, scopes []*declare.Scope) (instances.Dependencies, hcl2.Diagnostics) {
	var all instances.Dependencies
	for _, g := range scopes {
		all.Add(e.frame(b.Module, g).DependsOn)
	}
	for s := b.Module; s.Within != nil; s = s.Within.Module {
		all.Add(s.Within.DependsOn)
	}
	diags := all.AddExplicit(b.Module, b.Actor.DependsOn)
	return all, diags
}
