package decide

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

func (in *Inputs) owner() string { return plan.Owner(in.Project, in.KeyPrefix) }

// isOthers reports whether an actor that is remembered is somebody else's. What was remembered without a name may be anybody's,
// except for those who put a prefix before all of their keys.
func (in *Inputs) isOthers(e *plan.Entry) bool {
	return e.Project != in.owner() && (e.Project != "" || len(in.KeyPrefix) > 0)
}

// isForeign reports whether a pool that is remembered is of another project. What was remembered without a name may be anybody's.
func (in *Inputs) isForeign(project string) bool { return project != "" && project != in.Project }

func belongs(project string) string { return "it is the project " + address.Quote(project) + "'s" }

// refuseForeign refuses to make an actor anew that another project has.
func (b *builder) refuseForeign(c *plan.ActorChange, entry *plan.Entry) {
	if entry != nil && b.isOthers(entry) {
		b.errorf(c.Desired, "Actor of another project", "The plan would destroy and create %s, which is the project %s's. Do that with its configuration.",
			c.Address, address.Quote(entry.Project))
	}
}

// warnOfStrangers asks whether the ledger is that of another configuration, where what it remembers has no name that would tell.
func (b *builder) warnOfStrangers(changes []plan.Change) {
	gone, all := 0, 0
	for _, e := range b.Recalled.Actors {
		if b.isSelected(e.Address) {
			all++
		}
	}
	for _, c := range changes {
		actor, ok := c.(*plan.ActorChange)
		leaves := ok && actor.Desired == nil && (actor.Action == plan.ActionForget || actor.Action == plan.ActionDestroy)
		if entry := b.left[identityOf(actor)]; leaves && entry != nil && entry.Project == "" && b.removal(entry) == nil {
			gone++
		}
	}
	if gone > 1 && 2*gone > all && !b.Orders.OwnLedger {
		b.report(hcl2.DiagWarning, nil, "Is this the right ledger?", "%d of the %d actors that the ledger remembers are not declared. They may be another configuration's that has the same "+
			"ledger: give each its own, or name both with riveter { project = \"NAME\" }, and neither forgets what is the other's.", gone, all)
	}
}

func identityOf(c *plan.ActorChange) plan.Identity {
	if c == nil {
		return plan.Identity{}
	}
	return plan.IdentityOf(c.Name, c.Key)
}
