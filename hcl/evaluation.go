package hcl

import (
	"context"
	"slices"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/plan"
)

// Evaluation is a configuration with values. It is made by [Config.Evaluate], carried on by [Evaluation.Observe], and
// filled in during apply by Settle and Resolve. All methods may be called concurrently; they take turns.
type Evaluation struct {
	mu        sync.Mutex
	config    *Config
	values    *Values
	functions map[string]function.Function
	workdir   string
	namespace string

	scopes  map[*unit][]*scope
	pending []*stage // not evaluated yet, each after what it needs
	done    map[*stage]bool
	stale   map[*stage]bool // evaluated before something it needs became known
	frames  map[frameID]*frame

	blocks    []*block             // in the order in which they were expanded
	byKey     map[string]*instance // by name and key on the wire
	byAddress map[plan.Address]*instance
	settings  *Settings
}

// Options are the outside of an evaluation.
type Options struct {
	// Workdir is what path.cwd means. Files that functions read are relative to the process's working directory.
	Workdir string
	// Env answers the function env. It may be nil, which is an empty environment.
	Env func(name string) (string, bool)
}

// Evaluate evaluates everything that needs no server: variables with their validations, settings, and whatever refers to
// nothing else. It returns every problem found on the way, together with an Evaluation that can be carried on to find
// more of them, with a nil observer.
func (c *Config) Evaluate(values *Values, opts Options) (*Evaluation, hcl2.Diagnostics) {
	e := &Evaluation{
		config:    c,
		values:    values,
		workdir:   opts.Workdir,
		scopes:    map[*unit][]*scope{},
		done:      map[*stage]bool{},
		stale:     map[*stage]bool{},
		frames:    map[frameID]*frame{},
		byKey:     map[string]*instance{},
		byAddress: map[plan.Address]*instance{},
		settings:  newSettings(),
		functions: c.functions(opts),
		pending:   c.graph.order,
	}
	e.scopes[c.graph.root] = []*scope{newScope(c.graph.root)}
	diags := e.advance()
	SortDiagnostics(diags)
	return e, diags
}

// Server is what an evaluation is carried on against.
type Server struct {
	// Observer is asked about the declared actors, in as few batches as the references between them allow. With nil,
	// everything that a server would know stays unknown.
	Observer plan.Observer
	Recalled *plan.Recalled
	// Namespace is part of step.id.
	Namespace string
}

// Observe evaluates all that is left, asking the server about actors as soon as their keys are known. After an error
// nothing more is asked; the rest is evaluated as if the server were unknown, to find what else is wrong. An error of
// the observer itself is returned as it is.
func (e *Evaluation) Observe(ctx context.Context, server Server) (hcl2.Diagnostics, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.namespace = server.Namespace
	diags := e.advance()
	for e.hasUnobserved() {
		observer := server.Observer
		if diags.HasErrors() {
			observer = nil
		}
		if err := e.observe(ctx, observer, server.Recalled); err != nil {
			return diags, err
		}
		diags = append(diags, e.advance()...)
	}
	SortDiagnostics(diags)
	return diags, nil
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
			diags = append(diags, collapse(s.evaluate(e, scope))...)
		}
		e.done[s] = true
	}
	e.pending = waiting
	return diags
}

func (e *Evaluation) isReady(s *stage) bool {
	for _, n := range s.needs {
		if !e.done[n.stage] || n.observed && !e.isObserved(n.stage.declaration) {
			return false
		}
	}
	return true
}

func (e *Evaluation) isObserved(d *declaration) bool {
	for _, s := range e.scopes[d.unit] {
		if b := s.blocks[d.address]; b != nil && !b.observed {
			return false
		}
	}
	return true
}

func (e *Evaluation) hasUnobserved() bool {
	return slices.ContainsFunc(e.blocks, func(b *block) bool { return !b.observed })
}

// observe asks about all instances that are known and were not asked about yet.
func (e *Evaluation) observe(ctx context.Context, observer plan.Observer, recalled *plan.Recalled) error {
	var batch []*instance
	for _, b := range e.blocks {
		if !b.observed {
			batch = append(batch, b.instances...)
			b.observed = true
		}
	}
	if observer == nil || len(batch) == 0 {
		return nil
	}
	slices.SortFunc(batch, func(a, b *instance) int { return a.desired.Address.Compare(b.desired.Address) })
	declared := make([]*plan.Desired, len(batch))
	for i, inst := range batch {
		declared[i] = inst.desired
	}
	observed, err := observer.Observe(ctx, declared, recalled)
	if err != nil {
		return err
	}
	for i, inst := range batch {
		inst.observed, inst.seen = observed[i], true
		inst.forget()
	}
	return nil
}

// Desired returns every declared instance, sorted by address. They are filled in by Observe, and later by Resolve; the
// caller must not change them.
func (e *Evaluation) Desired() []*plan.Desired {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []*plan.Desired
	for _, b := range e.sortedBlocks() {
		for _, inst := range b.instances {
			all = append(all, inst.desired)
		}
	}
	return all
}

// Observed returns what the server said of each instance, in the order of Desired.
func (e *Evaluation) Observed() []plan.Observed {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []plan.Observed
	for _, b := range e.sortedBlocks() {
		for _, inst := range b.instances {
			all = append(all, inst.observed)
		}
	}
	return all
}

func (e *Evaluation) sortedBlocks() []*block {
	return slices.SortedFunc(slices.Values(e.blocks), func(a, b *block) int { return a.address().Compare(b.address()) })
}
