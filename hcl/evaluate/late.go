package evaluate

import (
	"context"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/plan"
	"riveter/plan/address"
)

// Look asks the server about the data blocks that an actor refers to and that were left until their turn comes, once their keys are
// known, and others that it refers to for what they say of themselves, where nobody has asked them yet. It is to be called before Resolve,
// and asks nothing where there is nothing new to ask. What is wrong with one of them is said to whoever wants it. An error of the observer
// or reader is returned as it is.
func (e *Evaluation) Look(ctx context.Context, a address.Address) (hcl2.Diagnostics, error) {
	behind := func() func(*instances.Instance) bool {
		of := e.declarationOf(e.instance(a))
		behind := declare.Reach([]*declare.Declaration{of}, (*declare.Declaration).Neighbours)
		return func(inst *instances.Instance) bool {
			d := e.declarationOf(inst)
			return behind[d] && d != of
		}
	}
	var diags hcl2.Diagnostics
	for { // as the key of a data block may be what another actor says
		more, err := e.lookAt(ctx, behind)
		diags = append(diags, more...)
		if err != nil {
			return diags, err
		}
		asked, err := e.askUnread(ctx, behind)
		if err != nil || !asked {
			return diags, err
		}
	}
}

// askUnread asks those of the wanted instances for what they say of themselves that nobody has asked yet.
func (e *Evaluation) askUnread(ctx context.Context, wanted func() func(*instances.Instance) bool) (asked bool, err error) {
	e.looking.Lock()
	defer e.looking.Unlock()
	server, batch := e.takeUnread(wanted)
	if len(batch) == 0 {
		return false, nil
	}
	live, err := server.Later.Read(ctx, readsOf(batch))
	if err != nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.leaveUnread(batch)
		return false, err
	}
	e.readLate(batch, live)
	return true, nil
}

// takeUnread returns those of the wanted instances that nobody has asked yet, with what they are to be asked now.
func (e *Evaluation) takeUnread(wanted func() func(*instances.Instance) bool) (Server, []*instances.Instance) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.unread) == 0 || e.server.Later == nil {
		return e.server, nil
	}
	isWanted := wanted()
	var batch []*instances.Instance
	for _, b := range e.blocks {
		if all := e.unread[b]; len(all) > 0 && isWanted(all[0]) {
			delete(e.unread, b)
			batch = append(batch, all...)
		}
	}
	for _, inst := range batch {
		inst.Unread = false
		e.blame(inst, e.refreshAll(inst))
		again := *inst.Desired
		inst.Desired = &again
		e.blame(inst, e.evaluateReads(inst))
	}
	return e.server, batch
}

// leaveUnread leaves instances to be asked by who needs them.
func (e *Evaluation) leaveUnread(batch []*instances.Instance) {
	for _, inst := range batch {
		inst.Unread = true
		e.unread[inst.Block] = append(e.unread[inst.Block], inst)
	}
}

// LookAtRest does so for the data blocks that no actor has needed, but that outputs and checks may, where all that they come
// after is done.
func (e *Evaluation) LookAtRest(ctx context.Context, isDone func(address.Address) bool) (hcl2.Diagnostics, error) {
	return e.lookAt(ctx, func() func(*instances.Instance) bool {
		return func(inst *instances.Instance) bool {
			return !slices.ContainsFunc(inst.ComesAfter(), func(a address.Address) bool { return !isDone(a) })
		}
	})
}

// lookAt asks about the data blocks that are wanted. Whoever wants one that somebody else is asking about waits for the answer.
func (e *Evaluation) lookAt(ctx context.Context, wanted func() func(*instances.Instance) bool) (hcl2.Diagnostics, error) {
	e.looking.Lock()
	defer e.looking.Unlock()
	var diags hcl2.Diagnostics
	for { // as the key of one may be what another one says
		server, batch, more := e.takeLate(wanted)
		diags = append(diags, more...)
		if len(batch) == 0 {
			return append(diags, e.faults(wanted)...), nil
		}
		if err := e.ask(ctx, server, batch); err != nil {
			e.leave(batch)
			return diags, err
		}
	}
}

func (e *Evaluation) ask(ctx context.Context, server Server, batch []*instances.Instance) error {
	observed, err := server.Observer.Observe(ctx, desiredOf(batch), server.Recalled)
	if err != nil {
		return err
	}
	there := e.observeLate(batch, observed)
	if server.Later == nil || len(there) == 0 {
		return nil
	}
	live, err := server.Later.Read(ctx, readsOf(there))
	if err != nil {
		return err
	}
	e.readLate(there, live)
	return nil
}

// faults says what is wrong with those of the wanted instances that were looked at.
func (e *Evaluation) faults(wanted func() func(*instances.Instance) bool) (diags hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.faulty) == 0 {
		return nil
	}
	isWanted := wanted()
	for _, inst := range e.faulty {
		if isWanted(inst) {
			diags = append(diags, inst.Faults...)
		}
	}
	return diags
}

// blame keeps what is wrong with an instance that was looked at.
func (e *Evaluation) blame(inst *instances.Instance, faults hcl2.Diagnostics) {
	if len(faults) > 0 {
		inst.Faults = faults
		e.faulty = append(e.faulty, inst)
	}
}

// takeLate returns those of the wanted instances whose keys have become known.
func (e *Evaluation) takeLate(wanted func() func(*instances.Instance) bool) (Server, []*instances.Instance, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.late) == 0 || e.server.Observer == nil {
		return e.server, nil, nil
	}
	isWanted := wanted()
	var batch []*instances.Instance
	var diags hcl2.Diagnostics
	e.late = slices.DeleteFunc(e.late, func(inst *instances.Instance) bool {
		if !isWanted(inst) {
			return false
		}
		diags = append(diags, e.refreshAll(inst)...)
		again := *inst.Desired
		inst.Desired = &again
		diags = append(diags, e.evaluateIdentity(inst)...)
		if inst.KeyKnown {
			diags = append(diags, e.evaluateBody(inst)...)
			batch = append(batch, inst)
		}
		return inst.KeyKnown
	})
	return e.server, batch, diags
}

// leave leaves instances to whoever looks next.
func (e *Evaluation) leave(batch []*instances.Instance) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.late = append(e.late, batch...)
}

// observeLate takes in what the server says and returns the instances that are to be read.
func (e *Evaluation) observeLate(batch []*instances.Instance, observed []plan.Observed) (there []*instances.Instance) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, inst := range batch {
		e.blame(inst, inst.SetObserved(observed[i]))
		e.changed(inst)
		if inst.IsThere() && inst.IsRead() {
			there = append(there, inst)
		}
	}
	return there
}

func (e *Evaluation) readLate(there []*instances.Instance, live []plan.Live) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, inst := range there {
		e.blame(inst, e.setLive(inst, live[i]))
		e.changed(inst)
	}
}
