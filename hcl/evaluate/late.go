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
// known. It is to be called before Resolve, and asks nothing where there is nothing new to ask. An error of the observer or
// reader is returned as it is.
func (e *Evaluation) Look(ctx context.Context, a address.Address) (hcl2.Diagnostics, error) {
	return e.lookAt(ctx, func() func(*instances.Instance) bool {
		behind := declare.Reach([]*declare.Declaration{e.declarationOf(e.instance(a))}, (*declare.Declaration).Neighbours)
		return func(inst *instances.Instance) bool { return behind[e.declarationOf(inst)] }
	})
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
			return diags, nil
		}
		more, err := e.ask(ctx, server, batch)
		diags = append(diags, more...)
		if err != nil {
			e.leave(batch)
			return diags, err
		}
	}
}

func (e *Evaluation) ask(ctx context.Context, server Server, batch []*instances.Instance) (hcl2.Diagnostics, error) {
	observed, err := server.Observer.Observe(ctx, desiredOf(batch), server.Recalled)
	if err != nil {
		return nil, err
	}
	there, diags := e.observeLate(batch, observed)
	if server.Reader == nil || len(there) == 0 {
		return diags, nil
	}
	live, err := server.Reader.Read(ctx, readsOf(there))
	if err != nil {
		return diags, err
	}
	return append(diags, e.readLate(there, live)...), nil
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
func (e *Evaluation) observeLate(batch []*instances.Instance, observed []plan.Observed) ([]*instances.Instance, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var there []*instances.Instance
	var diags hcl2.Diagnostics
	for i, inst := range batch {
		diags = append(diags, inst.SetObserved(observed[i])...)
		e.changed(inst)
		if inst.IsThere() && inst.IsRead() {
			there = append(there, inst)
		}
	}
	return there, diags
}

func (e *Evaluation) readLate(there []*instances.Instance, live []plan.Live) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for i, inst := range there {
		diags = append(diags, e.setLive(inst, live[i])...)
		e.changed(inst)
	}
	return diags
}
