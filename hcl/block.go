package hcl

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// block is an actor block in one module instance, expanded to its instances.
type block struct {
	actor     *actor
	scope     *scope
	instances []*instance // in the order of their keys
	byKey     map[plan.InstanceKey]*instance
	open      bool      // how many instances there are is not known, because evaluation failed or only validates
	example   *instance // stands for those of an open block, so that what is wrong with them is found
	observed  bool

	whole cty.Value // of all instances; cty.NilVal until somebody wants it
	names []plan.Address
}

// instance is one actor: what is desired of it, and what is known of it.
type instance struct {
	block    *block
	round    iteration
	desired  *plan.Desired
	observed plan.Observed
	keyKnown bool
	seen     bool         // the server was asked, or apply has settled it
	created  bool         // by this run, or it will be
	settled  bool         // it is there now
	refersTo dependencies // beyond what all instances of the block refer to

	value cty.Value // what expressions see; cty.NilVal until somebody looks
}

// address returns the address of the block without an instance key.
func (b *block) address() plan.Address {
	return plan.Address{Module: b.scope.path, Kind: plan.KindActor, Name: b.actor.name, Label: b.actor.label}
}

// forget drops values that no longer hold, after something became known of the instance.
func (i *instance) forget() { i.value, i.block.whole = cty.NilVal, cty.NilVal }

// addresses returns those of all instances. It is made once and shared.
func (b *block) addresses() []plan.Address {
	if b.names == nil {
		b.names = make([]plan.Address, len(b.instances))
		for i, inst := range b.instances {
			b.names[i] = inst.desired.Address
		}
	}
	return b.names
}

// object returns what a reference to the whole block means: the one actor, or the instances by key, or in a list.
func (b *block) object() cty.Value {
	switch {
	case b.open:
		return cty.DynamicVal
	case !b.actor.repetition.repeats():
		return b.instances[0].object()
	case b.whole != cty.NilVal:
		return b.whole
	case b.actor.repetition.count != nil:
		b.whole = cty.TupleVal(b.objects())
	default:
		b.whole = objectOf(b.instances)
	}
	return b.whole
}

func (b *block) objects() []cty.Value {
	values := make([]cty.Value, len(b.instances))
	for i, inst := range b.instances {
		values[i] = inst.object()
	}
	return values
}

func objectOf(instances []*instance) cty.Value {
	values := make(map[string]cty.Value, len(instances))
	for _, inst := range instances {
		values[inst.indexText()] = inst.object()
	}
	return cty.ObjectVal(values)
}

// indexText returns the instance's key as the name of an object's attribute, which numbers can select by, too.
func (i *instance) indexText() string {
	if text, ok := i.round.key.Text(); ok {
		return text
	}
	n, _ := i.round.key.Number()
	return cty.NumberIntVal(int64(n)).AsBigFloat().Text('f', 0)
}

// object returns what expressions elsewhere see of the instance.
func (i *instance) object() cty.Value {
	if i.value == cty.NilVal {
		attributes := i.live()
		attributes["input"] = i.input()
		i.value = cty.ObjectVal(attributes)
	}
	return i.value
}

// live returns what an actor can say of itself, with unknowns for what nobody knows yet.
func (i *instance) live() map[string]cty.Value {
	return map[string]cty.Value{
		"id":        i.id(),
		"name":      cty.StringVal(i.block.actor.name),
		"key":       i.keyValue(),
		"exists":    i.exists(),
		"created":   i.createdValue(),
		"create_ts": i.createTS(),
	}
}

func (i *instance) isThere() bool { return i.observed.Exists || i.settled }

func (i *instance) id() cty.Value {
	if i.isThere() {
		return cty.StringVal(i.observed.ActorID)
	}
	return cty.UnknownVal(cty.String).RefineNotNull()
}

func (i *instance) keyValue() cty.Value {
	if !i.keyKnown {
		return cty.UnknownVal(cty.List(cty.String)).RefineNotNull()
	}
	if len(i.desired.Key) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	parts := make([]cty.Value, len(i.desired.Key))
	for n, part := range i.desired.Key {
		parts[n] = cty.StringVal(part)
	}
	return cty.ListVal(parts)
}

// input of an actor that has none is null, which expressions can ask about.
func (i *instance) input() cty.Value {
	if i.desired.Input == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return i.desired.Input
}

// exists is true of an actor that is there. One that is not will be, once apply is done with it.
func (i *instance) exists() cty.Value {
	if i.isThere() {
		return cty.True
	}
	return cty.UnknownVal(cty.Bool).RefineNotNull()
}

// createdValue is known as soon as the server was asked: this run creates exactly what is not there.
func (i *instance) createdValue() cty.Value {
	switch {
	case i.settled:
		return cty.BoolVal(i.created)
	case i.seen && i.keyKnown:
		return cty.BoolVal(!i.observed.Exists)
	default:
		return cty.UnknownVal(cty.Bool).RefineNotNull()
	}
}

func (i *instance) createTS() cty.Value {
	if i.isThere() {
		return cty.NumberIntVal(i.observed.CreatedAt.UnixMilli())
	}
	return cty.UnknownVal(cty.Number).RefineNotNull()
}

// settle records that the actor is there now.
func (i *instance) settle(id string, created bool, at time.Time) {
	i.observed = plan.Observed{Exists: true, ActorID: id, CreatedAt: at}
	i.settled, i.seen, i.created = true, true, created
	i.forget()
}
