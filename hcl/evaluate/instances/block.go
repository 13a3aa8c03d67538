package instances

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Block is an actor or data block in one module instance, expanded to its instances.
type Block struct {
	Actor     *declare.Actor
	Module    *Module
	Instances []*Instance  // in the order of their keys
	Open      bool         // how many instances there are is not known, because evaluation failed or only validates
	Failure                // to say how many instances there are
	Example   *Instance    // stands for those of an open block, so that what is wrong with them is found
	DependsOn Dependencies // of a data block: what all instances refer to
	Observed  bool
	Read      bool
	Repeats   Origin // what for_each says

	whole     cty.Value // of all instances; cty.NilVal until somebody wants it
	addresses []address.Address
}

// Address returns the address of the block without an instance key.
func (b *Block) Address() address.Address {
	return address.Address{Module: b.Module.Path, Kind: b.Actor.Kind, Name: b.Actor.Name, Label: b.Actor.Label}
}

// All returns the instances, and the one that stands for those that nobody knows.
func (b *Block) All() []*Instance {
	if b.Example != nil {
		return append(slices.Clip(b.Instances), b.Example)
	}
	return b.Instances
}

// Forget drops the value of all instances, if there is one.
func (b *Block) Forget() {
	if b.whole != cty.NilVal {
		b.whole = cty.NilVal
	}
}

func (b *Block) isOpen() bool { return b.Open }

// object returns what a reference to the whole block means: the one actor, or the instances by key, or in a list.
func (b *Block) object(names) cty.Value {
	if b.whole == cty.NilVal {
		b.whole = collect(b.Open, b.Actor.Repetition, b.Instances, func(i *Instance) cty.Value { return i.object(nil) })
	}
	return b.whole
}

func (b *Block) find(index cty.Value) member {
	if i, ok := WithKey(b.Instances, b.Actor.Repetition.KeyOf(index)); ok {
		return i
	}
	return nil
}

func (b *Block) some() ([]address.InstanceKey, int) { return someKeys(b.Instances) }

func (b *Block) addTo(deps *Dependencies, _ names) {
	if b.Actor.Kind == address.KindActor {
		deps.addBlock(b)
		return
	}
	deps.Add(b.DependsOn)
	for _, i := range b.Instances {
		deps.Add(i.RefersTo)
	}
}

// ShareTypes has the inputs of instances share their type, where it is the same.
func (b *Block) ShareTypes() {
	inputs := make([]cty.Value, len(b.Instances))
	for i, inst := range b.Instances {
		inputs[i] = inst.Desired.Input
	}
	value.ShareTypes(inputs)
	for i, inst := range b.Instances {
		inst.Desired.Input = inputs[i]
	}
}

// instanceAddresses returns those of all instances. It is made once and shared.
func (b *Block) instanceAddresses() []address.Address {
	if b.addresses == nil {
		b.addresses = make([]address.Address, len(b.Instances))
		for i, inst := range b.Instances {
			b.addresses[i] = inst.Desired.Address
		}
	}
	return b.addresses
}
