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
		parenthesize(&written.TrueResult)
		parenthesize(&written.FalseResult)
		*at = conditional{around(written), written}
	}
}

func parenthesize(at *hclsyntax.Expression) {
	if _, ok := (*at).(*hclsyntax.ParenthesesExpr); !ok {
		*at = around(*at)
	}
}

// Value implements hcl2.Expression.
func (c conditional) Value(ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	yes, wrong := c.written.TrueResult.Value(ctx)
	no, alsoWrong := c.written.FalseResult.Value(ctx)
	yes, no = value.Align(yes, no)
	evaluated := *c.written
	evaluated.TrueResult = result{c.written.TrueResult, yes, wrong}
	evaluated.FalseResult = result{c.written.FalseResult, no, alsoWrong}
	return evaluated.Value(ctx)
}

// result is an expression in parentheses that is evaluated already. Whoever walks through it finds what is written.
type result struct {
	hclsyntax.Expression
	value cty.Value
	diags hcl2.Diagnostics
}

// Value implements hcl2.Expression.
func (r result) Value(*hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) { return r.value, r.diags }
