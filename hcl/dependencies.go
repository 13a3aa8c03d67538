package hcl

import (
	"slices"

	"riveter/plan/address"
)

// dependencies are the actor instances that a value was made from, be it through other values.
type dependencies struct {
	blocks    map[*block]struct{} // all instances of these
	instances map[*instance]struct{}
}

func (d *dependencies) addBlock(b *block) {
	if d.blocks == nil {
		d.blocks = map[*block]struct{}{}
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
