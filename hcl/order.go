package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// addDependencies says of every instance of a block which others must be done first. Where they are the same for all
// instances, so is the slice.
func (e *Evaluation) addDependencies(b *block) hcl2.Diagnostics {
	shared, diags := e.sharedDependencies(b)
	addresses := shared.addresses()
	for _, inst := range b.instances {
		inst.desired.DependsOn = addresses
		if !inst.refersTo.isEmpty() {
			inst.refersTo.add(shared)
			inst.desired.DependsOn = inst.refersTo.addresses()
		}
		inst.refersTo = dependencies{}
	}
	return diags
}

func (e *Evaluation) sharedDependencies(b *block) (dependencies, hcl2.Diagnostics) {
	a := b.actor
	var all dependencies
	for _, g := range []*group{a.expansion, a.identity, a.content} {
		all.add(e.frame(b.scope, g).dependsOn)
	}
	for _, st := range a.steps {
		all.add(e.frame(b.scope, st.expansion).dependsOn)
		all.add(e.frame(b.scope, st.body).dependsOn)
	}
	var diags hcl2.Diagnostics
	for _, r := range a.dependsOn {
		diags = append(diags, all.addExplicit(b.scope, r)...)
	}
	return all, diags
}

// addExplicit adds an element of depends_on.
func (d *dependencies) addExplicit(s *scope, r *reference) hcl2.Diagnostics {
	b := s.blocks[r.address()]
	if r.index == nil {
		d.addBlock(b)
		return nil
	}
	index, diags := r.index.Value(nil)
	if diags.HasErrors() {
		return diags
	}
	inst := b.find(index)
	if inst == nil {
		return hcl2.Diagnostics{problem("Reference to missing instance", fmt.Sprintf("depends_on: %s", b.missing(r, nil)), r.subject)}
	}
	d.addInstance(inst)
	return nil
}
