package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// addDependencies says of every instance of a block which others must be done first. Where they are the same for all
// instances, so is the slice.
func (e *Evaluation) addDependencies(b *block) hcl2.Diagnostics {
	shared, diags := e.sharedDependencies(b, b.actor.groups())
	addresses := shared.addresses()
	for _, inst := range b.instances {
		inst.desired.DependsOn = addresses
		if inst.expanded != nil {
			for _, g := range inst.expanded.groups() {
				inst.refersTo.add(e.frame(b.scope, g).dependsOn)
			}
		}
		if !inst.refersTo.isEmpty() {
			inst.refersTo.add(shared)
			inst.desired.DependsOn = inst.refersTo.addresses()
		}
		inst.refersTo = dependencies{}
	}
	return diags
}

// sharedDependencies returns what all instances of a block refer to in the given groups, or depend on in any case.
func (e *Evaluation) sharedDependencies(b *block, groups []*group) (dependencies, hcl2.Diagnostics) {
	var all dependencies
	for _, g := range groups {
		all.add(e.frame(b.scope, g).dependsOn)
	}
	for s := b.scope; s.within != nil; s = s.within.scope {
		all.add(s.within.dependsOn)
	}
	diags := all.addExplicit(b.scope, b.actor.dependsOn)
	return all, diags
}

// addExplicit adds the elements of depends_on.
func (d *dependencies) addExplicit(s *scope, references []*reference) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, r := range references {
		to := s.target(r)
		if r.index == nil {
			addAll(d, to)
			continue
		}
		index, more := r.index.Value(nil)
		diags = append(diags, more...)
		m := to.find(index)
		if m == nil {
			diags = append(diags, problem("Reference to missing instance", missing(to, r, nil), r.subject))
			continue
		}
		addAll(d, m)
	}
	return diags
}

// addAll adds the actors of a block, or of everything in a module.
func addAll(d *dependencies, to any) {
	switch to := to.(type) {
	case *block:
		d.addBlock(to)
	case *instance:
		d.addInstance(to)
	case *call:
		for _, s := range to.instances {
			addAll(d, s)
		}
	case *scope:
		for _, b := range to.blocks {
			if b.actor.kind == address.KindActor {
				d.addBlock(b)
			}
		}
		for _, c := range to.calls {
			addAll(d, c)
		}
	}
}
