package plan

import (
	"math/big"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Holds reports whether a fact is true: true, false, or unknown while a part of it that decides is. Numbers compare by what
// they are worth, a bigint with a number too; lists in whole, sets without order; objects by the attributes that are
// wanted, unless the fact is exact. An attribute that is wanted to be null may be missing.
func (f *Fact) Holds() cty.Value {
	if f.Condition != cty.NilVal {
		holds, _ := f.Condition.Unmark()
		return holds
	}
	switch f.match(f.Value, f.Want) {
	case yes:
		return cty.True
	case no:
		return cty.False
	default:
		return cty.UnknownVal(cty.Bool)
	}
}

// truth is the answer to a question of which a part may be unknown. Of several answers that must all be yes, the least
// is the answer.
type truth int

const (
	no truth = iota
	maybe
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (f *Fact) match(value, want cty.Value) truth {
	value, _ = value.Unmark()
	want, _ = want.Unmark()
	switch t := want.Type(); {
	case !value.IsKnown() || !want.IsKnown():
		return maybe
	case isNothing(want):
		return truthOf(isNothing(value))
	case isNothing(value):
		return no
	case isMembers(t):
		return f.matchMembers(value, want)
	case t.IsSetType():
		return matchSet(value, want)
	case isElements(t):
		return f.matchElements(value, want)
	default:
		return truthOf(sameScalar(value, want))
	}
}

// isNothing reports whether a known value is null, or what JavaScript calls undefined.
func isNothing(v cty.Value) bool { return v.IsNull() || v.Type().Equals(UndefinedType) }

func isMembers(t cty.Type) bool { return t.IsObjectType() || t.IsMapType() }

func isElements(t cty.Type) bool { return t.IsTupleType() || t.IsListType() || t.IsSetType() }

func (f *Fact) matchMembers(value, want cty.Value) truth {
	if !isMembers(value.Type()) {
		return no
	}
	there, wanted := value.AsValueMap(), want.AsValueMap()
	answer := yes
	for name, w := range wanted {
		v, ok := there[name]
		if !ok {
			v = cty.NullVal(cty.DynamicPseudoType)
		}
		answer = min(answer, f.match(v, w))
	}
	if !f.Exact {
		return answer
	}
	for name := range there {
		if _, ok := wanted[name]; !ok {
			return no
		}
	}
	return answer
}

func (f *Fact) matchElements(value, want cty.Value) truth {
	if !isElements(value.Type()) || value.LengthInt() != want.LengthInt() {
		return no
	}
	answer := yes
	wanted := want.AsValueSlice()
	for i, v := range value.AsValueSlice() {
		answer = min(answer, f.match(v, wanted[i]))
	}
	return answer
}

func matchSet(value, want cty.Value) truth {
	switch {
	case !isElements(value.Type()):
		return no
	case !value.IsWhollyKnown() || !want.IsWhollyKnown():
		return maybe
	}
	return truthOf(slices.Equal(sortedEncodings(value), sortedEncodings(want)))
}

func sortedEncodings(v cty.Value) []string {
	var encodings []string
	for _, element := range v.AsValueSlice() {
		encodings = append(encodings, encoding(element))
	}
	slices.Sort(encodings)
	return encodings
}

// encoding returns what is sent for a known value, or nothing for one that cannot be sent.
func encoding(v cty.Value) string {
	encoded, err := EncodeValue(v)
	if err != nil {
		return ""
	}
	return string(encoded)
}

func sameScalar(a, b cty.Value) bool {
	x, y := numberOf(a), numberOf(b)
	switch {
	case x == nil || y == nil:
		return encoding(a) == encoding(b)
	case a.Type() == cty.Number && b.Type() == cty.Number:
		return JavaScriptNumber(x) == JavaScriptNumber(y)
	default:
		return x.Cmp(y) == 0
	}
}

// JavaScriptNumber returns the number that an HCL number arrives as: the nearest that there is.
func JavaScriptNumber(f *big.Float) float64 {
	nearest, _ := f.Float64()
	return nearest
}

// numberOf returns what a number or bigint is worth, and nil for anything else.
func numberOf(v cty.Value) *big.Float {
	switch {
	case v.Type() == cty.Number:
		return v.AsBigFloat()
	case v.Type().Equals(BigIntType):
		return new(big.Float).SetInt(v.EncapsulatedValue().(*big.Int))
	default:
		return nil
	}
}

// Seen returns the part of the value that the fact is about: of objects only the attributes that are wanted, unless it is
// exact. What is wanted to be sensitive is sensitive here too. It is cty.NilVal for a condition.
func (f *Fact) Seen() cty.Value {
	if f.Value == cty.NilVal || f.Exact {
		return f.Value
	}
	return project(f.Value, f.Want)
}

func project(value, want cty.Value) cty.Value {
	value, marks := value.Unmark()
	want, more := want.Unmark()
	seen := value
	switch {
	case !value.IsKnown() || value.IsNull() || !want.IsKnown() || want.IsNull():
	case isMembers(value.Type()) && isMembers(want.Type()):
		seen = projectMembers(value, want)
	case isElements(value.Type()) && isElements(want.Type()) && value.LengthInt() == want.LengthInt() && value.LengthInt() > 0:
		elements := value.AsValueSlice()
		for i, w := range want.AsValueSlice() {
			elements[i] = project(elements[i], w)
		}
		seen = cty.TupleVal(elements)
	}
	return seen.WithMarks(marks, more)
}

func projectMembers(value, want cty.Value) cty.Value {
	there, members := value.AsValueMap(), map[string]cty.Value{}
	for name, w := range want.AsValueMap() {
		if v, ok := there[name]; ok {
			members[name] = project(v, w)
		}
	}
	return cty.ObjectVal(members)
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
