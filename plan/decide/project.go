package decide

import (
	"fmt"
	"maps"
	"slices"

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

// has begins a sentence about what is remembered of a project's actors, or of those that nobody's name and no prefix are before.
func has(project string) string {
	if project == "" {
		return "What is applied without -key-prefix has "
	}
	return "The project " + address.Quote(project) + " has "
}

// takesOver reports whether an apply makes what is declared this project's, where another one has it. Who has no name leaves it whose it is, and
// so does who puts a prefix before all keys, which mostly is to be destroyed soon.
func (in *Inputs) takesOver() bool { return in.Project != "" && len(in.KeyPrefix) == 0 }

// ownerAfter returns whose an actor is that is remembered and declared, when this is applied. What turns up only then was not told before, and stays
// whose it is.
func (b *builder) ownerAfter(entry *plan.Entry) string {
	if b.isOthers(entry) && (b.meeting || !b.takesOver()) {
		return entry.Project
	}
	return b.owner()
}

// takeOver has a person see and approve that an actor to which nothing else is done becomes this project's.
func (b *builder) takeOver(c *plan.ActorChange, entry *plan.Entry) {
	if c.Adopt != nil && b.isOthers(entry) && c.Adopt.Project == b.owner() {
		c.Action, c.Reason = plan.ActionAdopt, belongs(entry.Project)+" until now"
	}
}

// refuseForeign refuses to make an actor anew that another project has.
func (b *builder) refuseForeign(c *plan.ActorChange, entry *plan.Entry) {
	if entry == nil || !b.isOthers(entry) {
		return
	}
	way := "Do that with its configuration."
	if b.takesOver() {
		way = "Do that with its configuration, or first have an apply that lets the actor stay make it this project's."
	}
	b.errorf(c.Desired, "Actor of another project", "%s%s, which the plan would destroy and create. %s", has(entry.Project), c.Address, way)
}

// warnOfForeign says how many of the actors that are declared another project has, and what becomes of that; and which it has that removed blocks
// are about, and that stay.
func (b *builder) warnOfForeign() {
	foreign := map[plan.Identity]*plan.Entry{}
	for id, e := range b.Recalled.Actors {
		if b.isOthers(e) {
			foreign[id] = e
		}
	}
	if len(foreign) == 0 { // as mostly
		return
	}
	shared := map[string][]address.Address{}
	for i, d := range b.Desired {
		if d.Key == nil {
			continue
		}
		e := foreign[d.Identity()]
		if e != nil && b.Observed[i].Exists { // else it is made anew, and that is this project's
			shared[e.Project] = append(shared[e.Project], d.Address)
		}
		delete(foreign, d.Identity())
	}
	maps.DeleteFunc(foreign, func(_ plan.Identity, e *plan.Entry) bool { return !b.Orders.Selects(e.Address) })
	b.warnOfShared(shared, foreign)
	b.warnOfKept(foreign)
}

// warnOfShared says it of those that are declared, and how many more a project has that are not.
func (b *builder) warnOfShared(shared map[string][]address.Address, others map[plan.Identity]*plan.Entry) {
	more := map[string]int{}
	for _, e := range others {
		more[e.Project]++
	}
	then := "They stay that one's, which forgets or destroys them when it does not declare them any more. To take them over, apply with a name, " +
		"riveter { project = \"NAME\" }, and without -key-prefix."
	if b.takesOver() {
		then = fmt.Sprintf("The apply makes them the project %s's, and that one leaves them alone then. If they are to stay that one's, declare them "+
			"there only: a data block looks at them.", address.Quote(b.Project))
	}
	for _, project := range slices.Sorted(maps.Keys(shared)) {
		then := then
		if n := more[project]; n > 0 {
			then += fmt.Sprintf(" It has %d more, which are not declared here, and stay as they are.", n)
		}
		b.report(hcl2.DiagWarning, nil, "Actors of another project", "%s%d of the actors that are declared here, such as %s. %s",
			has(project), len(shared[project]), shared[project][0], then)
	}
}

// warnOfKept says it of those that removed blocks are about.
func (b *builder) warnOfKept(others map[plan.Identity]*plan.Entry) {
	if len(b.Removals) == 0 {
		return
	}
	kept := map[*plan.Removal][]*plan.Entry{}
	for _, id := range slices.SortedFunc(maps.Keys(others), plan.Identity.Compare) {
		if r := b.removal(others[id]); r != nil {
			kept[r] = append(kept[r], others[id])
		}
	}
	for i := range b.Removals {
		r := &b.Removals[i]
		if len(kept[r]) == 0 {
			continue
		}
		text := fmt.Sprintf("%s%s, which this block is about, and which stays as it is. Say so in its configuration", has(kept[r][0].Project), kept[r][0].What())
		if b.takesOver() {
			text += "; if there is none any more, declare the actor here once, and the apply makes it this project's"
		}
		if more := len(kept[r]) - 1; more > 0 {
			text += fmt.Sprintf(". The same goes for %d more", more)
		}
		b.report(hcl2.DiagWarning, r.Range.Ptr(), "Actor of another project", "%s.", text)
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
