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

// referInStrings notes such calls in an expression of JSON, whose strings are templates.
func (e *Expression) referInStrings(expr hcl2.Expression) {
	literal, _ := expr.Value(nil) // without a context, strings are what is written
	literal, _ = literal.UnmarkDeep()
	_ = cty.Walk(literal, func(_ cty.Path, part cty.Value) (bool, error) {
		if part.Type() == cty.String && part.IsKnown() && !part.IsNull() {
			e.referInTemplate(part.AsString(), expr.Range())
		}
		return true, nil
	})
}

func (e *Expression) referInTemplate(text string, at hcl2.Range) {
	template, diags := hclsyntax.ParseTemplate([]byte(text), at.Filename, at.Start)
	if diags.HasErrors() { // which evaluating it says
		return
	}
	_ = hclsyntax.VisitAll(template, func(node hclsyntax.Node) hcl2.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			e.referCall(call)
		}
		return nil
	})
}
