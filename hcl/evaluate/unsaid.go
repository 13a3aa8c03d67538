package evaluate

import (
	"slices"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// unsaid is what is wrong with something that need not be right, for who needs it all the same.
type unsaid struct {
	mu    sync.Mutex
	stage *declare.Stage // that is evaluated
	diags map[*declare.Stage]hcl2.Diagnostics
	said  map[*hcl2.Diagnostic]bool // all the same
}

func (u *unsaid) of(s *declare.Stage) { u.stage = s }

func (u *unsaid) keep(diags hcl2.Diagnostics) {
	if len(diags) == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.diags[u.stage] = append(u.diags[u.stage], diags...)
}

// causes returns what is to be said: what diagnostics follow from, where that was not said yet.
func (u *unsaid) causes(diags hcl2.Diagnostics) hcl2.Diagnostics {
	return slices.DeleteFunc(instances.Causes(diags), func(d *hcl2.Diagnostic) bool {
		wasSaid := u.said[d]
		u.said[d] = true
		return wasSaid
	})
}

// ofSeeding returns what is wrong with how something is made, seeded and looked at, where anybody does. What needs it all the same says so.
func (e *Evaluation) ofSeeding(diags hcl2.Diagnostics) hcl2.Diagnostics {
	if !e.common.OnlyExisting {
		return diags
	}
	e.unsaid.keep(diags)
	return nil
}

// ofFarewell returns what is wrong with how something is destroyed, where it may be.
func (e *Evaluation) ofFarewell(diags hcl2.Diagnostics) hcl2.Diagnostics {
	if e.narrowed != nil {
		return e.ofSeeding(diags)
	}
	return diags
}

// ofWhoIsThere returns what is wrong with a declaration of actors, if those that are wanted are among them.
func (e *Evaluation) ofWhoIsThere(d *declare.Declaration, diags hcl2.Diagnostics) hcl2.Diagnostics {
	if len(diags) > 0 && !slices.ContainsFunc(d.Actors(), e.narrowed.wants) {
		return e.ofSeeding(diags)
	}
	return diags
}

// WhyKeyUnknown says what is wrong with what the key of an actor is made of.
func (e *Evaluation) WhyKeyUnknown(a address.Address) hcl2.Diagnostics {
	return e.wrongBehind(a, declare.IdentityStage)
}

// WhyStepUnknown says what is wrong with what the steps of an actor are made of.
func (e *Evaluation) WhyStepUnknown(a address.Address) hcl2.Diagnostics {
	return e.wrongBehind(a, declare.StepsStage)
}

// wrongBehind returns what was not said of what an actor needs for a part of it.
func (e *Evaluation) wrongBehind(a address.Address, part int) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.declarationOf(e.instance(a))
	var diags hcl2.Diagnostics
	seen := map[*declare.Stage]bool{}
	var visit func(*declare.Stage)
	visit = func(s *declare.Stage) {
		for _, n := range s.Needs {
			if !seen[n.Stage] && n.Stage.Declaration != d {
				seen[n.Stage] = true
				diags = append(diags, e.unsaid.diags[n.Stage]...)
				visit(n.Stage)
			}
		}
	}
	visit(d.Stages[part])
	diags = instances.Causes(diags)
	syntax.SortDiagnostics(diags)
	return diags
}

// CheckParams says what is wrong with the connection parameters of an actor.
func (e *Evaluation) CheckParams(a address.Address) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	inst := e.instance(a)
	f, ctx := e.enter(inst, inst.Actor().BodyScope, inst.Names(inst.Actor().BodyScope))
	_, diags := f.Payload("params", inst.Actor().Params, ctx)
	return instances.Causes(diags)
}
