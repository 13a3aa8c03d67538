package evaluate

import (
	"context"
	"fmt"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

// Server is what an evaluation is carried on against. The zero value is a server that nobody may ask.
type Server struct {
	// Observer is asked about the declared actors, in as few batches as the references between them allow. With nil,
	// everything that a server would know stays unknown.
	Observer plan.Observer
	// Reader is asked for what some expression names of live actors. With nil, that stays unknown.
	Reader   plan.Reader
	Recalled *plan.Recalled
	// Result returns what a step gave that an earlier run made and that will not be made again; cty.NilVal where it will be, or
	// the result was not kept. It may be nil, for a server where nothing was made.
	Result func(*plan.Desired, *plan.Step, plan.Observed) cty.Value
	// Replaces says of an actor that is there, once everything but its steps is evaluated, that another one will take its
	// place, so that nothing of it can be referred to. It may be nil.
	Replaces func(*plan.Desired, plan.Observed) bool
	// Namespace is part of step.id.
	Namespace string
	// Selection is that of the evaluation's options, now that somebody knows what there is; nil for the same.
	Selection Selection
}

// Observe evaluates all that is left, asking the server about actors as soon as their keys are known, and actors about
// themselves where an expression names what they say. After an error nothing more is asked; the rest is evaluated with
// unknown values, to find what else is wrong. An error of the observer or reader is returned as it is.
func (e *Evaluation) Observe(ctx context.Context, server Server) (hcl2.Diagnostics, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.server = server
	if e.narrowed != nil && server.Selection != nil {
		e.narrowed.selection = server.Selection
	}
	diags := e.advance()
	for {
		if diags.HasErrors() {
			server.Observer, server.Reader = nil, nil
		}
		more, asked, err := e.query(ctx, server)
		diags = append(diags, more...)
		if err != nil || !asked {
			syntax.SortDiagnostics(diags)
			return diags, err
		}
		diags = append(diags, e.advance()...)
	}
}

// ask asks the next question there is: about all actors that nobody looked for yet, else to all that some expression
// wants to hear from.
func (e *Evaluation) query(ctx context.Context, server Server) (diags hcl2.Diagnostics, asked bool, err error) {
	if batch := e.take(func(b *actorBlock) *bool { return &b.observed }); len(batch) > 0 {
		diags, err = e.observe(ctx, server, e.needed(batch))
		return diags, true, err
	}
	if batch := e.take(func(b *actorBlock) *bool { return &b.read }); len(batch) > 0 {
		diags, err = e.read(ctx, server, e.needed(batch))
		return diags, true, err
	}
	return nil, false, nil
}

// take returns the blocks that do not have a mark yet, and marks them.
func (e *Evaluation) take(mark func(*actorBlock) *bool) []*actorBlock {
	var taken []*actorBlock
	for _, b := range e.blocks {
		if m := mark(b); !*m {
			*m = true
			taken = append(taken, b)
		}
	}
	return taken
}

func (e *Evaluation) observe(ctx context.Context, server Server, batch []*instance) (hcl2.Diagnostics, error) {
	if server.Observer == nil || len(batch) == 0 {
		return nil, nil
	}
	observed, err := server.Observer.Observe(ctx, desiredOf(batch), server.Recalled)
	if err != nil {
		return nil, err
	}
	var diags hcl2.Diagnostics
	for i, inst := range batch {
		if !inst.keyKnown && inst.block.actor.Kind == address.KindData {
			e.late = append(e.late, inst)
		}
		if e.isSought(inst, observed[i]) {
			e.late = append(e.late, inst)
			continue
		}
		diags = append(diags, inst.setObserved(observed[i])...)
		e.decideReplacement(inst)
	}
	e.expect(batch)
	return syntax.Collapse(diags), nil
}

// expect notes of the instances of optional data blocks that are missing whether something that they come after is yet to be made,
// which may make them: then nobody knows what they will say. How often something is repeated may still depend on whether they exist.
func (e *Evaluation) expect(batch []*instance) {
	for _, inst := range batch {
		if inst.optional && inst.isMissing() && slices.ContainsFunc(inst.comesAfter(), e.isYetToBeMade) {
			inst.expected = true
			inst.forget()
		}
	}
}

func (e *Evaluation) isYetToBeMade(a address.Address) bool {
	inst := e.instance(a)
	return inst.seen && !inst.isThere()
}

func desiredOf(batch []*instance) []*plan.Desired {
	declared := make([]*plan.Desired, len(batch))
	for i, inst := range batch {
		declared[i] = inst.desired
	}
	return declared
}

func readsOf(batch []*instance) []plan.Read {
	wanted := make([]plan.Read, len(batch))
	for i, inst := range batch {
		wanted[i] = plan.Read{Desired: inst.desired, ActorID: inst.observed.ActorID, Asleep: inst.observed.Asleep}
	}
	return wanted
}

// wanted returns the instances of some blocks that a plan can need to know of.
func (e *Evaluation) needed(blocks []*actorBlock) []*instance {
	var all []*instance
	for _, b := range blocks {
		all = append(all, b.instances...)
	}
	all = slices.DeleteFunc(all, func(inst *instance) bool { return !e.narrowed.needs(inst) })
	slices.SortFunc(all, func(a, b *instance) int { return a.desired.Address.Compare(b.desired.Address) })
	return all
}

// see takes in what the server says of an actor.
func (i *instance) setObserved(o plan.Observed) hcl2.Diagnostics {
	i.observed, i.seen, i.expected = &o, true, false
	if i.desired.ID != "" {
		i.desired.Key = o.Key
	}
	i.forget()
	if !i.isMissing() || i.optional {
		return nil
	}
	i.keyKnown = false // so that nothing more is said of what refers to it
	return hcl2.Diagnostics{i.missing()}
}

// missing says that there is no such actor.
func (i *instance) missing() *hcl2.Diagnostic {
	what := "the id " + i.desired.ID
	if i.desired.Key != nil {
		what = "the key " + payload.SpellKey(i.desired.Key)
	}
	return syntax.Problem("Actor does not exist", fmt.Sprintf(
		"%s looks for an actor %q with %s, but there is none. Write optional = true if it may be missing, or an actor block to create it.",
		i.desired.Address, i.block.actor.Name, what), i.block.actor.Range)
}

// isSought reports whether an instance of a data block that there is no actor of depends on others, which may make it: then it is
// looked for again when they are done.
func (e *Evaluation) isSought(inst *instance, o plan.Observed) bool {
	b := inst.block
	return b.actor.Kind == address.KindData && inst.keyKnown && !o.Exists && !inst.optional && !b.dependsOn.isEmpty()
}

// Lookups returns the instances of data blocks that are looked at when what they depend on is done, sorted by address.
func (e *Evaluation) Lookups() []plan.Lookup {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []plan.Lookup
	for _, inst := range e.late {
		l := plan.Lookup{Address: inst.desired.Address, DependsOn: inst.comesAfter()}
		if inst.keyKnown {
			l.Key = inst.desired.Key
		}
		if inst.keyKnown && !inst.postponed {
			l.Missing = inst.missing()
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b plan.Lookup) int { return a.Address.Compare(b.Address) })
	return all
}

func (e *Evaluation) read(ctx context.Context, server Server, batch []*instance) (hcl2.Diagnostics, error) {
	batch = slices.DeleteFunc(batch, func(inst *instance) bool { return !inst.isThere() || !inst.isRead() })
	if server.Reader == nil || len(batch) == 0 {
		return nil, nil
	}
	live, err := server.Reader.Read(ctx, readsOf(batch))
	if err != nil {
		return nil, err
	}
	var diags hcl2.Diagnostics
	for i, inst := range batch {
		diags = append(diags, e.setLive(inst, live[i])...)
	}
	return syntax.Collapse(diags), nil
}

func (i *instance) isRead() bool { return i.desired.ReadState || len(i.desired.Reads) > 0 }

// setLive takes in what an actor says of itself, which may be only a part of what it was asked before.
func (e *Evaluation) setLive(i *instance, l plan.Live) hcl2.Diagnostics {
	all := *i.live
	if l.State != cty.NilVal {
		all.State = l.State
	}
	all.Reads = map[string]cty.Value{}
	maps.Copy(all.Reads, i.live.Reads)
	maps.Copy(all.Reads, l.Reads)
	i.live = &all
	tellSecret(e.secret, i.reads())
	i.forget()
	var diags hcl2.Diagnostics
	for _, r := range i.desired.Reads {
		if fault, ok := l.Faults[r.Label]; ok {
			diags = append(diags, syntax.Problem("Read failed", fmt.Sprintf("%s could not be asked by read %q: %s", i.desired.Address, r.Label, fault), r.Range))
		}
	}
	if l.StateFault != "" {
		diags = append(diags, syntax.Problem("Read failed", fmt.Sprintf("The live state of %s could not be read: %s", i.desired.Address, l.StateFault), i.block.actor.Range))
	}
	return diags
}
