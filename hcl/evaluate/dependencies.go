package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// dependencies are the actor instances that a value was made from, be it through other values.
type dependencies struct {
	blocks    map[*actorBlock]struct{} // all instances of these
	instances map[*instance]struct{}
}

func (d *dependencies) addBlock(b *actorBlock) {
	if d.blocks == nil {
		d.blocks = map[*actorBlock]struct{}{}
	}
	d.blocks[b] = struct{}{}
}

func (d *dependencies) addInstance(i *instance) {
	if d.instances == nil {
		d.instances = map[*instance]struct{}{}
	}
	d.instances[i] = struct{}{}
}

func (d *dependencies) add(other dependencies) {
	for b := range other.blocks {
		d.addBlock(b)
	}
	for i := range other.instances {
		d.addInstance(i)
	}
}

// addresses returns the instances' addresses, sorted. The result may be shared and must not be changed.
func (d *dependencies) addresses() []address.Address {
	if len(d.blocks) == 1 && d.onlyBlocks() {
		for b := range d.blocks {
			return b.instanceAddresses()
		}
	}
	var all []address.Address
	for b := range d.blocks {
		all = append(all, b.instanceAddresses()...)
	}
	for i := range d.instances {
		if _, ok := d.blocks[i.block]; !ok {
			all = append(all, i.desired.Address)
		}
	}
	slices.SortFunc(all, address.Address.Compare)
	return slices.Compact(all)
}

// onlyBlocks reports whether every instance is of a block that is there as a whole.
func (d *dependencies) onlyBlocks() bool {
	for i := range d.instances {
		if _, ok := d.blocks[i.block]; !ok {
			return false
		}
	}
	return true
}

func (d *dependencies) isEmpty() bool { return len(d.blocks) == 0 && len(d.instances) == 0 }

// addDependencies says of every instance of a block which others must be done first. Where they are the same for all
// instances, so is the slice.
func (e *Evaluation) addDependencies(b *actorBlock) hcl2.Diagnostics {
	shared, diags := e.sharedDependencies(b, b.actor.Scopes())
	addresses := shared.addresses()
	for _, inst := range b.instances {
		inst.desired.DependsOn = addresses
		if inst.expanded != nil {
			for _, g := range inst.expanded.Scopes() {
				inst.refersTo.add(e.frame(b.module, g).dependsOn)
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

// sharedDependencies returns what all instances of a block refer to in the given scopes, or depend on in any case.
func (e *Evaluation) sharedDependencies(b *actorBlock, scopes []*declare.Scope) (dependencies, hcl2.Diagnostics) {
	var all dependencies
	for _, g := range scopes {
		all.add(e.frame(b.module, g).dependsOn)
	}
	for s := b.module; s.within != nil; s = s.within.module {
		all.add(s.within.dependsOn)
	}
	diags := all.addExplicit(b.module, b.actor.DependsOn)
	return all, diags
}

// addExplicit adds the elements of depends_on.
func (d *dependencies) addExplicit(s *moduleInstance, references []*expr.Reference) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, r := range references {
		to := s.target(r)
		if r.Index == nil {
			addAll(d, to)
			continue
		}
		index, more := r.Index.Value(nil)
		diags = append(diags, more...)
		m := to.find(index)
		if m == nil {
			diags = append(diags, syntax.Problem("Reference to missing instance", missing(to, r, nil), r.Range))
			continue
		}
		addAll(d, m)
	}
	return diags
}

// addAll adds the actors of a block, or of everything in a module.
func addAll(d *dependencies, to any) {
	switch to := to.(type) {
	case *actorBlock:
		d.addBlock(to)
	case *instance:
		d.addInstance(to)
	case *moduleBlock:
		for _, s := range to.instances {
			addAll(d, s)
		}
	case *moduleInstance:
		for _, b := range to.blocks {
			if b.actor.Kind == address.KindActor {
				d.addBlock(b)
			}
		}
		for _, c := range to.calls {
			addAll(d, c)
		}
	}
}
