package plan

import (
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// Doomed returns what is remembered of the actors that the plan may be to destroy since the configuration no longer declares
// them: because of a removed block, or by -prune. They are to be observed by their ids, and what is observed goes into
// Undeclared.
func (in *Inputs) Doomed() []*Entry {
	if in.Mode != ModeApply {
		return nil
	}
	var doomed []*Entry
	names := in.unsettled()
	for id, e := range in.undeclared() {
		if e.Created && e.ActorID != "" && names[id.Name] == "" && in.isToGo(e) && in.Orders.Selects(e.Address) {
			doomed = append(doomed, e)
		}
	}
	slices.SortFunc(doomed, func(a, b *Entry) int { return a.Identity().Compare(b.Identity()) })
	return doomed
}

// undeclared returns what is remembered of the actors that nobody declares, under whatever address. What other projects have
// is theirs.
func (in *Inputs) undeclared() map[Identity]*Entry {
	if in.Recalled == nil {
		return nil
	}
	left := maps.Clone(in.Recalled.Actors)
	for _, d := range in.Desired {
		if d.Key != nil {
			delete(left, d.Identity())
		}
	}
	maps.DeleteFunc(left, func(_ Identity, e *Entry) bool { return in.isOthers(e) })
	return left
}

// unsettled returns the names of which nobody knows yet all the actors that are declared, with the reason. What is remembered
// under such a name may be one of them.
func (in *Inputs) unsettled() map[string]string {
	names := map[string]string{}
	for _, text := range in.LeftOut {
		if a, err := address.Parse(text); err == nil && a.Kind == address.KindActor {
			names[a.Name] = "it may be declared by " + text + ", which is left out"
		}
	}
	for _, d := range in.Desired {
		if d.Key == nil && d.Address.Kind == address.KindActor {
			names[d.Address.Name] = "it may be " + d.Address.String() + ", whose key is known after apply"
		}
	}
	return names
}

// isToGo reports whether somebody wants an actor that nothing declares to be destroyed. A removed block has the last word.
func (in *Inputs) isToGo(e *Entry) bool {
	if r := in.removal(e); r != nil {
		return r.Destroy
	}
	return in.Orders.Prune
}

func (in *Inputs) removal(e *Entry) *Removal {
	i := slices.IndexFunc(in.Removals, func(r Removal) bool { return r.concerns(e) })
	if i < 0 {
		return nil
	}
	return &in.Removals[i]
}

// undeclaredAll lists what the ledger remembers and the configuration no longer declares: it is forgotten, or destroyed where
// that is asked for, what refers to others before them.
func (b *builder) undeclaredAll() []Change {
	var changes []Change
	dependents := map[address.Address][]address.Address{}
	for id, e := range b.left {
		if !b.Orders.Selects(e.Address) {
			continue
		}
		changes = append(changes, b.leave(e, b.unsettledNames[id.Name]))
		for _, on := range e.DependsOn {
			dependents[on] = append(dependents[on], e.Address)
		}
	}
	for _, c := range changes {
		c.Head().DependsOn = slices.SortedFunc(slices.Values(dependents[c.Head().Address]), address.Address.Compare)
	}
	return changes
}

// leave decides about an actor that nobody declares. unsettled says why that is not certain; it is empty where it is.
func (b *builder) leave(e *Entry, unsettled string) *ActorChange {
	c := &ActorChange{
		ChangeHead: ChangeHead{Address: e.Address, Action: ActionForget, Reason: "it is not declared any more; the actor itself stays"},
		Name:       e.Name,
		Key:        e.Key,
		ActorID:    e.ActorID,
	}
	seen, asked := b.Undeclared[e.Identity()]
	switch {
	case unsettled != "":
		c.Action, c.Reason = ActionNoOp, unsettled
	case asked && seen.Exists:
		c.Action, c.Reason, c.CreatedAt = ActionDestroy, "it is not declared any more", seen.CreatedAt
		b.refuseRemembered(c, e)
	case asked:
		c.Reason = "it does not exist any more"
	case !e.Created && b.isToGo(e):
		c.Reason = "it is not declared any more; riveter did not create it, so the actor itself stays"
	}
	return c
}

// refuseRemembered refuses to destroy an actor whose block is gone, but said that it must not be, or that steps come before. A
// removed block says otherwise.
func (b *builder) refuseRemembered(c *ActorChange, e *Entry) {
	r := b.removal(e)
	removed := r != nil && r.Destroy
	what := describeKey(c.Name, c.Key)
	switch {
	case e.PreventDestroy && !removed:
		b.report(hcl2.DiagError, nil, "Actor is protected", "The plan would destroy %s, known as %s, whose lifecycle said prevent_destroy = true. "+
			"If it may go, say so with a block removed { from = %s  destroy = true }.", what, c.Address, c.Address)
	case e.OnDestroy && removed:
		b.report(hcl2.DiagWarning, r.Range.Ptr(), "Steps are not made", "%s, known as %s, had steps with run = \"on_destroy\". They went with its block, so that it is "+
			"destroyed without them.", what, c.Address)
	case e.OnDestroy:
		b.report(hcl2.DiagError, nil, "Steps come before", "The plan would destroy %s, known as %s, before which come steps with run = \"on_destroy\". They went with its block, "+
			"and cannot be made. Put the block back and destroy it with -target, or say with a block removed { from = %s  destroy = true } that it may go without them.",
			what, c.Address, c.Address)
	}
}

// pruneLimit is how many actors a plan with -prune may destroy where nobody says.
const pruneLimit = 10

// limitDestruction refuses to destroy more than is allowed.
func (b *builder) limitDestruction(changes []Change) {
	limit := b.Orders.MaxDestroy
	if limit == nil && b.Orders.Prune {
		limit = new(pruneLimit)
	}
	doomed := 0
	for _, c := range changes {
		if action := c.Head().Action; action == ActionDestroy || action == ActionReplace {
			doomed++
		}
	}
	if limit != nil && doomed > *limit {
		b.report(hcl2.DiagError, nil, "Too much to destroy",
			"The plan would destroy %d actors, and at most %d may be. Look at what the plan lists; if that is right, say -max-destroy=%d.", doomed, *limit, doomed)
	}
}
