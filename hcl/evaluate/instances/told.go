package instances

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// tellSecrets tells what is sensitive of the value of an expression, and of the values of its parts where it has none, not all of it
// is known, or it is the outcome of a comparison.
func (f *Frame) tellSecrets(ex *expr.Expression, ctx *hcl2.EvalContext, v cty.Value, failed bool) {
	isSensitive := value.HasSensitive(v)
	if isSensitive {
		TellSecret(f.Secret, v)
		f.TellOrigins(ex, ctx, v)
	}
	if failed || (isSensitive || f.Lenient) && !value.IsKnown(v) || isSensitive && v.Type() == cty.Bool {
		f.TellParts(ex, ctx)
	}
}

// TellParts tells what is sensitive of each part of an expression. What a part is repeated for is not known.
func (f *Frame) TellParts(ex *expr.Expression, ctx *hcl2.EvalContext) {
	if f.Secret == nil || !ex.Marks && !hasSecret(ex.Variables(), ctx) {
		return
	}
	within := ctx.NewChild()
	within.Variables = map[string]cty.Value{}
	for _, node := range nodesOf(ex) {
		_ = hclsyntax.VisitAll(node, func(part hclsyntax.Node) hcl2.Diagnostics {
			switch part := part.(type) {
			case hclsyntax.ChildScope:
				for name := range part.LocalNames {
					within.Variables[name] = cty.DynamicVal
				}
			case hclsyntax.Expression:
				v, _ := part.Value(within) // what is wrong with it has been reported
				TellSecret(f.Secret, v)
			}
			return nil
		})
	}
}

// nodesOf returns what an expression is made of: itself, or the templates that it has in JSON.
func nodesOf(ex *expr.Expression) []hclsyntax.Expression {
	written := hcl2.UnwrapExpression(ex.Expression)
	if native, ok := written.(hclsyntax.Expression); ok {
		return []hclsyntax.Expression{native}
	}
	return expr.Templates(written)
}
