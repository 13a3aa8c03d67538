package decide

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

// Presume takes the actors whose keys are not known for those that were last declared at their addresses: what gave the keys may have
// been destroyed before. It returns what is remembered of them, by their place in Desired. They are to be observed as [plan.Entry.Sought] says.
func (in *Inputs) Presume() map[int]*plan.Entry {
	last := lastDeclared(in.undeclared())
	presumed := map[int]*plan.Entry{}
	for i, d := range in.Desired {
		if e := last[d.Address]; d.Key == nil && e != nil {
			now := *d
			now.Key = e.Key
			in.Desired[i], presumed[i] = &now, e
		}
	}
	return presumed
}

// lastDeclared returns what of the remembered actors was last declared at each address.
func lastDeclared(actors map[plan.Identity]*plan.Entry) map[address.Address]*plan.Entry {
	last := make(map[address.Address]*plan.Entry, len(actors))
	for _, e := range actors {
		if known := last[e.Address]; known == nil || known.LastApplied.Before(e.LastApplied) {
			last[e.Address] = e
		}
	}
	return last
}

// destroyAll plans the destruction of every declared actor that exists, dependents first.
func (b *builder) destroyAll() []plan.Change {
	var changes []plan.Change
	_, dependents := b.references()
	for i, d := range b.Desired {
		c := b.newChange(d, &b.Observed[i])
		c.Input = plan.InputChange{}
		c.DependsOn = dependents[d.Address]
		entry := b.Recalled.Of(d, &b.Observed[i])
		if b.destroy(c, entry) {
			changes = append(changes, c)
		}
	}
	return changes
}

// warnOfUndeclared says of the actors that riveter created and the configuration no longer declares, or may not declare, that they are not
// destroyed either.
func (b *builder) warnOfUndeclared() {
	var undeclared, unsettled []*plan.Entry
	for id, e := range b.left {
		switch u := b.unsettledNames[id.Name]; {
		case !e.Created || e.ActorID == "" || u.leftOut != "" || !b.Orders.Selects(e.Address):
		case len(u.late) > 0:
			unsettled = append(unsettled, e)
		default:
			undeclared = append(undeclared, e)
		}
	}
	b.warnOfStaying(undeclared, "What riveter created and the configuration no longer declares is left as it is: %s. "+
		"If it is to go too, \"riveter apply -prune\" comes first.")
	b.warnOfStaying(unsettled, "What riveter created may be declared with a key that is known after apply, and is left as it is: %s. "+
		"If it is to go too, \"riveter apply\" comes first.")
}

func (b *builder) warnOfStaying(entries []*plan.Entry, format string) {
	if len(entries) == 0 {
		return
	}
	actors := make([]string, len(entries))
	for i, e := range entries {
		actors[i] = fmt.Sprintf("%s (%s)", e.Address, e.What())
	}
	slices.Sort(actors)
	list := strings.Join(actors[:min(len(actors), 3)], ", ")
	if more := len(actors) - 3; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	b.report(hcl2.DiagWarning, nil, "Actors stay", format, list)
}

// appeared reports whether the first actor of an entry was not there before riveter was: it made that one, or met it made anew. What
// has taken its place was not there either.
func appeared(e *plan.Entry) bool { return e != nil && (e.Created || e.Fresh) }

// isMade reports whether riveter created the actor that is there.
func isMade(c *plan.ActorChange, entry *plan.Entry) bool {
	return entry != nil && entry.Created && (entry.ActorID == c.ActorID || entry.ActorID == "")
}

// destroy decides about one actor, and reports whether there is anything to say of it.
func (b *builder) destroy(c *plan.ActorChange, entry *plan.Entry) bool {
	exists := c.ActorID != ""
	switch {
	case !exists && entry == nil:
		return false
	case entry != nil && b.isOthers(entry):
		c.Action, c.Reason = plan.ActionNoOp, belongs(entry.Project)
	case !exists:
		c.Action, c.Reason, c.Gone = plan.ActionForget, "it does not exist any more", entry.Formers()
	case isMade(c, entry), b.Orders.Fixture && appeared(entry):
		c.Action, c.Reason = plan.ActionDestroy, plan.ReasonCreated
	case b.Orders.IncludeAdopted:
		c.Action, c.Reason, c.Stranger = plan.ActionDestroy, "riveter did not create it, and adopted actors are included", true
	default:
		c.Action, c.Reason = plan.ActionNoOp, "riveter did not create it; -include-adopted destroys it too"
	}
	if c.Action == plan.ActionDestroy {
		b.refuseProtected(c)
		b.decideFarewells(c, entry)
	}
	return true
}
