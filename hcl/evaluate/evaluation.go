package evaluate

import (
	"fmt"
	"slices"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/declare"
	"riveter/hcl/funcs"
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
	config    *declare.Config
	values    *variables.Values
	functions map[string]function.Function
	secret    func(cty.Value)
	outside   *outside
	workdir   string
	keyPrefix []string
	onlyCheck bool
	server    Server
	began     time.Time // of the apply; zero while planning

	modules  map[*declare.Tree][]*moduleInstance
	narrowed *narrowing
	pending  []*declare.Stage // not evaluated yet, each after what it needs
	done     map[*declare.Stage]bool
	stale    map[stageIn]bool // evaluated before something it needs became known
	frames   map[frameID]*frame

	blocks        []*actorBlock                   // in the order in which they were expanded
	late          []*instance                     // of data blocks, which are looked for when their turn comes
	byKey         map[string]*instance            // by name and key on the wire
	byAddress     map[address.Address]*actorBlock // without instance keys
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
	// Secret is told of every value that is sensitive as soon as it is known, and of what it was made of. It may be nil.
	Secret func(cty.Value)
	// Unkept is told of every text that is to be kept nowhere: from a file, the environment or a variable, where something
	// sensitive or connection parameters are made of it, or of an ephemeral variable. It may be nil.
	Unkept func(text string)
}

// New evaluates everything that needs no server.
func New(c *declare.Config, values *variables.Values, opts Options) (*Evaluation, hcl2.Diagnostics) {
	e := &Evaluation{
		config:    c,
		values:    values,
		workdir:   opts.Workdir,
		keyPrefix: opts.KeyPrefix,
		onlyCheck: opts.OnlyCheck,
		modules:   map[*declare.Tree][]*moduleInstance{c.Tree: {newModuleInstance(c.Tree)}},
		done:      map[*declare.Stage]bool{},
		stale:     map[stageIn]bool{},
		frames:    map[frameID]*frame{},
		byKey:     map[string]*instance{},
		byAddress: map[address.Address]*actorBlock{},
		settings:  &Settings{Ledger: declare.LedgerSettings{Kind: "local"}},
		checks:    map[string][]plan.Assertion{},
		secret:    opts.Secret,
		outside:   &outside{unkept: opts.Unkept},
		narrowed:  narrow(c.Tree, opts.Selection),
	}
	e.functions = funcs.Table(funcs.Outside{ReadFile: c.From.ReadFile, ListFiles: c.From.ListFiles, Env: opts.Env, Secret: opts.Secret, Heard: e.outside.hear, Found: e.outside.answered})
	for _, v := range c.Root.Variables { // whether they are looked at or not
		if v.Sensitive {
			tellSecret(e.secret, values.Value(v).Mark(value.Sensitive))
		}
		if v.Ephemeral {
			e.outside.tellUnkept(v, values.Value(v))
		}
	}
	e.pending = slices.DeleteFunc(slices.Clone(c.Order), func(s *declare.Stage) bool { return e.narrowed.leavesOut(s.Declaration) })
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
		for _, module := range e.modules[s.Declaration.Tree] {
			diags = append(diags, syntax.Collapse(e.evaluate(s, module))...)
		}
		e.done[s] = true
	}
	e.pending = waiting
	return withoutConsequences(diags)
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
		b := s.blocks[d.Address]
		if !b.observed || m == declare.AfterReading && !b.read && b.actor.IsRead() {
			return false
		}
	}
	return true
}

// Desired returns every declared actor, sorted by address. They are filled in by Observe, and replaced by Resolve; the
// caller must not change them.
func (e *Evaluation) Desired() []*plan.Desired {
	return collectInstances(e, address.KindActor, func(i *instance) *plan.Desired { return i.desired })
}

// Observed returns what the server said of each declared actor, in the order of Desired.
func (e *Evaluation) Observed() []plan.Observed {
	return collectInstances(e, address.KindActor, func(i *instance) plan.Observed { return *i.observed })
}

// Live returns what each declared actor said of itself, in the order of Desired.
func (e *Evaluation) Live() []plan.Live {
	return collectInstances(e, address.KindActor, func(i *instance) plan.Live { return *i.live })
}

func collectInstances[T any](e *Evaluation, kind address.Kind, of func(*instance) T) []T {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []T
	for _, b := range sortedByAddress(e.blocks, (*actorBlock).address) {
		if b.actor.Kind == kind {
			for _, inst := range b.instances {
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
	d := e.config.Expression()
	if d == nil || !e.done[d.Stages[0]] {
		return cty.DynamicVal, false
	}
	return e.modules[d.Tree][0].binding(d.Address).value, true
}

// evaluate evaluates a stage in one instance of its module.
func (e *Evaluation) evaluate(s *declare.Stage, in *moduleInstance) hcl2.Diagnostics {
	switch d := s.Declaration.What.(type) {
	case *declare.Actor:
		return e.evaluateActor(d, s.Part, in)
	case *declare.Variable:
		return e.evaluateVariable(d, s.Part, in)
	case *declare.Local:
		return e.evaluateLocal(d, in)
	case *declare.Output:
		return e.evaluateOutput(d, in)
	case *declare.ModuleCall:
		return e.expandCall(d, in)
	case *declare.Check:
		return e.evaluateCheck(d, in)
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

func (e *Evaluation) evaluateActor(a *declare.Actor, part int, in *moduleInstance) hcl2.Diagnostics {
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
func (e *Evaluation) evaluateBodies(a *declare.Actor, in *moduleInstance) hcl2.Diagnostics {
	b := in.blocks[a.Address()]
	diags := eachInstance(b, e.evaluateBody)
	b.shareTypes()
	if a.Kind == address.KindData {
		b.dependsOn, _ = e.sharedDependencies(b, a.Scopes()) // what is wrong has been reported
	}
	return diags
}

// evaluateSteps evaluates what is done with the instances of a block, and what they depend on.
func (e *Evaluation) evaluateSteps(a *declare.Actor, in *moduleInstance) hcl2.Diagnostics {
	b := in.blocks[a.Address()]
	return append(eachInstance(b, e.evaluateInstanceSteps), e.addDependencies(b)...)
}

func eachInstance(b *actorBlock, work func(*instance) hcl2.Diagnostics) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, inst := range b.all() {
		diags = append(diags, work(inst)...)
		inst.each = nil
	}
	return diags
}

func (e *Evaluation) evaluateLocal(l *declare.Local, in *moduleInstance) hcl2.Diagnostics {
	f := e.frame(in, l.Scope)
	v, diags := f.value(l.Value, f.ctx, nil)
	in.bindings[l.Address()] = binding{value: v, dependsOn: f.dependsOn, failed: diags.HasErrors(), making: f.making(l.Value, f.ctx, v), from: from{frame: f, expression: l.Value, ctx: f.ctx}}
	return diags
}
