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

// WhyUnknown says what is wrong with what the key of an actor is made of.
func (e *Evaluation) WhyUnknown(a address.Address) hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	seen := map[*declare.Stage]bool{}
	var visit func(*declare.Stage)
	visit = func(s *declare.Stage) {
		seen[s] = true
		diags = append(diags, e.unsaid.diags[s]...)
		for _, n := range s.Needs {
			if !seen[n.Stage] {
				visit(n.Stage)
			}
		}
	}
	visit(e.declarationOf(e.instance(a)).Stages[declare.IdentityStage])
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
