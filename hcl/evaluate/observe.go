package evaluate

import (
	"context"
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
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
	Reader plan.Reader
	// Later is asked for that in the apply, of those that were not asked before, when the turn of who needs it comes. It may be nil.
	Later    plan.Reader
	Recalled *plan.Recalled
	// Results returns what tells of the steps of an actor, in their order, what each gave that an earlier run made and that will not be made
	// again, as on an actor that goes; cty.NilVal where it will be. It may be nil, for a server where nothing was made.
	Results func(d *plan.Desired, o plan.Observed, goes bool) func(*plan.Step) cty.Value
	// Replaces says of an actor that is there, once everything but its steps is evaluated, that another one will take its
	// place, so that nothing of it can be referred to. It may be nil.
	Replaces func(*plan.Desired, plan.Observed) bool
	// Original returns what an actor that is there was created with, where it goes as another one takes its place, or as everything does, and
	// that is not what is declared; nil otherwise. It is not known where nobody knows more than that. It may be nil.
	Original func(d *plan.Desired, o plan.Observed, replaced bool) *cty.Value
	// Namespace is part of step.id.
	Namespace string
	// Postpones has errors wait for [Evaluation.Postpone] that are made of what data blocks say which may be left to the run.
	Postpones bool
	// Selection is that of the evaluation's options, now that somebody knows what there is; nil for the same.
	Selection Selection
}

// Observe evaluates all that is left, asking the server about actors as soon as their keys are known, and actors about
// themselves where an expression names what they say. After an error nothing more is asked; the rest is evaluated with
// unknown values, to find what else is wrong. An error of the observer or reader is returned as it is.
func (e *Evaluation) Observe(ctx context.Context, server Server) (hcl2.Diagnostics, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.server, e.keyMade = server, server.Recalled.KeysMade()
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
			if !diags.HasErrors() && e.isAnyFailed() {
				diags = append(diags, e.prematureErrors()...)
			}
			syntax.SortDiagnostics(diags)
			return diags, err
		}
		diags = append(diags, e.advance()...)
	}
}

// ask asks the next question there is: about all actors that nobody looked for yet, else to all that some expression
// wants to hear from.
func (e *Evaluation) query(ctx context.Context, server Server) (diags hcl2.Diagnostics, asked bool, err error) {
	if batch := e.take(declare.IdentityStage, func(b *instances.Block) *bool { return &b.Observed }); len(batch) > 0 {
		diags, err = e.observe(ctx, server, e.needed(batch))
		return diags, true, err
	}
	if batch := e.take(declare.BodyStage, func(b *instances.Block) *bool { return &b.Read }); len(batch) > 0 {
		diags, err = e.read(ctx, server, e.needed(batch))
		return diags, true, err
	}
	return nil, false, nil
}

// take returns the blocks that do not have a mark yet and are evaluated as far as a stage, and marks them.
func (e *Evaluation) take(after int, mark func(*instances.Block) *bool) []*instances.Block {
	var taken []*instances.Block
	for _, b := range e.blocks {
		if m := mark(b); !*m && e.done[b.Module.Stage(b.Actor, after)] {
			*m = true
			taken = append(taken, b)
		}
	}
	return taken
}

func (e *Evaluation) observe(ctx context.Context, server Server, batch []*instances.Instance) (hcl2.Diagnostics, error) {
	if server.Observer == nil || len(batch) == 0 {
		return nil, nil
	}
	observed, err := server.Observer.Observe(ctx, desiredOf(batch), server.Recalled)
	if err != nil {
		return nil, err
	}
	var diags hcl2.Diagnostics
	for i, inst := range batch {
		if inst.Block.Actor.Kind == address.KindData && !inst.KeyKnown || e.isSought(inst, observed[i]) {
			e.late = append(e.late, inst)
			continue
		}
		e.unsaid.of(inst.Block.Module.Stage(inst.Block.Actor, declare.IdentityStage))
		diags = append(diags, e.ofSeeding(inst.SetObserved(observed[i]))...)
		e.decideReplacement(inst)
	}
	e.expect(batch)
	return syntax.Collapse(diags), nil
}

// expect notes of the instances of optional data blocks that are missing whether something that they come after is yet to be made,
// which may make them: then nobody knows what they will say. How often something is repeated may still depend on whether they exist.
func (e *Evaluation) expect(batch []*instances.Instance) {
	for _, inst := range batch {
		if inst.Optional && inst.IsMissing() && slices.ContainsFunc(inst.ComesAfter(), e.isYetToBeMade) {
			inst.Expected = true
			inst.Forget()
		}
	}
}

func (e *Evaluation) isYetToBeMade(a address.Address) bool {
	inst := e.instance(a)
	return inst.Seen && !inst.IsThere()
}

func desiredOf(batch []*instances.Instance) []*plan.Desired {
	declared := make([]*plan.Desired, len(batch))
	for i, inst := range batch {
		declared[i] = inst.Desired
	}
	return declared
}

func readsOf(batch []*instances.Instance) []plan.Read {
	wanted := make([]plan.Read, len(batch))
	for i, inst := range batch {
		wanted[i] = plan.Read{Desired: inst.Desired, ActorID: inst.Observed.ActorID, Asleep: inst.Observed.Asleep}
	}
	return wanted
}

// wanted returns the instances of some blocks that a plan can need to know of.
func (e *Evaluation) needed(blocks []*instances.Block) []*instances.Instance {
	var all []*instances.Instance
	for _, b := range blocks {
		all = append(all, b.Instances...)
	}
	all = slices.DeleteFunc(all, func(inst *instances.Instance) bool { return !e.narrowed.needs(inst) })
	slices.SortFunc(all, func(a, b *instances.Instance) int { return a.Desired.Address.Compare(b.Desired.Address) })
	return all
}

// isSought reports whether an instance of a data block that there is no actor of depends on others, which may make it: then it is
// looked for again when they are done.
func (e *Evaluation) isSought(inst *instances.Instance, o plan.Observed) bool {
	b := inst.Block
	return b.Actor.Kind == address.KindData && inst.KeyKnown && !o.Exists && !inst.Optional && !b.DependsOn.IsEmpty()
}

// Lookups returns the instances of data blocks that are looked at when what they depend on is done, sorted by address.
func (e *Evaluation) Lookups() []plan.Lookup {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []plan.Lookup
	for _, inst := range e.late {
		l := plan.Lookup{Address: inst.Desired.Address, DependsOn: inst.ComesAfter()}
		if inst.KeyKnown {
			l.Key = inst.Desired.Key
		}
		if inst.KeyKnown && !inst.Postponed {
			l.Missing = inst.Missing()
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b plan.Lookup) int { return a.Address.Compare(b.Address) })
	return all
}

func (e *Evaluation) read(ctx context.Context, server Server, batch []*instances.Instance) (hcl2.Diagnostics, error) {
	batch = slices.DeleteFunc(batch, func(inst *instances.Instance) bool { return !inst.IsThere() || !inst.IsRead() })
	if server.Reader == nil {
		e.leaveUnread(batch)
	}
	if server.Reader == nil || len(batch) == 0 {
		return nil, nil
	}
	live, err := server.Reader.Read(ctx, readsOf(batch))
	if err != nil {
		return nil, err
	}
	var diags hcl2.Diagnostics
	for i, inst := range batch {
		faults := e.setLive(inst, live[i])
		if e.server.Postpones && inst.Block.Actor.Kind == address.KindData {
			inst.Faults = faults
			continue
		}
		diags = append(diags, faults...)
	}
	return syntax.Collapse(diags), nil
}

// setLive takes in what an actor says of itself. Where a secret is in it, that is one.
func (e *Evaluation) setLive(i *instances.Instance, l plan.Live) hcl2.Diagnostics {
	i.Hear(l.Conceal(e.server.Recalled.Conceal))
	instances.TellSecret(e.common.Secret, i.Reads())
	var diags hcl2.Diagnostics
	for _, r := range i.Desired.Reads {
		if fault, ok := l.Faults[r.Label]; ok {
			diags = append(diags, syntax.Problem("Read failed", fmt.Sprintf("%s could not be asked by read %q: %s", i.Desired.Address, r.Label, fault), r.Range))
		}
	}
	if l.StateFault != "" {
		diags = append(diags, syntax.Problem("Read failed", fmt.Sprintf("The live state of %s could not be read: %s", i.Desired.Address, l.StateFault), i.Block.Actor.Range))
	}
	return diags
}

// ConcealAgain looks once more for secrets in what actors have said, now that others may be known, and reports whether there were any. What refers to
// that is evaluated with them from then on.
func (e *Evaluation) ConcealAgain() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	found := false
	for _, b := range e.blocks {
		for _, inst := range b.Instances {
			if inst.Conceal(e.server.Recalled.Conceal) {
				e.changed(inst)
				found = true
			}
		}
	}
	return found
}
