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
	// Lacks says which member of an object is wanted and not there, as [value.Lacking] does.
	Lacks() string
	// Wanted returns what the value should be; cty.NilVal for a condition.
	Wanted() cty.Value
	// Lost returns the steps without whose results, which nobody kept, not all is known that tells whether it holds.
	Lost() []string
	// Origins returns of which results that nobody keeps, as [value.OriginsIn] does, that is made which tells whether it holds.
	Origins() []string
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

// Lacks implements [Fact].
func (e *Ensure) Lacks() string { return value.Lacking(e.Value, e.Want) }

// Wanted implements [Fact].
func (e *Ensure) Wanted() cty.Value { return e.Want }

// Lost implements [Fact].
func (e *Ensure) Lost() []string { return lostIn(e.Value, e.Want) }

// Origins implements [Fact].
func (e *Ensure) Origins() []string { return value.OriginsIn(e.Value, e.Want) }

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

// Lacks implements [Fact].
func (e *Expect) Lacks() string {
	if e.Value == cty.NilVal {
		return ""
	}
	return value.Lacking(e.Value, e.Want)
}

// Wanted implements [Fact].
func (e *Expect) Wanted() cty.Value { return e.Want }

// Lost implements [Fact].
func (e *Expect) Lost() []string { return lostIn(e.Condition, e.Value, e.Want) }

// Origins implements [Fact].
func (e *Expect) Origins() []string { return value.OriginsIn(e.Condition, e.Value, e.Want) }

func lostIn(values ...cty.Value) []string {
	var steps []string
	for _, v := range values {
		steps = append(steps, value.LostIn(v, false)...)
	}
	return steps
}

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
