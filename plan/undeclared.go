package plan

import (
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// Undeclared returns the remembered actors that the configuration no longer declares, or declares with another key, as far
// as they may be to go: because of a removed block, by -prune, or in a destroy. They are to be observed by their ids, and what
// is observed goes into [Inputs.Undeclared].
func Undeclared(mode Mode, recalled *Recalled, desired []*Desired, removals []Removal, orders Orders) []*Desired {
	var left []*Desired
	add := func(a address.Address, e *Entry) { left = append(left, &Desired{Address: a, ID: e.ActorID}) }
	for _, d := range desired {
		former := formerOf(d, recalled.Entry(d.Address))
		if former != nil && former.ActorID != "" && (mode == ModeDestroy || mode == ModeApply && orders.Prune && former.Created) {
			add(d.Address, former)
		}
	}
	if mode == ModeApply {
		for address, entry := range recalled.undeclared(desired) {
			if entry.Created && entry.ActorID != "" && isToGo(address, removals, orders) && orders.Selects(address) {
				add(address, entry)
			}
		}
	}
	slices.SortFunc(left, func(a, b *Desired) int { return a.Address.Compare(b.Address) })
	return left
}

// undeclared returns what is remembered of the actors that are not among the declared ones, under whatever address these are
// declared now.
func (r *Recalled) undeclared(declared []*Desired) map[address.Address]*Entry {
	if r == nil {
		return nil
	}
	left := maps.Clone(r.Entries)
	identities := make(map[Identity]bool, len(declared))
	for _, d := range declared {
		delete(left, d.Address)
		if d.Key != nil {
			identities[IdentityOf(d.Address.Name, d.Key)] = true
		}
	}
	maps.DeleteFunc(left, func(a address.Address, e *Entry) bool { return a.Kind != address.KindActor || identities[e.Identity()] })
	return left
}

// isToGo reports whether somebody wants what is at an address that nothing declares to be destroyed.
func isToGo(a address.Address, removals []Removal, orders Orders) bool {
	if i := slices.IndexFunc(removals, func(r Removal) bool { return r.concerns(a) }); i >= 0 {
		return removals[i].Destroy
	}
	return orders.Prune
}

// undeclared lists what the ledger remembers and the configuration no longer declares: it is forgotten, or destroyed where
// that is asked for.
func (b *builder) undeclared() []*Change {
	var changes []*Change
	for address, entry := range b.Recalled.undeclared(b.Desired) {
		if b.isSelected(address) {
			changes = append(changes, b.leave(address, entry))
		}
	}
	return changes
}

func (b *builder) leave(address address.Address, entry *Entry) *Change {
	c := &Change{
		Address:   address,
		Name:      entry.Name,
		Key:       entry.Key,
		ActorID:   entry.ActorID,
		Action:    ActionForget,
		Reason:    "it is not declared any more; the actor itself stays",
		MovedFrom: b.Recalled.Moved[address],
	}
	seen, asked := b.Undeclared[address]
	switch {
	case asked && seen.Exists:
		c.Action, c.Reason, c.CreatedAt = ActionDestroy, "it is not declared any more", seen.CreatedAt
	case asked:
		c.Reason = "it does not exist any more"
	case !entry.Created && isToGo(address, b.Removals, b.Orders):
		c.Reason = "it is not declared any more; riveter did not create it, so the actor itself stays"
	}
	return c
}

// pruneLimit is how many actors a plan with -prune may destroy where nobody says.
const pruneLimit = 10

// limitDestruction refuses to destroy more than is allowed.
func (b *builder) limitDestruction(changes []*Change) {
	limit := b.Orders.MaxDestroy
	if limit == nil && b.Orders.Prune {
		limit = new(pruneLimit)
	}
	doomed := 0
	for _, c := range changes {
		if c.Action == ActionDestroy || c.Action == ActionReplace {
			doomed++
		}
	}
	if limit != nil && doomed > *limit {
		b.report(hcl2.DiagError, nil, "Too much to destroy",
			"The plan would destroy %d actors, and at most %d may be. Look at what the plan lists; if that is right, say -max-destroy=%d.", doomed, *limit, doomed)
	}
}
