package plan

import "riveter/plan/address"

// Presume takes the actors whose keys are not known for those that were last declared at their addresses: what gave the keys may have
// been destroyed before. It returns what is remembered of them, by their place in Desired. They are to be observed by their ids.
func (in *Inputs) Presume() map[int]*Entry {
	last := map[address.Address]*Entry{}
	for _, e := range in.undeclared() {
		if known := last[e.Address]; e.ActorID != "" && (known == nil || known.LastApplied.Before(e.LastApplied)) {
			last[e.Address] = e
		}
	}
	presumed := map[int]*Entry{}
	for i, d := range in.Desired {
		if e := last[d.Address]; d.Key == nil && e != nil {
			now := *d
			now.Key = e.Key
			in.Desired[i], presumed[i] = &now, e
		}
	}
	return presumed
}

// destroyAll plans the destruction of every declared actor that exists, dependents first.
func (b *builder) destroyAll() []Change {
	var changes []Change
	_, dependents := b.references()
	for i, d := range b.Desired {
		c := b.newChange(d, &b.Observed[i])
		c.Input = InputChange{}
		c.DependsOn = dependents[d.Address]
		entry := b.Recalled.Of(d, c.ActorID)
		if b.destroy(c, entry) {
			changes = append(changes, c)
		}
	}
	return changes
}

// appeared reports whether the first actor of an entry was not there before riveter was: it made that one, or met it made anew. What
// has taken its place was not there either.
func (e *Entry) appeared() bool { return e != nil && (e.Created || e.Fresh) }

// destroy decides about one actor, and reports whether there is anything to say of it.
func (b *builder) destroy(c *ActorChange, entry *Entry) bool {
	exists := c.ActorID != ""
	known := entry != nil && (entry.ActorID == c.ActorID || entry.ActorID == "")
	switch {
	case !exists && entry == nil:
		return false
	case entry != nil && b.isOthers(entry):
		c.Action, c.Reason = ActionNoOp, belongs(entry.Project)
	case !exists:
		c.Action, c.Reason = ActionForget, "it does not exist any more"
	case known && entry.Created, b.Orders.Fixture && entry.appeared():
		c.Action, c.Reason = ActionDestroy, ReasonCreated
	case b.Orders.IncludeAdopted:
		c.Action, c.Reason = ActionDestroy, "adopted actors are included"
	default:
		c.Action, c.Reason = ActionNoOp, "riveter did not create it; -include-adopted destroys it too"
	}
	if c.Action == ActionDestroy {
		b.refuseProtected(c)
		b.decideFarewells(c, entry)
	}
	return true
}
