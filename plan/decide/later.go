package decide

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// lookLater has an actor looked for when its turn comes: its key is not known yet, or somebody else is to make it.
func (b *builder) lookLater(c *plan.ActorChange) {
	c.Action, c.Reason = plan.ActionRead, plan.WhyLater(c.Key)
	c.Meet = b.meet
}

// refuseMissing says which actors do not exist, and will not do so when their turn comes: nothing that they depend on changes. Of
// those that are to be created it notes whether they may turn up before.
func (b *builder) refuseMissing(p *plan.Plan) {
	changes := p.ChangesBefore()
	mayBeMade := func(dependsOn []address.Address) bool { return slices.ContainsFunc(dependsOn, changes) }
	for _, c := range p.Changes {
		c, ok := c.(*plan.ActorChange)
		switch {
		case !ok:
		case c.Action == plan.ActionCreate:
			c.MayAppear = mayBeMade(c.DependsOn)
		case c.Action == plan.ActionRead && c.Desired != nil && c.Key != nil && !mayBeMade(c.Desired.DependsOn):
			b.refuseAbsent(c)
		}
	}
	b.refuseLookups(mayBeMade)
}

func (b *builder) refuseLookups(mayBeMade func([]address.Address) bool) {
	for _, l := range b.Lookups {
		if l.Missing != nil && !mayBeMade(l.DependsOn) {
			b.diags = append(b.diags, l.Missing)
		}
	}
}

func (b *builder) refuseAbsent(c *plan.ActorChange) {
	b.errorf(c.Desired, "Actor does not exist", "%s says create = \"never\", but there is no %s. Create it, or let riveter do so.",
		c.Address, c.What())
}

// meet is the Meet of an actor that was to be looked for when its turn came.
func (b *builder) meet(now *plan.Desired, seen plan.Observed) (*plan.ActorChange, hcl2.Diagnostics) {
	in := b.Inputs
	in.Replacements = NewReplacements(in.Recalled, plan.Orders{})
	b = &builder{Inputs: in, homes: b.homes, last: b.last, used: map[string]bool{}, asked: map[string]*hcl2.Diagnostic{}, meeting: true}
	met := b.change(now, &seen)
	if met.Action == plan.ActionRead {
		b.refuseAbsent(met)
	}
	if met.Action == plan.ActionAdopt && met.Adopt.Fresh && dropsInput(now) && b.Recalled.Of(now, &seen) == nil {
		b.errorf(now, "Input was dropped", "%s was made by somebody else since the plan was made: its input was dropped, and its steps do not run. "+
			"Declare no input, as create = \"never\" may say too, or see to it that nobody else makes the actor.", met.What())
	}
	for _, s := range met.Steps {
		if s.Decision == plan.DecisionUnknown {
			b.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Undecided step", "Nobody knows whether %s was done: %s. Plan again to decide.", s.Address, s.Reason)
		}
	}
	return met, b.diags
}

// dropsInput reports whether something is lost where an actor that is declared turns out to be there already.
func dropsInput(d *plan.Desired) bool {
	return d.Input != cty.NilVal && d.Settings.Create != plan.CreateNever
}
