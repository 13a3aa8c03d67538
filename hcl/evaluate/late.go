package evaluate

import (
	"context"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
)

// Look asks the server about the data blocks that an actor refers to, where their keys were not known when Observe asked
// and are known now. It is to be called before Resolve, and asks nothing where there is nothing new to ask. An error of
// the observer or reader is returned as it is.
func (e *Evaluation) Look(ctx context.Context, a address.Address) (hcl2.Diagnostics, error) {
	server, batch, diags := e.takeLate(a)
	if len(batch) == 0 {
		return diags, nil
	}
	observed, err := server.Observer.Observe(ctx, desiredOf(batch), server.Recalled)
	if err != nil {
		return diags, err
	}
	there, more := e.observeLate(batch, observed)
	diags = append(diags, more...)
	if server.Reader == nil || len(there) == 0 {
		return diags, nil
	}
	live, err := server.Reader.Read(ctx, readsOf(there))
	if err != nil {
		return diags, err
	}
	return append(diags, e.readLate(there, live)...), nil
}

// identifyLate returns the instances of data blocks behind an actor whose keys have become known.
func (e *Evaluation) takeLate(a address.Address) (Server, []*instance, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.late) == 0 || e.server.Observer == nil {
		return e.server, nil, nil
	}
	behind := declare.Reach([]*declare.Declaration{e.declarationOf(e.instance(a))}, (*declare.Declaration).Neighbours)
	var batch []*instance
	var diags hcl2.Diagnostics
	e.late = slices.DeleteFunc(e.late, func(inst *instance) bool {
		if !behind[e.declarationOf(inst)] {
			return false
		}
		diags = append(diags, e.refreshAll(inst)...)
		again := *inst.desired
		inst.desired = &again
		diags = append(diags, e.evaluateIdentity(inst)...)
		if inst.keyKnown {
			diags = append(diags, e.evaluateBody(inst)...)
			batch = append(batch, inst)
		}
		return inst.keyKnown
	})
	return e.server, batch, diags
}

// seeLate takes in what the server says and returns the instances that are to be read.
func (e *Evaluation) observeLate(batch []*instance, observed []plan.Observed) ([]*instance, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var there []*instance
	var diags hcl2.Diagnostics
	for i, inst := range batch {
		diags = append(diags, inst.setObserved(observed[i])...)
		e.changed(inst)
		if inst.isThere() && inst.isRead() {
			there = append(there, inst)
		}
	}
	return there, diags
}

func (e *Evaluation) readLate(there []*instance, live []plan.Live) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for i, inst := range there {
		diags = append(diags, inst.setLive(live[i])...)
		e.changed(inst)
	}
	return diags
}
