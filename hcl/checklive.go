package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// needed says how much of an actor there must be for a name to mean something.
func needed(r *reference) liveness {
	switch {
	case r.root == "event":
		return liveEvent
	case r.root == "step":
		return liveSteps
	case r.root == "read" || r.attribute() == "state":
		return liveReads
	default:
		return liveSelf
	}
}

// checkLive checks a reference to the actor whose block the expression is in.
func checkLive(g *group, r *reference) *hcl2.Diagnostic {
	if g.live < needed(r) {
		return outOfPlace(g, r)
	}
	switch r.root {
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
		if g.actor.kind == address.KindData {
			members = []string{"id", "name", "key", "exists", "create_ts"}
		}
		return checkMember(r, members...)
	}
}

func checkStep(g *group, r *reference) *hcl2.Diagnostic {
	if g.actor.hasDynamic {
		return nil // the step may be one of those that are not known yet
	}
	if g.step == nil {
		return checkResult(g.actor.steps, r, 0)
	}
	if r.attribute() == "id" {
		return nil
	}
	d := checkResult(g.step.earlier, r, 0)
	if d != nil && g.actor.stepCalled(r.attribute()) != nil {
		d.Detail = fmt.Sprintf("The step %q comes later, or is this one. Only what an earlier step gave is known here.", r.attribute())
	}
	return d
}

// outOfPlace says why a name means nothing where it is used.
func outOfPlace(g *group, r *reference) *hcl2.Diagnostic {
	name := r.root
	if r.root == "self" && r.attribute() == "state" {
		name = "self.state"
	}
	var where string
	switch {
	case r.root == "event":
		where = "the condition of an await block, where it is the event that was received"
	case r.root == "step":
		where = "the steps of an actor, where it is the step itself or the result of an earlier one"
	case needed(r) == liveReads:
		where = "the steps and postconditions of an actor, where the actor is there to be asked"
	default:
		where = "the reads, steps and postconditions of an actor, where the actor is there"
	}
	detail := fmt.Sprintf("%q can only be used in %s.", name, where)
	if g.actor != nil && g.live == liveNothing && r.root == "self" {
		detail += " What makes an actor cannot depend on it."
	}
	return problem(fmt.Sprintf("Reference to %s out of place", name), detail, r.subject)
}

// checkOffline reports references from a block that is evaluated before any server is asked to what only a server
// knows, be it through local values.
func (u *unit) checkOffline(g *group) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, e := range g.expressions {
		for _, r := range e.references {
			if address := u.onlyOnline(u.declarations[r.address()], map[*declaration]bool{}); address != "" {
				diags = append(diags, problem("Reference to what is not known yet", fmt.Sprintf(
					"The %s block is read before anything is asked of a server, so it cannot depend on %s. It may refer to variables, and to local values made of them.",
					g.offline, address), r.subject))
			}
		}
	}
	return diags
}

// onlyOnline returns the address of an actor that d refers to, or that it is, or nothing.
func (u *unit) onlyOnline(d *declaration, seen map[*declaration]bool) string {
	if d == nil || seen[d] {
		return ""
	}
	seen[d] = true
	switch d.what.(type) {
	case *actor, *moduleCall:
		return d.address
	}
	for _, e := range d.expressions() {
		for _, r := range e.references {
			if address := u.onlyOnline(u.declarations[r.address()], seen); address != "" {
				return address
			}
		}
	}
	return ""
}
