package evaluate

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// instance is one actor: what is desired of it, and what is known of it.
type instance struct {
	block     *actorBlock
	round     iteration
	desired   *plan.Desired
	expanded  *declare.Actor // the block as it is for this instance; nil if it has no dynamic blocks
	observed  *plan.Observed // never nil; shared, and not changed
	keyKnown  bool           // or the id, of a data block that has one
	keyMaking *value.Making
	optional  bool // of a data block: the actor may be missing
	seen      bool // the server was asked, or apply has settled it
	postponed bool // of a data block: it was looked at, and what it depends on changes
	expected  bool // of an optional data block: there is no such actor, and what it depends on is yet to be made
	created   bool // by this run

	described bool                 // its declaration is evaluated, but for its steps
	decided   bool                 // whether it is replaced
	replaced  bool                 // by another actor that this run will make
	settled   bool                 // it is there now, as apply says
	live      *plan.Live           // as observed
	results   map[string]cty.Value // of steps, by address.StepAddress.Relative
	refersTo  dependencies         // beyond what all instances of the block refer to

	value cty.Value            // what expressions see; cty.NilVal until somebody looks
	each  map[string]cty.Value // each or count, within a stage; nil until somebody looks
}

func newInstance(b *actorBlock, round iteration) *instance {
	a := b.address()
	a.Key = round.key
	d := &plan.Desired{Address: a, StepMoves: b.module.tree.StepMoves(b.actor, round.key)}
	return &instance{block: b, round: round, desired: d, observed: &unobserved, live: &unheard}
}

// What is known of an actor that nobody has asked about.
var (
	unobserved plan.Observed
	unheard    plan.Live
)

// actor returns the block that the instance is made from.
func (i *instance) actor() *declare.Actor {
	if i.expanded != nil {
		return i.expanded
	}
	return i.block.actor
}

func (i *instance) instanceKey() address.InstanceKey { return i.round.key }

func (i *instance) addTo(deps *dependencies, _ names) {
	if i.block.actor.Kind == address.KindActor {
		deps.addInstance(i)
		return
	}
	deps.add(i.block.dependsOn)
	deps.add(i.refersTo)
}

// with returns variables with another one.
func with(variables map[string]cty.Value, name string, value cty.Value) map[string]cty.Value {
	more := make(map[string]cty.Value, len(variables)+1)
	maps.Copy(more, variables)
	more[name] = value
	return more
}

// names returns what stands for the instance itself in a scope.
func (i *instance) names(g *declare.Scope) map[string]cty.Value {
	variables := i.repetition(g)
	if g.Mentions("self") {
		variables = with(variables, "self", i.self(g))
	}
	if g.Mentions("read") {
		variables = with(variables, "read", i.reads())
	}
	return variables
}

// repetition returns each or count, if a scope mentions it. All scopes of an instance show the same.
func (i *instance) repetition(g *declare.Scope) map[string]cty.Value {
	if !i.round.isNamedIn(g) {
		return nil
	}
	if i.each == nil {
		i.each = i.round.names()
	}
	return i.each
}

// forget drops values that no longer hold, after something became known of the instance.
func (i *instance) forget() { i.value, i.block.whole = cty.NilVal, cty.NilVal }

// unsee forgets what was seen and heard of the actor.
func (i *instance) unsee() {
	i.observed, i.live, i.seen, i.results = &unobserved, &unheard, false, nil
	i.forget()
}

// comesAfter returns the actors that an instance of a data block refers to.
func (i *instance) comesAfter() []address.Address {
	var all dependencies
	all.add(i.block.dependsOn)
	all.add(i.refersTo)
	return all.addresses()
}

// settle records that the actor is there now.
func (i *instance) settle(id string, created bool, at time.Time) {
	i.observed = &plan.Observed{Exists: true, ActorID: id, CreatedAt: at}
	i.settled, i.seen, i.created, i.replaced = true, true, created, false
	i.forget()
}

// object returns what expressions elsewhere see of the instance, or only the named attributes of it.
func (i *instance) object(only names) cty.Value {
	if only != nil {
		return i.selected(maps.Keys(only))
	}
	if i.value == cty.NilVal {
		i.value = i.selected(slices.Values(declare.ActorAttributes(i.block.actor.Kind)))
	}
	return i.value
}

// self returns what the expressions of a scope, which are inside the block, name of the instance.
func (i *instance) self(g *declare.Scope) cty.Value {
	return i.selected(func(yield func(string) bool) {
		for _, e := range g.Expressions {
			for _, r := range e.References {
				if r.Root == "self" && !yield(r.Attribute()) {
					return
				}
			}
		}
	})
}

// selected returns an object of some attributes. Those that there are not are left out.
func (i *instance) selected(names iter.Seq[string]) cty.Value {
	attributes := map[string]cty.Value{}
	for name := range names {
		if v := i.attribute(name); v != cty.NilVal {
			attributes[name] = v
		}
	}
	return cty.ObjectVal(attributes)
}

func (i *instance) attribute(name string) cty.Value {
	switch name {
	case "id":
		return i.id()
	case "name":
		return cty.StringVal(i.block.actor.Name)
	case "key":
		return i.key()
	case "input":
		return i.input()
	case "exists":
		return i.exists()
	case "created":
		return i.isCreated()
	case "create_ts":
		return i.createTS()
	case "state":
		return i.state()
	case "read":
		return i.reads()
	case "step":
		return i.stepResults(i.actor().Steps)
	default:
		return cty.NilVal
	}
}

func (i *instance) isThere() bool { return i.observed.Exists && !i.replaced || i.settled }

// isMissing reports whether a data block's actor was looked for and is not there.
func (i *instance) isMissing() bool {
	return i.block.actor.Kind == address.KindData && i.seen && i.keyKnown && !i.isThere()
}

func (i *instance) id() cty.Value { return i.ifThere(cty.StringVal(i.observed.ActorID)) }

func (i *instance) createTS() cty.Value {
	return i.ifThere(cty.NumberIntVal(i.observed.CreatedAt.UnixMilli()))
}

// ifThere returns what is true of an actor that is there, and null for one that is missing.
func (i *instance) ifThere(v cty.Value) cty.Value {
	switch {
	case i.isThere():
		return v
	case i.isMissing() && !i.expected:
		return cty.NullVal(v.Type())
	default:
		return cty.UnknownVal(v.Type()).RefineNotNull()
	}
}

func (i *instance) key() cty.Value {
	if i.desired.Key == nil {
		return cty.UnknownVal(cty.List(cty.String)).RefineNotNull()
	}
	return stringList(i.desired.Key)
}

func stringList(texts []string) cty.Value {
	if len(texts) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	values := make([]cty.Value, len(texts))
	for n, text := range texts {
		values[n] = cty.StringVal(text)
	}
	return cty.ListVal(values)
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
	switch {
	case i.isThere():
		return cty.True
	case i.isMissing():
		return cty.False
	default:
		return cty.UnknownVal(cty.Bool).RefineNotNull()
	}
}

// isCreated is known as soon as the server was asked: this run creates exactly what is not there.
func (i *instance) isCreated() cty.Value {
	switch {
	case i.settled:
		return cty.BoolVal(i.created)
	case i.desired.Settings != nil && i.desired.Settings.Create == plan.CreateNever:
		return cty.False
	case i.seen && i.keyKnown:
		return cty.BoolVal(!i.isThere())
	default:
		return cty.UnknownVal(cty.Bool).RefineNotNull()
	}
}

// state is the live state, where it was read.
func (i *instance) state() cty.Value { return i.ifRead(i.live.State) }

// reads returns the results of all reads that some expression names.
func (i *instance) reads() cty.Value {
	results := map[string]cty.Value{}
	for _, r := range i.actor().Reads {
		results[r.Label] = i.ifRead(i.live.Reads[r.Label])
	}
	for _, r := range i.desired.Reads {
		if r.Sensitive { // what is not known yet, too
			results[r.Label] = results[r.Label].Mark(value.Sensitive)
		}
	}
	return cty.ObjectVal(results)
}

// ifRead returns what the actor has said, which is cty.NilVal where it was not read, and null for one that is missing.
func (i *instance) ifRead(v cty.Value) cty.Value {
	switch {
	case v != cty.NilVal:
		return v
	case i.isMissing() && !i.expected:
		return cty.NullVal(cty.DynamicPseudoType)
	default:
		return cty.DynamicVal
	}
}
