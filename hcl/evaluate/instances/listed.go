package instances

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/plan/address"
	"riveter/plan/value"
)

// listedNames returns what is in the list of toset(list), if there are only texts in it. A set of cty's sorts its elements anew
// whenever it is looked at, which for a block with many instances is most of the work. For a step it is made once, and shared.
func (f *Frame) listedNames(forEach *expr.Expression, ctx *hcl2.EvalContext) (names []cty.Value, ok bool) {
	list := forEach.Argument("toset")
	if list == nil || f.scope.IsStep() {
		return nil, false
	}
	v, diags := list.Value(ctx)
	if len(diags) > 0 || v.IsNull() || !value.IsPlain(v) || !v.Type().IsTupleType() && !v.Type().IsListType() {
		return nil, false
	}
	names = v.AsValueSlice()
	return names, !slices.ContainsFunc(names, func(name cty.Value) bool { return name.Type() != cty.String || name.IsNull() })
}

// roundsOf returns a round for each of some names, some of which may be the same.
func roundsOf(names []cty.Value) []Round {
	rounds := make([]Round, len(names))
	for i, name := range names {
		rounds[i] = Round{Key: address.StringKey(name.AsString()), root: "each", value: name, Plain: true}
	}
	slices.SortFunc(rounds, func(a, b Round) int { return a.Key.Compare(b.Key) })
	return slices.CompactFunc(rounds, func(a, b Round) bool { return a.Key == b.Key })
}
