package instances

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Instance is one actor: what is desired of it, and what is known of it.
type Instance struct {
	Block     *Block
	Round     *Round // one of those of the block, and not changed
	Desired   *plan.Desired
	Expanded  *declare.Actor // the block as it is for this instance; nil if it has no dynamic blocks
	Observed  *plan.Observed // never nil; shared, and not changed
	KeyKnown  bool           // or the id, of a data block that has one
	KeyMaking *value.Making
	presumed  bool   // which actor it is, as nobody could tell
	Optional  bool   // of a data block: the actor may be missing
	Seen      bool   // the server was asked, or apply has settled it
	Postponed bool   // of a data block: it was looked at, and what it depends on changes
	Changes   bool   // of an actor: the run may change what it says, so that others do not know it before
	Repeats   bool   // the same, or what it depends on changes, by steps that are made always, so that what others are made of is known all the same
	Due       string // the label of the first step that may change what the actor says to those after it; empty for none
	Unread    bool   // it is asked when the turn of who needs it comes
	Expected  bool   // of an optional data block: there is no such actor, and what it depends on is yet to be made
	created   bool   // by this run

	Described bool                 // its declaration is evaluated, but for its steps
	Decided   bool                 // whether it is replaced
	Replaced  bool                 // by another actor that this run will make
	Original  *cty.Value           // input of the actor that goes, where that is not the declared one
	Former    *Instance            // what Predecessor returned; nil where that is gone
	Goes      bool                 // it is what Predecessor returned
	settled   bool                 // it is there now, as apply says
	Live      *plan.Live           // as observed
	shown     *plan.Live           // what a plan has shown of that, as long as others are to hear no more; nil otherwise
	Faults    hcl2.Diagnostics     // what was wrong with looking at it, where that waits for Postpone or for who needs it
	Results   map[string]cty.Value // of steps, by address.StepAddress.Relative
	RefersTo  Dependencies         // beyond what all instances of the block refer to

	value cty.Value            // what expressions see; cty.NilVal until somebody looks
	each  map[string]cty.Value // each or count, within a stage; nil until somebody looks
}

// NewInstance returns an instance of a block of which nothing is known but its place.
func NewInstance(b *Block, round *Round) *Instance {
	a := b.Address()
	a.Key = round.Key
	d := &plan.Desired{Address: a, KeyTold: b.Module.Stage(b.Actor, declare.IdentityStage).IsTold(), StepMoves: b.Module.Tree.StepMoves(b.Actor, a)}
	return &Instance{Block: b, Round: round, Desired: d, Observed: &unobserved, Live: &unheard}
}

// What is known of an actor that nobody has asked about.
var (
	unobserved plan.Observed
	unheard    plan.Live
)

// Actor returns the block that the instance is made from.
func (i *Instance) Actor() *declare.Actor {
	if i.Expanded != nil {
		return i.Expanded
	}
	return i.Block.Actor
}

func (i *Instance) instanceKey() address.InstanceKey { return i.Round.Key }

func (i *Instance) addTo(deps *Dependencies, _ names) {
	if i.Block.Actor.Kind == address.KindActor {
		deps.addInstance(i)
		return
	}
	deps.Add(i.Block.DependsOn)
	deps.Add(i.RefersTo)
}

// With returns variables with another one.
func With(variables map[string]cty.Value, name string, value cty.Value) map[string]cty.Value {
	more := make(map[string]cty.Value, len(variables)+1)
	maps.Copy(more, variables)
	more[name] = value
	return more
}

// Names returns what stands for the instance itself in a scope.
func (i *Instance) Names(g *declare.Scope) map[string]cty.Value {
	variables := i.repetition(g)
	if g.Mentions("self") {
		variables = With(variables, "self", i.self(g))
	}
	if g.Mentions("read") {
		variables = With(variables, "read", i.readsOf(i.Live, g.Reads()))
	}
	if g.Mentions("step") {
		variables = i.withResults(variables, g)
	}
	return variables
}

// repetition returns each or count, if a scope mentions it. All scopes of an instance show the same.
func (i *Instance) repetition(g *declare.Scope) map[string]cty.Value {
	if !i.Round.isNamedIn(g) {
		return nil
	}
	whole := g.MentionsWhole()
	if _, isWhole := i.each[i.Round.root]; i.each == nil || whole && !isWhole {
		i.each = spares.Get().(map[string]cty.Value)
		clear(i.each)
		i.Round.name(i.each, whole)
	}
	return i.each
}

// Repeat is called when more is known of the round of the instance.
func (i *Instance) Repeat(round *Round) { i.Round, i.each = round, nil }

// spares are maps that held what each is in an instance, and that nobody looks at any more.
var spares = sync.Pool{New: func() any { return map[string]cty.Value{} }}

// Leave is called when a stage is done with the instance. The map of what each is in it becomes that of another one, unless somebody
// shows it later.
func (i *Instance) Leave(diags hcl2.Diagnostics) {
	isShown := func(s *plan.Step) bool { e, ok := s.Spec.(*plan.Expect); return ok && e.Unmet != nil }
	if i.each != nil && len(diags) == 0 && !slices.ContainsFunc(i.Desired.Steps, isShown) {
		spares.Put(i.each)
	}
	i.each = nil
}

// Forget drops values that no longer hold, after something became known of the instance.
func (i *Instance) Forget() {
	i.value = cty.NilVal
	i.Block.Forget()
}

// Unsee forgets what was seen and heard of the actor.
func (i *Instance) Unsee() {
	i.Observed, i.Live, i.Seen, i.Results, i.Faults = &unobserved, &unheard, false, nil, nil
	i.Forget()
}

// ComesAfter returns the actors that an instance of a data block refers to.
func (i *Instance) ComesAfter() []address.Address {
	var all Dependencies
	all.Add(i.Block.DependsOn)
	all.Add(i.RefersTo)
	return all.Addresses()
}

// Settle records that the actor is there now.
func (i *Instance) Settle(id string, created bool, at time.Time) {
	i.Observed = &plan.Observed{Exists: true, ActorID: id, CreatedAt: at}
	i.settled, i.Seen, i.created, i.Replaced, i.Former = true, true, created, false, nil
	i.Forget()
}

// object returns what expressions elsewhere see of the instance, or only the named attributes of it.
func (i *Instance) object(only names) cty.Value {
	if only != nil {
		return i.selected(maps.Keys(only))
	}
	if i.value == cty.NilVal {
		i.value = i.selected(slices.Values(declare.ActorAttributes(i.Block.Actor.Kind)))
	}
	return i.value
}

// self returns what the expressions of a scope, which are inside the block, name of the instance.
func (i *Instance) self(g *declare.Scope) cty.Value {
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

// selected returns an object of some attributes. Those that there are not are left out, and of reads, results and the live state those
// that no expression names: nobody asks for them, and so they would never be known.
func (i *Instance) selected(names iter.Seq[string]) cty.Value {
	attributes := map[string]cty.Value{}
	for name := range names {
		if v := i.attribute(name); v != cty.NilVal {
			attributes[name] = v
		}
	}
	return cty.ObjectVal(attributes)
}

func (i *Instance) attribute(name string) cty.Value {
	switch name {
	case "id":
		return i.id()
	case "name":
		return cty.StringVal(i.Block.Actor.Name)
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
		if i.Block.Actor.Kind == address.KindData && !i.Actor().Used.State {
			return cty.NilVal // as it is not read
		}
		return i.state()
	case "read":
		return i.readsOf(i.heard(), []string{""})
	case "step":
		return i.stepResults(slices.DeleteFunc(slices.Clone(i.Actor().Steps), func(s *declare.Step) bool { return !i.Actor().KeepsResult(s) }))
	default:
		return cty.NilVal
	}
}

// IsThere reports whether there is such an actor, and none that takes its place.
func (i *Instance) IsThere() bool { return i.Observed.Exists && (!i.Replaced || i.Goes) || i.settled }

// IsMissing reports whether a data block's actor was looked for and is not there.
func (i *Instance) IsMissing() bool {
	return i.Block.Actor.Kind == address.KindData && i.Seen && i.KeyKnown && !i.IsThere()
}

func (i *Instance) id() cty.Value { return i.ifThere(cty.StringVal(i.Observed.ActorID)) }

func (i *Instance) createTS() cty.Value {
	return i.ifThere(cty.NumberIntVal(i.Observed.CreatedAt.UnixMilli()))
}

// ifThere returns what is true of an actor that is there, and null for one that is missing, as an optional one may turn out to be.
func (i *Instance) ifThere(v cty.Value) cty.Value {
	switch {
	case i.IsThere():
		return v
	case i.IsMissing() && !i.Expected:
		return cty.NullVal(v.Type())
	case i.Optional:
		return cty.UnknownVal(v.Type())
	default:
		return cty.UnknownVal(v.Type()).RefineNotNull()
	}
}

func (i *Instance) key() cty.Value {
	if i.Desired.Key == nil {
		return cty.UnknownVal(cty.List(cty.String)).RefineNotNull()
	}
	return StringList(i.Desired.Key)
}

// StringList returns texts as a list.
func StringList(texts []string) cty.Value {
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
func (i *Instance) input() cty.Value {
	if i.Desired.Input == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return i.Desired.Input
}

// exists is true of an actor that is there. One that is not will be, once apply is done with it.
func (i *Instance) exists() cty.Value {
	switch {
	case i.IsThere():
		return cty.True
	case i.IsMissing():
		return cty.False
	default:
		return cty.UnknownVal(cty.Bool).RefineNotNull()
	}
}

// isCreated is known as soon as the server was asked: this run creates exactly what is not there.
func (i *Instance) isCreated() cty.Value {
	switch {
	case i.settled:
		return cty.BoolVal(i.created)
	case i.Desired.Settings != nil && i.Desired.Settings.Create == plan.CreateNever:
		return cty.False
	case i.Seen && i.KeyKnown:
		return cty.BoolVal(!i.IsThere())
	default:
		return cty.UnknownVal(cty.Bool).RefineNotNull()
	}
}

// state is the live state, where it was read.
func (i *Instance) state() cty.Value { return i.ifRead(i.Live.State) }

// Reads returns the results of the reads that some expression names.
func (i *Instance) Reads() cty.Value { return i.readsOf(i.Live, []string{""}) }

// readsOf returns those with these labels, of which an empty one stands for all.
func (i *Instance) readsOf(live *plan.Live, labels []string) cty.Value {
	if i.Actor().Open {
		return cty.DynamicVal
	}
	isMeant := func(label string) bool { return slices.Contains(labels, label) || slices.Contains(labels, "") }
	results := map[string]cty.Value{}
	for _, r := range i.Actor().Reads {
		if isMeant(r.Label) && i.Actor().Used.Read(r.Label) {
			results[r.Label] = i.ifRead(live.Reads[r.Label])
		}
	}
	for _, r := range i.Desired.Reads {
		if r.Sensitive && isMeant(r.Label) { // what is not known yet, too
			results[r.Label] = results[r.Label].Mark(value.Sensitive)
		}
	}
	return cty.ObjectVal(results)
}

// ifRead returns what the actor has said, which is cty.NilVal where it was not read, and null for one that is missing.
func (i *Instance) ifRead(v cty.Value) cty.Value {
	switch {
	case v != cty.NilVal:
		return v
	case i.IsMissing() && !i.Expected:
		return cty.NullVal(cty.DynamicPseudoType)
	default:
		return cty.DynamicVal
	}
}
