package expr

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Written returns what is written in an expression of which its value is made, unknown where that is something else: itself, what is in its
// objects and tuples, and all that it may choose between, as a tuple. What it gives to operators and functions is none of it.
func (e *Expression) Written() cty.Value {
	written := hcl2.UnwrapExpression(e.Expression)
	native, isNative := written.(hclsyntax.Expression)
	switch {
	case isNative:
		return literal(native)
	case len(written.Variables()) == 0: // of JSON, with the names that are in it
		v, _ := constant(written)
		return v
	}
	return literals(Templates(written)...)
}

func literal(ex hclsyntax.Expression) cty.Value {
	v, ok := constant(ex)
	if ok {
		return v
	}
	switch node := ex.(type) {
	case *hclsyntax.ParenthesesExpr:
		return literal(node.Expression)
	case text:
		return literal(node.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return literal(node.Wrapped)
	case conditional:
		return literal(node.written)
	case *hclsyntax.ConditionalExpr:
		return literals(node.TrueResult, node.FalseResult)
	case *hclsyntax.TupleConsExpr:
		return literals(node.Exprs...)
	case *hclsyntax.ObjectConsExpr:
		members := map[string]cty.Value{}
		for _, item := range node.Items {
			if name, ok := constant(item.KeyExpr); ok && name.Type() == cty.String {
				members[name.AsString()] = literal(item.ValueExpr)
			}
		}
		return cty.ObjectVal(members)
	}
	return v
}

func literals(all ...hclsyntax.Expression) cty.Value {
	values := make([]cty.Value, len(all))
	for i, ex := range all {
		values[i] = literal(ex)
	}
	return cty.TupleVal(values)
}

// constant returns the value of an expression that needs nothing, and whether it is one.
func constant(ex hcl2.Expression) (cty.Value, bool) {
	v, diags := ex.Value(nil)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return cty.DynamicVal, false
	}
	return v, !v.IsNull()
}
