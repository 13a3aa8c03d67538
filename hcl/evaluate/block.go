package evaluate

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan/address"
	"riveter/plan/value"
)

// actorBlock is an actor or data block in one module instance, expanded to its instances.
type actorBlock struct {
	actor     *declare.Actor
	module    *moduleInstance
	instances []*instance  // in the order of their keys
	open      bool         // how many instances there are is not known, because evaluation failed or only validates
	failed    bool         // to say how many instances there are
	example   *instance    // stands for those of an open block, so that what is wrong with them is found
	dependsOn dependencies // of a data block: what all instances refer to
	observed  bool
	read      bool
	repeats   from // what for_each says

	whole     cty.Value // of all instances; cty.NilVal until somebody wants it
	addresses []address.Address
}

// address returns the address of the block without an instance key.
func (b *actorBlock) address() address.Address {
	return address.Address{Module: b.module.path, Kind: b.actor.Kind, Name: b.actor.Name, Label: b.actor.Label}
}

// all returns the instances, and the one that stands for those that nobody knows.
func (b *actorBlock) all() []*instance {
	if b.example != nil {
		return append(slices.Clip(b.instances), b.example)
	}
	return b.instances
}

func (b *actorBlock) isOpen() bool { return b.open }

// object returns what a reference to the whole block means: the one actor, or the instances by key, or in a list.
func (b *actorBlock) object(names) cty.Value {
	if b.whole == cty.NilVal {
		b.whole = collect(b.open, b.actor.Repetition, b.instances, func(i *instance) cty.Value { return i.object(nil) })
	}
	return b.whole
}

func (b *actorBlock) find(index cty.Value) member {
	if i, ok := withKey(b.instances, b.actor.Repetition.KeyOf(index)); ok {
		return i
	}
	return nil
}

func (b *actorBlock) some() ([]address.InstanceKey, int) { return someKeys(b.instances) }

func (b *actorBlock) addTo(deps *dependencies, _ names) {
	if b.actor.Kind == address.KindActor {
		deps.addBlock(b)
		return
	}
	deps.add(b.dependsOn)
	for _, i := range b.instances {
		deps.add(i.refersTo)
	}
}

// shareTypes has the inputs of instances share their type, where it is the same.
func (b *actorBlock) shareTypes() {
	inputs := make([]cty.Value, len(b.instances))
	for i, inst := range b.instances {
		inputs[i] = inst.desired.Input
	}
	value.ShareTypes(inputs)
	for i, inst := range b.instances {
		inst.desired.Input = inputs[i]
	}
}

// instanceAddresses returns those of all instances. It is made once and shared.
func (b *actorBlock) instanceAddresses() []address.Address {
	if b.addresses == nil {
		b.addresses = make([]address.Address, len(b.instances))
		for i, inst := range b.instances {
			b.addresses[i] = inst.desired.Address
		}
	}
	return b.addresses
}
