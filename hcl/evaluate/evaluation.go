package evaluate

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/funcs"
	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/hcl/variables"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Evaluation is a configuration with values. It is made by New, carried on by [Evaluation.Observe], and
// filled in during apply by Settle and Resolve. All methods may be called concurrently; they take turns.
type Evaluation struct {
	mu        sync.Mutex
	looking   sync.Mutex // held while the server is asked about data blocks during apply, and before mu
	common    *instances.Common
	values    *variables.Values
	keyPrefix []string
	server    Server
	keyMade   func(name, recipe string) []string // as of [plan.Recalled.KeysMade]
	began     time.Time                          // of the apply; zero while planning

	modules      map[*declare.Tree][]*instances.Module
	narrowed     *narrowing
	blank        bool // nothing is known in it
	wasRehearsed map[hcl2.Range]bool
	pending      []*declare.Stage // not evaluated yet, each after what it needs
	done         map[*declare.Stage]bool
	public       func(text string)
	hidden       func(cty.Value)
	opened       []string                     // by nonsensitive, while something is evaluated that is shown; nil otherwise
	steady       bool                         // which actors there are and how they are made stays as it is known
	stale        map[stageIn]bool             // evaluated before something it needs became known
	premature    map[stageIn]hcl2.Diagnostics // what waits for Postpone: errors, for the most part
	unsaid       *unsaid
	frames       map[frameID]*instances.Frame

	blocks        []*instances.Block                         // in the order in which they were expanded
	late          []*instances.Instance                      // of data blocks, which are looked for when their turn comes
	unread        map[*instances.Block][]*instances.Instance // which nobody has asked yet what some expression names
	faulty        []*instances.Instance                      // those of which something was wrong then
	byKey         map[string]*instances.Instance             // by name and key on the wire
	byAddress     map[address.Address]*instances.Block       // without instance keys
	remembered    map[string][]address.InstanceKey           // see rememberedAt; nil until somebody asks
	settings      *Settings
	checks        map[string][]plan.Assertion // by address
	namespaces    []*plan.DesiredNamespace
	runnerConfigs []*plan.DesiredRunnerConfig
}

// Options are the outside of an evaluation.
type Options struct {
	// Workdir is what path.cwd means. Files that functions read are relative to the process's working directory.
	Workdir string
	// Env answers the function env. It may be nil, which is an empty environment.
	Env func(name string) (string, bool)
	// KeyPrefix is put before every key that is declared, except for those of data blocks that say external = true.
	KeyPrefix []string
	// Selection leaves out what it does not need: that is neither evaluated nor observed. It may be nil, for everything.
	Selection Selection
	// OnlyCheck is for who wants to know what is wrong, and no more than which actors there are: what nothing refers to is not
	// kept of them.
	OnlyCheck bool
	// OnlyExisting is for who asks actors that exist, or destroys them: what is wrong with how they are made and seeded, with conditions and
	// with outputs, is not said.
	OnlyExisting bool
	// OnlySecrets is for who wants to be told of secrets, and no more. What has to do with none is not evaluated, and what is not known keeps
	// nothing else from being.
	OnlySecrets bool
	// Secret is told of every value that is sensitive as soon as it is known, and of what it was made of. It may be nil.
	Secret func(cty.Value)
	// Hidden is told of the value of every output that is to be hidden, which is no secret elsewhere for that. It may be nil.
	Hidden func(cty.Value)
	// Public is told of every text that is to be seen in the value of an output of the root module, or of the expression that was asked for,
	// since nonsensitive has opened it there. It may be nil.
	Public func(text string)
	// Unkept is told of every text that is to be kept nowhere: from a file, the environment or a variable, where something
	// sensitive or connection parameters are made of it, or of an ephemeral variable. It may be nil.
	Unkept func(text string)
}

// New evaluates everything that needs no server.
func New(c *declare.Config, values *variables.Values, opts Options) (*Evaluation, hcl2.Diagnostics) {
	e := &Evaluation{
		common: &instances.Common{
			Config: c, Workdir: opts.Workdir, Lenient: values.Lenient || opts.OnlySecrets, OnlyCheck: opts.OnlyCheck || opts.OnlySecrets, OnlyExisting: opts.OnlyExisting, Secret: opts.Secret, Outside: &instances.Outside{Unkept: opts.Unkept},
		},
		values:       values,
		keyPrefix:    opts.KeyPrefix,
		modules:      map[*declare.Tree][]*instances.Module{c.Tree: {instances.NewModule(c.Tree)}},
		done:         map[*declare.Stage]bool{},
		wasRehearsed: map[hcl2.Range]bool{},
		stale:        map[stageIn]bool{},
		premature:    map[stageIn]hcl2.Diagnostics{},
		unsaid:       &unsaid{diags: map[*declare.Stage]hcl2.Diagnostics{}, said: map[*hcl2.Diagnostic]bool{}},
		frames:       map[frameID]*instances.Frame{},
		unread:       map[*instances.Block][]*instances.Instance{},
		byKey:        map[string]*instances.Instance{},
		byAddress:    map[address.Address]*instances.Block{},
		settings:     &Settings{Ledger: declare.LedgerSettings{Kind: "local"}},
		checks:       map[string][]plan.Assertion{},
		narrowed:     narrow(c.Tree, opts.Selection),
		public:       opts.Public,
		hidden:       opts.Hidden,
	}
	e.common.Functions = funcs.Table(funcs.Outside{ReadFile: c.From.ReadFile, ListFolder: c.From.ListFolder, Env: opts.Env, Secret: opts.Secret, Public: e.open, Heard: e.common.Outside.Hear, Found: e.common.Outside.Answered})
	for name, f := range maps.Clone(e.common.Functions) { // within strings of JSON, which the library parses
		e.common.Functions[syntax.CoreNamespace+name] = f
	}
	for _, d := range c.Tree.All() {
		if v, ok := d.What.(*declare.Variable); ok && v.Sensitive {
			for _, written := range d.Tree.Written(v) { // whatever it is given
				instances.TellSecret(e.common.Secret, cty.TupleVal(written).Mark(value.Sensitive))
			}
		}
	}
	for _, v := range c.Root.Variables { // whether they are looked at or not
		if v.Sensitive {
			instances.TellSecret(e.common.Secret, values.Value(v).Mark(value.Sensitive))
		}
		if v.Ephemeral {
			e.common.Outside.TellUnkept(v, values.Value(v))
		}
	}
	e.pending = slices.DeleteFunc(slices.Clone(c.Order), func(s *declare.Stage) bool { return e.narrowed.leavesOut(s.Declaration) })
	if opts.OnlySecrets {
		secretive := c.Tree.Secretive()
		e.pending = slices.DeleteFunc(e.pending, func(s *declare.Stage) bool { return !secretive[s.Declaration] })
	}
	diags := e.advance()
	syntax.SortDiagnostics(diags)
	return e, diags
}

// advance evaluates every stage whose needs are met. One pass is enough, as stages come after what they need.
func (e *Evaluation) advance() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	var waiting []*declare.Stage
	for _, s := range e.pending {
		if !e.isReady(s) {
			waiting = append(waiting, s)
			continue
		}
		var found hcl2.Diagnostics
		for _, module := range e.modules[s.Declaration.Tree] {
			e.unsaid.of(s)
			found = append(found, e.mature(stageIn{s, module}, e.evaluate(s, module))...)
		}
		diags = append(diags, syntax.Collapse(found)...)
		e.done[s] = true
	}
	e.pending = waiting
	diags = boundClashes(diags)
	if e.common.OnlyExisting { // which does not say everything
		return e.unsaid.causes(diags)
	}
	return instances.WithoutConsequences(diags)
}

func (e *Evaluation) isReady(s *declare.Stage) bool {
	for _, n := range s.Needs {
		if !e.done[n.Stage] || n.After > declare.AfterEvaluation && !e.isPast(n.Stage.Declaration, n.After) {
			return false
		}
	}
	return true
}

// isPast reports whether all instances of an actor or data block were looked at.
func (e *Evaluation) isPast(d *declare.Declaration, m declare.Moment) bool {
	for _, s := range e.modules[d.Tree] {
		b := s.Blocks[d.Address]
		if !b.Observed || m == declare.AfterReading && !b.Read && b.Actor.IsRead() {
			return false
		}
	}
	return true
}

// Desired returns every declared actor, sorted by address. They are filled in by Observe, and replaced by Resolve; the
// caller must not change them.
func (e *Evaluation) Desired() []*plan.Desired {
	return collectInstances(e, address.KindActor, func(i *instances.Instance) *plan.Desired { return i.Desired })
}

// Consulted returns every actor that a data block names, with neither key nor id where it is not known which that is: the block is left out, or
// what tells is known after apply.
func (e *Evaluation) Consulted() []*plan.Desired {
	all := collectInstances(e, address.KindData, func(i *instances.Instance) *plan.Desired { return i.Desired })
	for _, text := range e.leftOut(address.KindData) {
		if a, err := address.Parse(text); err == nil {
			all = append(all, &plan.Desired{Address: a})
		}
	}
	for _, b := range e.blocks {
		if b.Actor.Kind == address.KindData && b.Open {
			all = append(all, &plan.Desired{Address: b.Address()})
		}
	}
	return all
}

// Observed returns what the server said of each declared actor, in the order of Desired.
func (e *Evaluation) Observed() []plan.Observed {
	return collectInstances(e, address.KindActor, func(i *instances.Instance) plan.Observed { return *i.Observed })
}

// Live returns what each declared actor said of itself, in the order of Desired.
func (e *Evaluation) Live() []plan.Live {
	return collectInstances(e, address.KindActor, func(i *instances.Instance) plan.Live { return *i.Live })
}

func collectInstances[T any](e *Evaluation, kind address.Kind, of func(*instances.Instance) T) []T {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []T
	for _, b := range sortedByAddress(e.blocks, (*instances.Block).Address) {
		if b.Actor.Kind == kind {
			all = slices.Grow(all, len(b.Instances))
			for _, inst := range b.Instances {
				all = append(all, of(inst))
			}
		}
	}
	return all
}

func sortedByAddress[T any](all []T, address func(T) address.Address) []T {
	return slices.SortedFunc(slices.Values(all), func(a, b T) int { return address(a).Compare(address(b)) })
}

// SettleNamespace says which namespace this is, of one that did not exist before. It is part of step.id.
func (e *Evaluation) SettleNamespace(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.server.Namespace = id
}

// ExpressionValue returns the value of the expression that the configuration was loaded with, and whether it has been
// evaluated: that may need an Observe before.
func (e *Evaluation) ExpressionValue() (cty.Value, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.common.Config.Expression()
	if d == nil || !e.done[d.Stages[0]] {
		return cty.DynamicVal, false
	}
	return e.modules[d.Tree][0].Binding(d.Address).Value, true
}

// CheckSent checks that the value of the expression that the configuration was loaded with, once it is there, can be sent to an actor.
func (e *Evaluation) CheckSent() hcl2.Diagnostics {
	val, ok := e.ExpressionValue()
	if !ok {
		return nil
	}
	return payload.Check("The argument", val, e.common.Config.Expression().What.(*declare.Local).Value, nil)
}

// evaluate evaluates a stage in one instance of its module.
func (e *Evaluation) evaluate(s *declare.Stage, in *instances.Module) hcl2.Diagnostics {
	switch d := s.Declaration.What.(type) {
	case *declare.Actor:
		return e.ofWhoIsThere(s.Declaration, e.evaluateActor(d, s.Part, in))
	case *declare.Variable:
		return e.evaluateVariable(d, s.Part, in)
	case *declare.Local:
		return e.ofSeeding(e.evaluateLocal(d, in))
	case *declare.Output:
		return e.ofSeeding(e.evaluateOutput(d, in))
	case *declare.ModuleCall:
		return e.ofWhoIsThere(s.Declaration, e.expandCall(d, in))
	case *declare.Check:
		return e.ofSeeding(e.evaluateCheck(d, in))
	case *declare.Rivet:
		return e.evaluateRivet(d, in)
	case *declare.Ledger:
		return e.evaluateLedger(d, in)
	case *declare.Namespace:
		return e.evaluateNamespace(d, in)
	case *declare.RunnerConfig:
		return e.evaluateRunnerConfig(d, in)
	default:
		panic(fmt.Sprintf("hcl: nothing evaluates a %T", d))
	}
}

func (e *Evaluation) evaluateActor(a *declare.Actor, part int, in *instances.Module) hcl2.Diagnostics {
	switch part {
	case declare.IdentityStage:
		return e.identify(a, in)
	case declare.BodyStage:
		return e.evaluateBodies(a, in)
	default:
		return e.evaluateSteps(a, in)
	}
}

// evaluateBodies evaluates the bodies of all instances of a block. A data block then notes what it depends on in full.
func (e *Evaluation) evaluateBodies(a *declare.Actor, in *instances.Module) hcl2.Diagnostics {
	b := in.Blocks[a.Address()]
	diags := slices.Concat(e.eachInstance(in.Stage(a, declare.BodyStage), b, b.All(), (*Evaluation).evaluateBody)...)
	b.ShareTypes()
	if a.Kind == address.KindData {
		b.DependsOn, _ = e.sharedDependencies(b, scopesOf(b)) // what is wrong has been reported
	}
	return diags
}

// evaluateSteps evaluates what is done with the instances of a block, and what they depend on.
func (e *Evaluation) evaluateSteps(a *declare.Actor, in *instances.Module) hcl2.Diagnostics {
	b := in.Blocks[a.Address()]
	diags := slices.Concat(e.eachInstance(in.Stage(a, declare.StepsStage), b, b.All(), (*Evaluation).evaluateInstanceSteps)...)
	return append(diags, e.addDependencies(b)...)
}

// show begins what everybody is shown the value of.
func (e *Evaluation) show() { e.opened = []string{} }

// open is told of what nonsensitive is given.
func (e *Evaluation) open(v cty.Value) {
	if e.opened != nil {
		e.opened = append(e.opened, value.Secrets(v.Mark(value.Sensitive))...)
	}
}

// shown ends what show has begun, and tells what of that was opened is to be seen in the value.
func (e *Evaluation) shown(v cty.Value) {
	opened := e.opened
	e.opened = nil
	if e.public == nil || len(opened) == 0 {
		return
	}
	shows := value.Showing(v)
	for _, text := range opened {
		if shows(text) {
			e.public(text)
		}
	}
}

func (e *Evaluation) evaluateLocal(l *declare.Local, in *instances.Module) hcl2.Diagnostics {
	f := e.frame(in, l.Scope)
	if e.common.Config.IsExpression(l) {
		e.show()
	}
	o := f.Outcome(l.Value, f.Ctx, nil)
	e.shown(o.Value)
	in.Bindings[l.Address()] = f.Binding(o, l.Value)
	return o.Diags
}
