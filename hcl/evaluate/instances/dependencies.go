package instances

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// Dependencies are the actor instances that a value was made from, be it through other values.
type Dependencies struct {
	blocks    map[*Block]struct{} // all instances of these
	instances map[*Instance]struct{}
}

func (d *Dependencies) addBlock(b *Block) {
	if d.blocks == nil {
		d.blocks = map[*Block]struct{}{}
	}
	d.blocks[b] = struct{}{}
}

func (d *Dependencies) addInstance(i *Instance) {
	if d.instances == nil {
		d.instances = map[*Instance]struct{}{}
	}
	d.instances[i] = struct{}{}
}

// Add adds those of another value.
func (d *Dependencies) Add(other Dependencies) {
	for b := range other.blocks {
		d.addBlock(b)
	}
	for i := range other.instances {
		d.addInstance(i)
	}
}

// Addresses returns the instances' addresses, sorted. The result may be shared and must not be changed.
func (d *Dependencies) Addresses() []address.Address {
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
		if _, ok := d.blocks[i.Block]; !ok {
			all = append(all, i.Desired.Address)
		}
	}
	slices.SortFunc(all, address.Address.Compare)
	return slices.Compact(all)
}

// onlyBlocks reports whether every instance is of a block that is there as a whole.
func (d *Dependencies) onlyBlocks() bool {
	for i := range d.instances {
		if _, ok := d.blocks[i.Block]; !ok {
			return false
		}
	}
	return true
}

// IsEmpty reports whether the value was made from no actor.
func (d *Dependencies) IsEmpty() bool { return len(d.blocks) == 0 && len(d.instances) == 0 }

// AddExplicit adds the elements of depends_on.
func (d *Dependencies) AddExplicit(s *Module, references []*expr.Reference) hcl2.Diagnostics {
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
func addAll(d *Dependencies, to any) {
	switch to := to.(type) {
	case *Block:
		d.addBlock(to)
	case *Instance:
		d.addInstance(to)
	case *Call:
		for _, s := range to.Instances {
			addAll(d, s)
		}
	case *Module:
		for _, b := range to.Blocks {
			if b.Actor.Kind == address.KindActor {
				d.addBlock(b)
			}
		}
		for _, c := range to.Calls {
			addAll(d, c)
		}
	}
}
