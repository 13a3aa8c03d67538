package hcl

import (
	"slices"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/funcs"
	"riveter/plan"
	"riveter/plan/address"
)

// Evaluation is a configuration with values. It is made by New, carried on by [Evaluation.Observe], and
// filled in during apply by Settle and Resolve. All methods may be called concurrently; they take turns.
type Evaluation struct {
	mu        sync.Mutex
	config    *configuration
	values    *Values
	functions map[string]function.Function
	workdir   string
	server    Server

	scopes   map[*unit][]*scope
	narrowed *narrowing
	pending  []*stage // not evaluated yet, each after what it needs
	done     map[*stage]bool
	stale    map[stageIn]bool // evaluated before something it needs became known
	frames   map[frameID]*frame

	blocks        []*block                   // in the order in which they were expanded
	late          []*instance                // of data blocks, whose keys were not known when the server was asked
	byKey         map[string]*instance       // by name and key on the wire
	byAddress     map[address.Address]*block // without instance keys
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
	// Selection leaves out what it does not need: that is neither evaluated nor observed. It may be nil, for everything.
	Selection Selection
}

// newEvaluation evaluates everything that needs no server.
func newEvaluation(c *configuration, values *Values, opts Options) (*Evaluation, hcl2.Diagnostics) {
	e := &Evaluation{
		config:    c,
		values:    values,
		workdir:   opts.Workdir,
		scopes:    map[*unit][]*scope{c.tree: {newScope(c.tree)}},
		done:      map[*stage]bool{},
		stale:     map[stageIn]bool{},
		frames:    map[frameID]*frame{},
		byKey:     map[string]*instance{},
		byAddress: map[address.Address]*block{},
		settings:  newSettings(),
		checks:    map[string][]plan.Assertion{},
		functions: funcs.Table(funcs.Outside{ReadFile: c.from.ReadFile, ListFiles: c.from.ListFiles, Env: opts.Env}),
		narrowed:  narrow(c.tree, opts.Selection),
	}
	e.pending = slices.DeleteFunc(slices.Clone(c.order), func(s *stage) bool { return e.narrowed.leavesOut(s.declaration) })
	diags := e.advance()
	SortDiagnostics(diags)
	return e, diags
}

// advance evaluates every stage whose needs are met. One pass is enough, as stages come after what they need.
func (e *Evaluation) advance() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	var waiting []*stage
	for _, s := range e.pending {
		if !e.isReady(s) {
			waiting = append(waiting, s)
			continue
		}
		for _, scope := range e.scopes[s.declaration.unit] {
			diags = append(diags, collapse(e.evaluate(s, scope))...)
		}
		e.done[s] = true
	}
	e.pending = waiting
	return diags
}

func (e *Evaluation) isReady(s *stage) bool {
	for _, n := range s.needs {
		if !e.done[n.stage] || n.after > afterEvaluation && !e.isPast(n.stage.declaration, n.after) {
			return false
		}
	}
	return true
}

// isPast reports whether all instances of an actor or data block were looked at.
func (e *Evaluation) isPast(d *declaration, m moment) bool {
	for _, s := range e.scopes[d.unit] {
		b := s.blocks[d.address]
		if !b.observed || m == afterReading && !b.read && b.actor.asksAnything() {
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
	return collectInstances(e, address.KindActor, func(i *instance) plan.Observed { return i.observed })
}

// Live returns what each declared actor said of itself, in the order of Desired.
func (e *Evaluation) Live() []plan.Live {
	return collectInstances(e, address.KindActor, func(i *instance) plan.Live { return i.live })
}

func collectInstances[T any](e *Evaluation, kind address.Kind, of func(*instance) T) []T {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []T
	for _, b := range sortedByAddress(e.blocks, (*block).address) {
		if b.actor.kind == kind {
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
	d := e.config.loadedExpression()
	if d == nil || !e.done[d.stages[0]] {
		return cty.DynamicVal, false
	}
	return e.scopes[d.unit][0].binding(d.address).value, true
}
