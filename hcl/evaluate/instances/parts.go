package instances

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/plan/value"
)

// ofParts finds what an expression takes out of the texts from outside: a member of a decoded file, one of what a list is split
// into, a text without its last line break. What cannot be evaluated, since a loop gives it a name, is in what the loop gives.
func (o *origins) ofParts(f *Frame, ex hcl2.Expression, ctx *hcl2.EvalContext) {
	native, ok := hcl2.UnwrapExpression(ex).(hclsyntax.Expression)
	if !ok {
		for _, template := range expr.Templates(ex) {
			o.ofParts(f, template, ctx)
		}
		return
	}
	taken := map[hclsyntax.Node]bool{} // what something is selected of
	_ = hclsyntax.VisitAll(native, func(n hclsyntax.Node) hcl2.Diagnostics {
		if from := selectedOf(n); from != nil {
			taken[from] = true
		}
		if part, ok := n.(hclsyntax.Expression); ok && !taken[n] {
			o.ofPart(f, part, ctx)
		}
		return nil
	})
}

// selectedOf returns what an expression selects something of, if it does.
func selectedOf(n hclsyntax.Node) hclsyntax.Node {
	switch n := n.(type) {
	case *hclsyntax.RelativeTraversalExpr:
		return n.Source
	case *hclsyntax.IndexExpr:
		return n.Collection
	case *hclsyntax.SplatExpr:
		return n.Source
	case *hclsyntax.ForExpr:
		return n.CollExpr
	case *hclsyntax.FunctionCallExpr:
		if (n.Name == "element" || n.Name == "lookup") && len(n.Args) > 1 {
			return expr.Unboxed(n.Args[0])
		}
	}
	return nil
}

func (o *origins) ofPart(f *Frame, part hclsyntax.Expression, ctx *hcl2.EvalContext) {
	_, isName := part.(*hclsyntax.ScopeTraversalExpr)
	_, isCall := part.(*hclsyntax.FunctionCallExpr)
	if !isName && !isCall && selectedOf(part) == nil {
		return
	}
	before := o.told
	v, diags := part.Value(ctx)
	if diags.HasErrors() || isCall && !isTextual(v.Type()) || o.told == before && !o.refersOutside(f, part) {
		return
	}
	for _, text := range value.Secrets(v.Mark(value.Sensitive)) {
		if !o.heard[text] {
			o.heard[text] = false
		}
	}
}

// isTextual reports whether what a function returns is used in whole: of an object, that is not said.
func isTextual(t cty.Type) bool {
	return t == cty.String || t.IsTupleType() || t.IsListType() || t.IsSetType()
}

// refersOutside reports whether something that an expression refers to is made of a text from outside.
func (o *origins) refersOutside(f *Frame, ex hcl2.Expression) bool {
	outer := false
	for _, t := range ex.Variables() {
		outer = o.ofReference(f, t) || outer
	}
	return outer
}
