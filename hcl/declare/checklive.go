package declare

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// needed says how much of an actor there must be for a name to mean something.
func needed(r *expr.Reference) liveness {
	switch {
	case r.Root == "event":
		return liveEvent
	case r.Root == "step":
		return liveSteps
	case r.Root == "read" || r.Attribute() == "state":
		return liveReads
	default:
		return liveSelf
	}
}

// checkLive checks a reference to the actor whose block the expression is in.
func checkLive(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	if g.live < needed(r) {
		return outOfPlace(g, r)
	}
	switch r.Root {
	case "event":
		return checkMember(r, "args")
	case "read":
		return checkRead(g.actor, r, 0)
	case "step":
		return checkStep(g, r)
	default:
		members := []string{"id", "name", "key", "input", "exists", "created", "create_ts", "state"}
		if g.live == liveSelf {
			members = members[:len(members)-1]
		}
		if g.actor.Kind == address.KindData {
			members = []string{"id", "name", "key", "exists", "create_ts"}
		}
		return checkMember(r, members...)
	}
}

func checkStep(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	if g.actor.hasDynamic {
		return nil // the step may be one of those that are not known yet
	}
	if g.step != nil && r.Attribute() == "id" && r.Kind == "" {
		return nil
	}
	d := checkResult(g.actor, g.knownSteps(), r, 0)
	if s := g.actor.Step(r.Attribute()); g.step != nil && d != nil && s != nil && s.isOf(r.Kind) {
		d.Detail = fmt.Sprintf("The step %q comes later, or is this one. Only what an earlier step gave is known here.", r.Attribute())
	}
	return d
}

// outOfPlace says why a name means nothing where it is used.
func outOfPlace(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	name := r.Root
	if r.Root == "self" && r.Attribute() == "state" {
		name = "self.state"
	}
	var where string
	switch {
	case r.Root == "event":
		where = "the condition of an await block, where it is the event that was received"
	case r.Root == "step":
		where = "the steps of an actor, where it is the step itself or the result of an earlier one"
	case needed(r) == liveReads:
		where = "the steps and postconditions of an actor, where the actor is there to be asked"
	default:
		where = "the reads, steps and postconditions of an actor, where the actor is there"
	}
	detail := fmt.Sprintf("%q can only be used in %s.", name, where)
	if g.actor != nil && g.live == liveNothing && r.Root == "self" {
		detail += " What makes an actor cannot depend on it."
	}
	return syntax.Problem(fmt.Sprintf("Reference to %s out of place", name), detail, r.Range)
}

// checkFirstApplied reports a call of first_applied where there is no actor that it could be about, or where it would say which
// actor that is.
func checkFirstApplied(g *Scope, r *expr.Reference) *hcl2.Diagnostic {
	a := g.actor
	if a != nil && a.Kind == address.KindActor && g != a.ExpansionScope && g != a.IdentityScope {
		return nil
	}
	return syntax.Problem("Call of first_applied out of place",
		"first_applied() is the time at which the actor was first applied in whose block it is called. It can be used in everything inside an actor block but key, for_each, count and enabled, which say what actors there are.", r.Range)
}

// checkOffline reports references from a block that is evaluated before any server is asked to what only a server
// knows, be it through local values.
func (u *Tree) checkOffline(g *Scope) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, e := range g.Expressions {
		for _, r := range e.References {
			if address := u.onlyOnline(u.Declarations[r.Address()], map[*Declaration]bool{}); address != "" {
				diags = append(diags, syntax.Problem("Reference to what is not known yet", fmt.Sprintf(
					"The %s block is read before anything is asked of a server, so it cannot depend on %s. It may refer to variables, and to local values made of them.",
					g.offline, address), r.Range))
			}
		}
	}
	return diags
}

// onlyOnline returns the address of an actor that d refers to, or that it is, or nothing.
func (u *Tree) onlyOnline(d *Declaration, seen map[*Declaration]bool) string {
	if d == nil || seen[d] {
		return ""
	}
	seen[d] = true
	switch d.What.(type) {
	case *Actor, *ModuleCall:
		return d.Address
	}
	for _, e := range d.expressions() {
		for _, r := range e.References {
			if address := u.onlyOnline(u.Declarations[r.Address()], seen); address != "" {
				return address
			}
		}
	}
	return ""
}
