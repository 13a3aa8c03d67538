package value

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Equality returns the operator == or, if it is not to hold, != of expressions. A value that only JavaScript has and one of
// another type are never equal, which is a mistake of the author's rather than an answer.
func Equality(holds bool) function.Function {
	operand := function.Parameter{Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true}
	a, b := operand, operand
	a.Name, b.Name = "a", "b"
	return function.New(&function.Spec{
		Params:       []function.Parameter{a, b},
		RefineResult: func(b *cty.RefinementBuilder) *cty.RefinementBuilder { return b.NotNull() },
		Type: func(args []cty.Value) (cty.Type, error) {
			x, y := args[0].Type(), args[1].Type()
			isSpecial := x.IsCapsuleType() || y.IsCapsuleType()
			if isSpecial && !x.Equals(y) && !args[0].IsNull() && !args[1].IsNull() && x != cty.DynamicPseudoType && y != cty.DynamicPseudoType {
				return cty.Bool, function.NewArgErrorf(1, "%s and %s are never equal. Write both as the same type", x.FriendlyName(), y.FriendlyName())
			}
			return cty.Bool, nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			equal := args[0].Equals(args[1])
			if !holds && equal.IsKnown() {
				return equal.Not(), nil
			}
			return equal, nil
		},
	})
}
