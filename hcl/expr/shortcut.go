package expr

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// shorten puts shortcuts into the places where an expression for many instances spends its time.
func shorten(node hclsyntax.Node) {
	switch node := node.(type) {
	case *hclsyntax.TupleConsExpr:
		for i := range node.Exprs {
			shortenMember(&node.Exprs[i])
		}
	case *hclsyntax.ObjectConsExpr:
		for i := range node.Items {
			shortenMember(&node.Items[i].ValueExpr)
		}
	case *hclsyntax.ForExpr:
		easeConditional(&node.CollExpr)
		shortenName(&node.KeyExpr)
		shortenMember(&node.ValExpr)
	case *hclsyntax.TemplateExpr:
		for i := range node.Parts {
			shortenName(&node.Parts[i])
			shortenText(&node.Parts[i])
		}
	case *hclsyntax.FunctionCallExpr:
		for i := range node.Args {
			easeConditional(&node.Args[i])
		}
	case *hclsyntax.IndexExpr:
		easeConditional(&node.Collection)
	case *hclsyntax.ParenthesesExpr:
		easeConditional(&node.Expression)
	case *hclsyntax.RelativeTraversalExpr:
		easeConditional(&node.Source)
	case *hclsyntax.SplatExpr:
		easeConditional(&node.Source)
	}
}

func shortenMember(at *hclsyntax.Expression) {
	shortenName(at)
	easeConditional(at)
}

// name is a reference that is looked up without memory for what would be said of each of its steps if that were wrong.
type name struct {
	*hclsyntax.ParenthesesExpr
	written *hclsyntax.ScopeTraversalExpr
}

func shortenName(at *hclsyntax.Expression) {
	if written, ok := (*at).(*hclsyntax.ScopeTraversalExpr); ok {
		*at = name{around(written), written}
	}
}

// Value implements hcl2.Expression.
func (n name) Value(ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	t := n.written.Traversal
	for at := ctx; at != nil; at = at.Parent() {
		if v, ok := at.Variables[t.RootName()]; ok {
			if v, ok := follow(t[1:], v); ok {
				return v, nil
			}
			break
		}
	}
	return n.written.Value(ctx)
}

// AsTraversal is what the library looks for in expressions that are only names.
func (n name) AsTraversal() hcl2.Traversal { return n.written.AsTraversal() }

// follow selects from a value, if it has what is selected.
func follow(steps hcl2.Traversal, v cty.Value) (selected cty.Value, ok bool) {
	var diags hcl2.Diagnostics
	for _, step := range steps {
		switch step := step.(type) {
		case hcl2.TraverseAttr:
			v, diags = hcl2.GetAttr(v, step.Name, nil)
		case hcl2.TraverseIndex:
			v, diags = hcl2.Index(v, step.Key, nil)
		default:
			return cty.NilVal, false
		}
		if len(diags) > 0 {
			return cty.NilVal, false
		}
	}
	return v, true
}

// text is a part of a template that is written without the detour over all digits of a number that the library takes.
type text struct{ *hclsyntax.ParenthesesExpr }

func shortenText(at *hclsyntax.Expression) {
	switch (*at).(type) {
	case text, *hclsyntax.LiteralValueExpr:
	default:
		*at = text{around(*at)}
	}
}

// Value implements hcl2.Expression.
func (t text) Value(ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	v, diags := t.Expression.Value(ctx)
	return value.WithDigits(v), diags
}

// around returns what an expression of our own is made of, so that whoever walks through it finds the one that is written.
func around(e hclsyntax.Expression) *hclsyntax.ParenthesesExpr {
	return &hclsyntax.ParenthesesExpr{Expression: e, SrcRange: e.Range()}
}
