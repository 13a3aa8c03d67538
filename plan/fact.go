package plan

import (
	"github.com/zclconf/go-cty/cty"
	"riveter/plan/value"
)

// Holds reports whether a fact is true: true, false, or unknown while a part of it that decides is. Values compare as
// [value.Match] has it.
func (f *Fact) Holds() cty.Value {
	if f.Condition != cty.NilVal {
		holds, _ := f.Condition.Unmark()
		return holds
	}
	return value.Match(f.Value, f.Want, f.Exact)
}

// Seen returns the part of the value that the fact is about: of objects only the attributes that are wanted, unless it is
// exact. What is wanted to be sensitive is sensitive here too. It is cty.NilVal for a condition.
func (f *Fact) Seen() cty.Value {
	if f.Value == cty.NilVal || f.Exact {
		return f.Value
	}
	return value.Project(f.Value, f.Want)
}

// Allowed reports whether the guards of a step let it run: true, false, or unknown. Without guards it is true.
func (s *DesiredStep) Allowed() cty.Value {
	allowed := cty.True
	if s.OnlyIf != cty.NilVal {
		allowed = s.OnlyIf
	}
	if s.Unless != cty.NilVal {
		allowed = allowed.And(s.Unless.Not())
	}
	allowed, _ = allowed.Unmark()
	return allowed
}
