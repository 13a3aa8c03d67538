package plan

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// Undeclared returns the actors that riveter created, that the configuration no longer declares, and that are to be
// destroyed for that: because of a removed block, or by -prune. They are to be observed by their ids, and what is
// observed goes into [Inputs.Undeclared].
func Undeclared(recalled *Recalled, desired []*Desired, removals []Removal, orders Orders) []*Desired {
	if recalled == nil {
		return nil
	}
	declared := make(map[Address]bool, len(desired))
	for _, d := range desired {
		declared[d.Address] = true
	}
	var left []*Desired
	for address, entry := range recalled.Entries {
		if address.Kind != KindActor || declared[address] || !entry.Created || entry.ActorID == "" {
			continue
		}
		removal := slices.IndexFunc(removals, func(r Removal) bool { return r.Concerns(address) })
		if removal >= 0 && removals[removal].Destroy || removal < 0 && orders.Prune {
			left = append(left, &Desired{Address: address, ID: entry.ActorID})
		}
	}
	slices.SortFunc(left, func(a, b *Desired) int { return a.Address.Compare(b.Address) })
	return left
}

// undeclared lists what the ledger remembers and the configuration no longer declares: it is forgotten, or destroyed where
// that is asked for.
func (b *builder) undeclared() []*Change {
	declared := make(map[Address]bool, len(b.Desired))
	for _, d := range b.Desired {
		declared[d.Address] = true
	}
	var changes []*Change
	for address, entry := range b.Recalled.Entries {
		if address.Kind == KindActor && !declared[address] && b.isSelected(address) {
			changes = append(changes, b.leave(address, entry))
		}
	}
	return changes
}

func (b *builder) leave(address Address, entry *Entry) *Change {
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
	case b.isToGo(address) && !entry.Created:
		c.Reason = "it is not declared any more; riveter did not create it, so the actor itself stays"
	}
	return c
}

// isToGo reports whether somebody wants what is at the address to be destroyed.
func (b *builder) isToGo(address Address) bool {
	removal := slices.IndexFunc(b.Removals, func(r Removal) bool { return r.Concerns(address) })
	return removal >= 0 && b.Removals[removal].Destroy || removal < 0 && b.Orders.Prune
}

// pruneLimit is how many actors a plan with -prune may destroy where nobody says.
const pruneLimit = 10

// limitDestruction refuses to destroy more than is allowed.
func (b *builder) limitDestruction(changes []*Change) {
	limit := b.Orders.MaxDestroy
	if limit == nil && b.Orders.Prune {
		limit = new(int)
		*limit = pruneLimit
	}
	doomed := 0
	for _, c := range changes {
		if c.Action == ActionDestroy || c.Action == ActionReplace {
			doomed++
		}
	}
	if limit == nil || doomed <= *limit {
		return
	}
	b.diags = append(b.diags, &hcl2.Diagnostic{
		Severity: hcl2.DiagError,
		Summary:  "Too much to destroy",
		Detail:   fmt.Sprintf("The plan would destroy %d actors, and at most %d may be. Look at what the plan lists; if that is right, say -max-destroy=%d.", doomed, *limit, doomed),
	})
}
