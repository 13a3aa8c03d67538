package decide

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

// verifyAll plans to look at every fact of every declared actor, but those that are to be ignored.
func (b *builder) verifyAll() []plan.Change {
	var changes []plan.Change
	for i, d := range b.Desired {
		if b.ignores(d.Address.String()) {
			continue
		}
		c := b.newChange(d, &b.Observed[i])
		c.Action, c.Input = plan.ActionNoOp, plan.InputChange{}
		c.DependsOn = nil // what is so of one actor says nothing of another
		if c.ActorID != "" {
			c.Steps = b.facts(d)
		}
		changes = append(changes, c)
	}
	return changes
}

// facts returns the steps that are about facts. Those that do not hold now are looked at again, since an expectation has
// its time; not those of which nobody can ever tell.
func (b *builder) facts(d *plan.Desired) []*plan.StepChange {
	var steps []*plan.StepChange
	for _, desired := range d.Steps {
		fact := desired.Fact()
		if fact == nil || b.ignoresStep(desired.Address) {
			continue
		}
		s := &plan.StepChange{Address: desired.Address, Desired: desired, Decision: plan.DecisionDone}
		switch holds, lost := fact.Holds(), fact.Lost(); {
		case !holds.IsKnown() && len(lost) > 0:
			skip(s, plan.ReasonUnkept)
			b.report(hcl2.DiagError, desired.Settings.Range.Ptr(), "Fact cannot be verified", "%s is about the result of %s, which nobody kept. "+
				"Leave it out with -ignore='%s', or have the result kept: make it again with apply -rerun='%[2]s', or, where it is sensitive, "+
				"have such results sealed in the ledger.", s.Address, lost[0], s.Address)
		case !holds.IsKnown() || holds.False():
			run(s, "it does not hold now")
		}
		steps = append(steps, s)
	}
	return steps
}

// checks returns the checks but those that are to be ignored.
func (b *builder) checks() []plan.Check {
	return slices.DeleteFunc(slices.Clone(b.Checks), func(c plan.Check) bool { return b.ignores(c.Name) })
}

func (b *builder) ignores(text string) bool {
	return b.isUsed("-ignore", address.Selecting(b.Orders.Ignore, func() string { return text }))
}

func (b *builder) ignoresStep(s address.StepAddress) bool {
	return b.isUsed("-ignore", address.SelectingStep(b.Orders.Ignore, s))
}

// warnOfIdle says which patterns ignore nothing. That is no error: what was ignored may be gone.
func (b *builder) warnOfIdle() {
	for _, p := range b.Orders.Ignore {
		if !b.used["-ignore="+p.String()] {
			b.report(hcl2.DiagWarning, nil, "Nothing is ignored", "-ignore=%s selects nothing that is verified: no actor, no fact, and no check.", p)
		}
	}
}
