package expr

import (
	"reflect"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// box is an argument that hands a large collection to a function in a [Box].
type box struct{ *hclsyntax.ParenthesesExpr }

// boxType is that of a value in a box.
var boxType = cty.Capsule("box", reflect.TypeFor[cty.Value]())

// selecting are the functions that take a part of their first argument or its size, and know boxes. The library looks through all of an
// argument for marks in each call, which for a large table and a call for each of many instances takes hours.
var selecting = []string{"element", "length", "lookup"}

// boxArgument puts the first argument of such a function into a box.
func boxArgument(call *hclsyntax.FunctionCallExpr) {
	if !slices.Contains(selecting, call.Name) || len(call.Args) == 0 || call.ExpandFinal && len(call.Args) == 1 {
		return
	}
	if first := call.Args[0]; Unboxed(first) == first {
		call.Args[0] = box{around(first)}
	}
}

// Unboxed returns the expression of an argument as it is written.
func Unboxed(argument hclsyntax.Expression) hclsyntax.Expression {
	if b, ok := argument.(box); ok {
		return b.Expression
	}
	return argument
}

// Value implements hcl2.Expression.
func (b box) Value(ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	v, diags := b.Expression.Value(ctx)
	return Box(v), diags
}

// Box puts a collection, with its marks, where nobody looks through it before a function takes it out. What is small stays as it is.
func Box(v cty.Value) cty.Value {
	const enough = 16
	inner, _ := v.Unmark()
	if !inner.IsKnown() || inner.IsNull() || !inner.CanIterateElements() || inner.LengthInt() < enough {
		return v
	}
	return cty.CapsuleVal(boxType, &v)
}

// Unbox returns what is in a box. Any other value is returned as it is.
func Unbox(v cty.Value) cty.Value {
	if v.Type().Equals(boxType) && v.IsKnown() && !v.IsNull() {
		return *v.EncapsulatedValue().(*cty.Value)
	}
	return v
}
