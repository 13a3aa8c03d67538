package expr

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// conditional is one of which the library is handed results that have a type in common already, if they are wide: to look for it takes
// it hours.
type conditional struct {
	*hclsyntax.ParenthesesExpr
	written *hclsyntax.ConditionalExpr
}

func easeConditional(at *hclsyntax.Expression) {
	if written, ok := (*at).(*hclsyntax.ConditionalExpr); ok {
		*at = conditional{around(written), written}
	}
}

// easeConditionals eases those in the places of a node that a collection may come from.
func easeConditionals(node hclsyntax.Node) {
	switch node := node.(type) {
	case *hclsyntax.ConditionalExpr:
		easeConditional(&node.TrueResult)
		easeConditional(&node.FalseResult)
	case *hclsyntax.ForExpr:
		easeConditional(&node.CollExpr)
		easeConditional(&node.ValExpr)
	case *hclsyntax.FunctionCallExpr:
		for i := range node.Args {
			easeConditional(&node.Args[i])
		}
	case *hclsyntax.IndexExpr:
		easeConditional(&node.Collection)
	case *hclsyntax.ObjectConsExpr:
		for i := range node.Items {
			easeConditional(&node.Items[i].ValueExpr)
		}
	case *hclsyntax.ParenthesesExpr:
		easeConditional(&node.Expression)
	case *hclsyntax.RelativeTraversalExpr:
		easeConditional(&node.Source)
	case *hclsyntax.SplatExpr:
		easeConditional(&node.Source)
	case *hclsyntax.TupleConsExpr:
		for i := range node.Exprs {
			easeConditional(&node.Exprs[i])
		}
	}
}

// Value implements hcl2.Expression.
func (c conditional) Value(ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	yes, wrong := c.written.TrueResult.Value(ctx)
	no, alsoWrong := c.written.FalseResult.Value(ctx)
	yes, no = value.Align(yes, no)
	evaluated := *c.written
	evaluated.TrueResult = result{around(c.written.TrueResult), yes, wrong}
	evaluated.FalseResult = result{around(c.written.FalseResult), no, alsoWrong}
	return evaluated.Value(ctx)
}

// result is an expression that is evaluated already.
type result struct {
	*hclsyntax.ParenthesesExpr
	value cty.Value
	diags hcl2.Diagnostics
}

// Value implements hcl2.Expression.
func (r result) Value(*hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) { return r.value, r.diags }
