package plan

import (
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// Fact is what an [*Ensure] makes true and an [*Expect] waits for.
type Fact interface {
	// Holds is true, false, or unknown while a part of it that decides is. Values compare as [value.Match] has it.
	Holds() cty.Value
	// Seen returns the value as it is: of objects only the attributes that are wanted, unless all of them are compared. What
	// is wanted to be sensitive is sensitive here too. It is cty.NilVal for a condition.
	Seen() cty.Value
	// Wanted returns what the value should be; cty.NilVal for a condition.
	Wanted() cty.Value
}

// Holds implements [Fact].
func (e *Ensure) Holds() cty.Value { return value.Match(e.Value, e.Want, e.Exact) }

// Seen implements [Fact].
func (e *Ensure) Seen() cty.Value {
	if e.Exact {
		return e.Value
	}
	return value.Project(e.Value, e.Want)
}

// Wanted implements [Fact].
func (e *Ensure) Wanted() cty.Value { return e.Want }

// Holds implements [Fact].
func (e *Expect) Holds() cty.Value {
	if e.Condition == cty.NilVal {
		return value.Match(e.Value, e.Want, false)
	}
	holds, _ := e.Condition.Unmark()
	return holds
}

// Seen implements [Fact].
func (e *Expect) Seen() cty.Value {
	if e.Value == cty.NilVal {
		return cty.NilVal
	}
	return value.Project(e.Value, e.Want)
}

// Wanted implements [Fact].
func (e *Expect) Wanted() cty.Value { return e.Want }

// Allowed reports whether the guards let the call be made: true, false, or unknown. Without guards it is true.
func (c *Call) Allowed() cty.Value {
	allowed := cty.True
	if c.OnlyIf != cty.NilVal {
		allowed = c.OnlyIf
	}
	if c.Unless != cty.NilVal {
		allowed = allowed.And(c.Unless.Not())
	}
	if value.IsUnkept(allowed) {
		return allowed
	}
	allowed, _ = allowed.Unmark()
	return allowed
}

// verifyAll plans to look at every fact of every declared actor.
func (b *builder) verifyAll() []Change {
	changes := make([]Change, len(b.Desired))
	for i, d := range b.Desired {
		c := b.newChange(d, &b.Observed[i])
		c.Action, c.Input = ActionNoOp, InputChange{}
		c.DependsOn = nil // what is so of one actor says nothing of another
		changes[i] = c
		if c.ActorID == "" {
			b.errorf(d, "Actor does not exist", "There is no %s, so nothing can be said of %s. Apply the configuration first.", describeKey(c.Name, c.Key), c.Address)
			continue
		}
		c.Steps = facts(d)
		b.diags = append(b.diags, d.Broken()...)
	}
	return changes
}

// facts returns the steps that are about facts. Those that do not hold now are looked at again, since an expectation has
// its time.
func facts(d *Desired) []*StepChange {
	var steps []*StepChange
	for _, desired := range d.Steps {
		fact := desired.Fact()
		if fact == nil {
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
