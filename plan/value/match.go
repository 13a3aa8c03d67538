package value

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Match reports whether a value is what is wanted: true, false, or unknown while a part of either that decides is. Numbers
// compare by what they are worth in JavaScript, a bigint with a number too; lists in whole, sets without order; objects by
// the attributes that are wanted, with exact by all. An attribute that is wanted to be null may be missing. Marks do not
// count.
func Match(v, want cty.Value, exact bool) cty.Value {
	switch (matcher{exact}).match(v, want) {
	case yes:
		return cty.True
	case no:
		return cty.False
	default:
		return cty.UnknownVal(cty.Bool)
	}
}

type matcher struct{ exact bool }

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

func (m matcher) match(v, want cty.Value) truth {
	v, _ = v.Unmark()
	want, _ = want.Unmark()
	switch t := want.Type(); {
	case !v.IsKnown() || !want.IsKnown():
		return maybe
	case isNothing(want):
		return truthOf(isNothing(v))
	case isNothing(v):
		return no
	case IsObject(t):
		return m.matchMembers(v, want)
	case t.IsSetType():
		return matchSet(v, want)
	case isList(t):
		return m.matchElements(v, want)
	default:
		return truthOf(sameScalar(v, want))
	}
}

// isNothing reports whether a known value is null, or what JavaScript calls undefined.
func isNothing(v cty.Value) bool { return v.IsNull() || v.Type().Equals(UndefinedType) }

// IsObject reports whether values of the type have named members: an object or a map.
func IsObject(t cty.Type) bool { return t.IsObjectType() || t.IsMapType() }

func isList(t cty.Type) bool { return t.IsTupleType() || t.IsListType() || t.IsSetType() }

func (m matcher) matchMembers(value, want cty.Value) truth {
	if !IsObject(value.Type()) {
		return no
	}
	there, wanted := value.AsValueMap(), want.AsValueMap()
	answer := yes
	for name, w := range wanted {
		v, ok := there[name]
		if !ok {
			v = cty.NullVal(cty.DynamicPseudoType)
		}
		answer = min(answer, m.match(v, w))
	}
	if !m.exact {
		return answer
	}
	for name := range there {
		if _, ok := wanted[name]; !ok {
			return no
		}
	}
	return answer
}

func (m matcher) matchElements(value, want cty.Value) truth {
	if !isList(value.Type()) || value.LengthInt() != want.LengthInt() {
		return no
	}
	answer := yes
	wanted := want.AsValueSlice()
	for i, v := range value.AsValueSlice() {
		answer = min(answer, m.match(v, wanted[i]))
	}
	return answer
}

func matchSet(value, want cty.Value) truth {
	switch {
	case !isList(value.Type()):
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
	encoded, err := Encode(v)
	if err != nil {
		return ""
	}
	return string(encoded)
}

func sameScalar(a, b cty.Value) bool {
	x, y := numberOf(a), numberOf(b)
	switch {
	case x == nil || y == nil:
		return Same(a, b)
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

// Project returns the part of a value that a comparison with want looks at: of objects only the attributes that are wanted.
// What is wanted to be sensitive is sensitive here too.
func Project(v, want cty.Value) cty.Value {
	v, marks := v.Unmark()
	want, more := want.Unmark()
	seen := v
	switch {
	case !v.IsKnown() || v.IsNull() || !want.IsKnown() || want.IsNull():
	case IsObject(v.Type()) && IsObject(want.Type()):
		seen = projectMembers(v, want)
	case isList(v.Type()) && isList(want.Type()) && v.LengthInt() == want.LengthInt() && v.LengthInt() > 0:
		elements := v.AsValueSlice()
		for i, w := range want.AsValueSlice() {
			elements[i] = Project(elements[i], w)
		}
		seen = cty.TupleVal(elements)
	}
	return seen.WithMarks(marks, more)
}

func projectMembers(v, want cty.Value) cty.Value {
	there, members := v.AsValueMap(), map[string]cty.Value{}
	for name, w := range want.AsValueMap() {
		if member, ok := there[name]; ok {
			members[name] = Project(member, w)
		}
	}
	return cty.ObjectVal(members)
}

// Lacking says of the first object within a value that has no member of a name that is wanted which name that is, and which it
// has instead. It is nothing where there is none, or where it may be secret.
func Lacking(v, want cty.Value) string {
	switch {
	case v.IsMarked() || want.IsMarked() || !v.IsKnown() || v.IsNull() || !want.IsKnown() || want.IsNull():
		return ""
	case IsObject(v.Type()) && IsObject(want.Type()):
		return lackingMember(v, want)
	case isList(v.Type()) && isList(want.Type()) && v.LengthInt() == want.LengthInt():
		elements := v.AsValueSlice()
		for i, w := range want.AsValueSlice() {
			if said := Lacking(elements[i], w); said != "" {
				return said
			}
		}
	}
	return ""
}

func lackingMember(v, want cty.Value) string {
	there, wanted := v.AsValueMap(), want.AsValueMap()
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		member, ok := there[name]
		if !ok && !wanted[name].IsNull() {
			return fmt.Sprintf("no %q, but %s", name, cmp.Or(quoteSome(there), "nothing"))
		}
		if ok {
			if said := Lacking(member, wanted[name]); said != "" {
				return said
			}
		}
	}
	return ""
}

// quoteSome lists the names of the first few members.
func quoteSome(members map[string]cty.Value) string {
	const most = 10
	names := slices.Sorted(maps.Keys(members))
	listed := names[:min(most, len(names))]
	for i, name := range listed {
		listed[i] = strconv.Quote(name)
	}
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(listed, ", "), more)
	}
	return strings.Join(listed, ", ")
}

// Same reports whether two values, both wholly known, would be sent alike: a list and a tuple of the same elements are the
// same. What cannot be sent is like nothing.
func Same(a, b cty.Value) bool {
	x, errX := Encode(a)
	y, errY := Encode(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
