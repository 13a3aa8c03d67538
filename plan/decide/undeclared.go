package decide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

// Doomed returns what is remembered of the actors that the plan may be to destroy since the configuration no longer declares
// them: because of a removed block, or by -prune. They are to be observed as [plan.Entry.Sought] says, and what is observed goes into
// Undeclared.
func (in *Inputs) Doomed() []*plan.Entry {
	if in.Mode != plan.ModeApply {
		return nil
	}
	undeclared := in.undeclared()
	if len(undeclared) == 0 { // as mostly
		return nil
	}
	var doomed []*plan.Entry
	names, consulted := in.unsettled(), in.consulted()
	for id, e := range undeclared {
		_, stays := consulted.by(e)
		if e.Created && !stays && names[id.Name].reason(e) == "" && in.isToGo(e) && in.Orders.Selects(e.Address) {
			doomed = append(doomed, e)
		}
	}
	slices.SortFunc(doomed, func(a, b *plan.Entry) int { return a.Identity().Compare(b.Identity()) })
	return doomed
}

// undeclared returns what is remembered of the actors that nobody declares, under whatever address. What other projects have
// is theirs.
func (in *Inputs) undeclared() map[plan.Identity]*plan.Entry {
	if in.Recalled == nil {
		return nil
	}
	left := maps.Clone(in.Recalled.Actors)
	for _, d := range in.Desired {
		if d.Key != nil {
			delete(left, d.Identity())
		}
	}
	maps.DeleteFunc(left, func(_ plan.Identity, e *plan.Entry) bool { return in.isOthers(e) })
	return left
}

// unsettled says why nobody knows yet all the actors that are declared of a name: one is left out, or some have keys that are known after
// apply.
type unsettled struct {
	leftOut string
	late    []address.Address // sorted
	seen    bool              // the plan finds out
}

// reason says why what is remembered may be declared; it is empty where it is not.
func (u unsettled) reason(e *plan.Entry) string {
	switch {
	case u.leftOut != "":
		return "it may be declared by " + u.leftOut + ", which is left out"
	case len(u.late) == 0:
		return ""
	}
	of := u.late[0]
	if _, ok := slices.BinarySearchFunc(u.late, e.Address, address.Address.Compare); ok {
		of = e.Address
	}
	return "it may be " + of.String() + ", whose key is known after apply"
}

// unsettled returns the names of which nobody knows yet all the actors that are declared. What is remembered under such a name may be one of
// them.
func (in *Inputs) unsettled() map[string]unsettled {
	names := map[string]unsettled{}
	for _, text := range in.LeftOut {
		if a, err := address.Parse(text); err == nil && a.Kind == address.KindActor {
			names[a.Name] = unsettled{leftOut: text}
		}
	}
	for _, d := range in.Desired {
		if d.Key == nil && d.Address.Kind == address.KindActor {
			u := names[d.Address.Name]
			u.late = append(u.late, d.Address)
			names[d.Address.Name] = u
		}
	}
	return names
}

// isToGo reports whether somebody wants an actor that nothing declares to be destroyed. A removed block has the last word.
func (in *Inputs) isToGo(e *plan.Entry) bool {
	if r := in.removal(e); r != nil {
		return r.Destroy
	}
	isKnown := e.ActorID != "" || !e.LastApplied.IsZero() // else nobody has said of it that it is protected
	return in.Orders.Prune && isKnown
}

// removal returns the removed block that is about an actor. Of several, one counts by which the actor stays.
func (in *Inputs) removal(e *plan.Entry) (removal *plan.Removal) {
	for i := range in.Removals {
		if r := &in.Removals[i]; (removal == nil || removal.Destroy && !r.Destroy) && r.Concerns(e) {
			removal = r
		}
	}
	return removal
}

// undeclaredAll lists what the ledger remembers and the configuration no longer declares: it is forgotten, or destroyed where
// that is asked for, what refers to others before them.
func (b *builder) undeclaredAll() []plan.Change {
	var changes []plan.Change
	dependents := map[address.Address][]address.Address{}
	var consulted consulted
	isLeftOut := func(a address.Address) bool { return !b.isSelected(a) }
	for name, u := range b.unsettledNames {
		u.seen = u.leftOut == "" && !slices.ContainsFunc(u.late, isLeftOut)
		b.unsettledNames[name] = u
	}
	b.told = map[address.Address]bool{}
	if len(b.left) > 0 {
		consulted = b.consulted()
		for _, d := range b.Desired {
			b.told[d.Address] = d.KeyTold
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(b.left), plan.Identity.Compare) {
		e := b.left[id]
		if !b.Orders.Selects(e.Address) {
			continue
		}
		changes = append(changes, b.leave(e, b.unsettledNames[id.Name], consulted))
		for _, on := range e.DependsOn {
			dependents[on] = append(dependents[on], e.Address)
		}
	}
	for _, c := range changes {
		c.Head().DependsOn = slices.SortedFunc(slices.Values(dependents[c.Head().Address]), address.Address.Compare)
	}
	return changes
}

// leave decides about an actor that nobody declares, as far as that is certain. One that is to be destroyed waits for a plan in which it is.
// One that a data block names stays: the next plan would not find it.
func (b *builder) leave(e *plan.Entry, u unsettled, consulted consulted) *plan.ActorChange {
	c := &plan.ActorChange{
		ChangeHead: plan.ChangeHead{Address: e.Address, Action: plan.ActionForget, Reason: "it is not declared any more; the actor itself stays"},
		Name:       e.Name,
		Key:        e.Key,
		ActorID:    e.ActorID,
	}
	seen, asked := b.Undeclared[e.Identity()]
	if asked && e.ActorID == "" && seen.Exists {
		c.ActorID, e = seen.ActorID, b.Recalled.Of(e.Sought(), &seen)
	}
	data, stays := consulted.by(e)
	switch {
	case b.told[e.Address] && !b.Orders.Prune && b.removal(e) == nil:
		c.Action, c.Reason = plan.ActionNoOp, cmp.Or(u.reason(e), "what gives its key gives another one now; the actor stays, and is remembered until -prune")
	case u.seen && (stays || !e.Created || !b.isToGo(e)):
		c.Action, c.Reason, c.Unless = plan.ActionRead, u.reason(e)+"; if not, it is forgotten then", u.late
	case u.seen:
		c.Action, c.Reason = plan.ActionNoOp, u.reason(e)+"; if not, it is for the next plan to destroy"
	case u.reason(e) != "":
		c.Action, c.Reason = plan.ActionNoOp, u.reason(e)
	case stays:
		c.Reason = "it is not declared any more; " + data + " names it, so the actor itself stays"
	case asked && seen.Exists && e.Created && consulted.open[e.Name] != "":
		c.Action, c.Reason = plan.ActionNoOp, consulted.open[e.Name]+" may name it; if not, it is for a later plan to destroy"
	case asked && seen.Exists && e.Created:
		c.Action, c.Reason, c.CreatedAt = plan.ActionDestroy, "it is not declared any more", seen.CreatedAt
		b.refuseRemembered(c, e)
	case asked && !seen.Exists:
		c.Reason, c.Gone = "it does not exist any more", e.Formers()
	case !e.Created && b.isToGo(e):
		c.Reason = "it is not declared any more; riveter did not create it, so the actor itself stays"
	case e.Created && e.ActorID == "":
		c.Reason = "it is not declared any more; riveter never heard whether it created it, and leaves it"
	}
	return c
}

// refuseRemembered refuses to destroy an actor whose block is gone, but said that it must not be, or that steps come before. A
// removed block says otherwise.
func (b *builder) refuseRemembered(c *plan.ActorChange, e *plan.Entry) {
	r := b.removal(e)
	removed := r != nil && r.Destroy
	what := c.What()
	switch {
	case e.PreventDestroy && !removed:
		b.report(hcl2.DiagError, nil, "Actor is protected", "The plan would destroy %s, known as %s, whose lifecycle said prevent_destroy = true. "+
			"If it may go, say so with this block:\n\n%s", what, c.Address, b.removedBlock(c))
	case e.OnDestroy && removed:
		b.report(hcl2.DiagWarning, r.Range.Ptr(), "Steps are not made", "%s, known as %s, had steps with run = \"on_destroy\". %s, so that it is destroyed without them.",
			what, c.Address, b.lostFarewells(c))
	case e.OnDestroy:
		b.report(hcl2.DiagError, nil, "Steps come before", "The plan would destroy %s, known as %s, before which come steps with run = \"on_destroy\". %s, and cannot be made. "+
			"Put that back and destroy the actor with -target, or say with this block that it may go without them:\n\n%s",
			what, c.Address, b.lostFarewells(c), b.removedBlock(c))
	}
}

// lostFarewells says why steps that come before an actor is destroyed are not those of the one that is to go.
func (b *builder) lostFarewells(c *plan.ActorChange) string {
	if _, declared := b.told[c.Address]; declared {
		return "They went with its key, as its block has another one now"
	}
	return "They went with its declaration"
}

// removedBlock is what says that an actor is to be destroyed, to be copied. Its address may be that of a block that is still declared.
func (b *builder) removedBlock(c *plan.ActorChange) string {
	var key []string
	for _, part := range c.Key[min(len(b.KeyPrefix), len(c.Key)):] {
		key = append(key, address.Quote(part))
	}
	return fmt.Sprintf("  removed {\n    from    = %s\n    key     = [%s]\n    destroy = true\n  }", address.Quote(c.Name), strings.Join(key, ", "))
}

// pruneLimit is how many actors a plan with -prune may destroy where nobody says.
const pruneLimit = 10

// limitDestruction refuses to destroy more than is allowed.
func (b *builder) limitDestruction(changes []plan.Change) {
	limit := b.Orders.MaxDestroy
	if limit == nil && b.Orders.Prune {
		limit = new(pruneLimit)
	}
	doomed := 0
	for _, c := range changes {
		if action := c.Head().Action; action == plan.ActionDestroy || action == plan.ActionReplace {
			doomed++
		}
	}
	if limit != nil && doomed > *limit {
		b.report(hcl2.DiagError, nil, "Too much to destroy",
			"The plan would destroy %d actors, and at most %d may be. Look at what the plan lists; if that is right, say -max-destroy=%d.", doomed, *limit, doomed)
	}
}
