package syntax

import (
	"errors"
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/gocty"
)

// Constant sets *into from an attribute that must not refer to anything, because it says how other things are read. An
// absent attribute leaves it alone.
func (c *Content) Constant(name string, into any) hcl2.Diagnostics {
	attr, ok := c.Attributes[name]
	if !ok {
		return nil
	}
	if len(attr.Expr.Variables()) > 0 {
		return hcl2.Diagnostics{Problem("Constant value needed", fmt.Sprintf(
			"%q is read before anything is evaluated, so it cannot refer to other values.", name,
		), attr.Expr.Range())}
	}
	value, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		return diags
	}
	return append(diags, assign(into, name, value, attr.Expr, nil)...)
}

// assign converts a known value of an attribute to the type of *into, a pointer to a string, bool or number. An unknown
// or null value leaves it alone.
func assign(into any, name string, value cty.Value, expr hcl2.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	value, _ = value.Unmark()
	if !value.IsKnown() || value.IsNull() {
		return nil
	}
	want, err := gocty.ImpliedType(into)
	if err != nil {
		panic(err)
	}
	converted, err := convert.Convert(value, want)
	if err == nil {
		err = gocty.FromCtyValue(converted, into)
	}
	if err != nil {
		return hcl2.Diagnostics{WrongType(name, want, value, err, expr, ctx)}
	}
	return nil
}

// WrongType reports a value that cannot be converted to the type that it should have.
func WrongType(name string, want cty.Type, have cty.Value, err error, expr hcl2.Expression, ctx *hcl2.EvalContext) *hcl2.Diagnostic {
	detail := fmt.Sprintf("%q must be %s, not %s.", name, WithArticle(want), WithArticle(have.Type()))
	if at, ok := errors.AsType[cty.PathError](err); ok && len(at.Path) > 0 {
		detail = fmt.Sprintf("%q must be %s, but %s.", name, WithArticle(want), DescribeError(err))
	}
	return ProblemIn("Wrong type of value", detail, expr, ctx)
}
