package expr

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// FirstApplied is the root of a reference that is a call of the function first_applied, which is about the actor that it is
// called in. No name could be spelt like this.
const FirstApplied = "first_applied()"

// referCall notes a call of a function that is about an actor.
func (e *Expression) referCall(call *hclsyntax.FunctionCallExpr) {
	if call.Name+"()" == FirstApplied {
		e.References = append(e.References, &Reference{Root: FirstApplied, Range: call.Range()})
	}
}

// referCalls notes such calls in an expression that cannot be looked into otherwise: one of a dynamic block, or one of JSON, whose
// strings are templates.
func (e *Expression) referCalls(expr hcl2.Expression) {
	if native, ok := expr.(hclsyntax.Node); ok {
		e.referWithin(native)
		return
	}
	literal, _ := expr.Value(nil) // without a context, strings are what is written
	literal, _ = literal.UnmarkDeep()
	_ = cty.Walk(literal, func(_ cty.Path, part cty.Value) (bool, error) {
		if part.Type() == cty.String && part.IsKnown() && !part.IsNull() {
			template, diags := hclsyntax.ParseTemplate([]byte(part.AsString()), expr.Range().Filename, expr.Range().Start)
			if !diags.HasErrors() { // which evaluating it says
				e.referWithin(template)
			}
		}
		return true, nil
	})
}

func (e *Expression) referWithin(node hclsyntax.Node) {
	_ = hclsyntax.VisitAll(node, func(node hclsyntax.Node) hcl2.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			e.referCall(call)
		}
		return nil
	})
}
