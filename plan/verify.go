package plan

import (
	"errors"
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// ErrDrift is the error of what was looked at, and is not as it is declared. What cannot be looked at has other errors.
var ErrDrift = errors.New("it is not as it is declared")

// verifyAll plans to look at every fact of every declared actor, but those that are to be ignored.
func (b *builder) verifyAll() []Change {
	var changes []Change
	for i, d := range b.Desired {
		if b.ignores(d.Address.String()) {
			continue
		}
		c := b.newChange(d, &b.Observed[i])
		c.Action, c.Input = ActionNoOp, InputChange{}
		c.DependsOn = nil // what is so of one actor says nothing of another
		if c.ActorID != "" {
			c.Steps = b.facts(d)
		}
		changes = append(changes, c)
	}
	return changes
}

// Drift says how the actor itself is not as it is declared: it is not there, or is not what its postconditions say.
func (c *ActorChange) Drift() hcl2.Diagnostics {
	if c.ActorID != "" {
		return c.Desired.Broken()
	}
	return hcl2.Diagnostics{{
		Severity: hcl2.DiagError, Summary: "Actor does not exist", Subject: c.Desired.Settings.Range.Ptr(),
		Detail: fmt.Sprintf("There is no %s, so nothing can be said of %s. Apply the configuration first.", describeKey(c.Name, c.Key), c.Address),
	}}
}

// facts returns the steps that are about facts. Those that do not hold now are looked at again, since an expectation has
// its time.
func (b *builder) facts(d *Desired) []*StepChange {
	var steps []*StepChange
	for _, desired := range d.Steps {
		fact := desired.Fact()
		if fact == nil || b.ignoresStep(desired.Address) {
			continue
		}
		s := &StepChange{Address: desired.Address, Desired: desired, Decision: DecisionDone}
		if holds := fact.Holds(); !holds.IsKnown() || holds.False() {
			s.run("it does not hold now")
		}
		steps = append(steps, s)
	}
	return steps
}

// checks returns the checks but those that are to be ignored.
func (b *builder) checks() []Check {
	return slices.DeleteFunc(slices.Clone(b.Checks), func(c Check) bool { return b.ignores(c.Name) })
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
