package expr

import (
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/syntax"
)

// FirstApplied is the root of a reference that is a call of the function first_applied, which is about the actor that it is
// called in. No name could be spelt like this.
const FirstApplied = "first_applied()"

// Ask is the call of a function that gives what is in files, in the environment, or where the program runs.
type Ask struct {
	*hclsyntax.FunctionCallExpr
	Perhaps bool // it is only made for what else is known, such as each element of a list
}

// referCall notes a call of a function that is about an actor, or that asks the world outside.
func (e *Expression) referCall(call *hclsyntax.FunctionCallExpr, perhaps bool) {
	if AsksOutside(call.Name) {
		e.Asks = append(e.Asks, Ask{call, perhaps})
	}
	if call.Name+"()" == FirstApplied {
		e.References = append(e.References, &Reference{Root: FirstApplied, Range: call.Range()})
	}
}

// makesPerhaps reports whether parts of a node are evaluated only for what else is known: again and again, or if others fail.
func makesPerhaps(node hclsyntax.Node) bool {
	switch node := node.(type) {
	case *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
		return true
	case *hclsyntax.FunctionCallExpr:
		return node.Name == "try" || node.Name == "can"
	default:
		return false
	}
}

// AsksOutside reports whether what a function gives depends on more than its arguments: on files, the environment, or where the
// working directory is.
func AsksOutside(function string) bool {
	function = strings.TrimPrefix(function, syntax.CoreNamespace)
	switch function {
	case "abspath", "env", "pathexpand", "templatestring": // which renders what may ask
		return true
	}
	return ReadsPath(function)
}

// AsksByName reports whether a function asks for what its first argument names, so that what goes wrong with it says that name, and nothing of
// what is there.
func AsksByName(function string) bool {
	return AsksOutside(function) && !strings.HasPrefix(function, "template")
}

// IsMarking reports whether a call makes what it is given a secret.
func IsMarking(call *hclsyntax.FunctionCallExpr) bool { return call.Name == "sensitive" }

// Marks reports whether there is such a call in what is written in the native syntax.
func Marks(node hclsyntax.Node) bool {
	marks := false
	_ = hclsyntax.VisitAll(node, func(part hclsyntax.Node) hcl2.Diagnostics {
		call, isCall := part.(*hclsyntax.FunctionCallExpr)
		marks = marks || isCall && IsMarking(call)
		return nil
	})
	return marks
}

// ReadsPath reports whether the first argument of a function is a path, of which it gives what is there.
func ReadsPath(function string) bool {
	return function == "templatefile" || strings.HasPrefix(function, "file")
}

// referCalls notes such calls in an expression that cannot be looked into otherwise: one of a dynamic block, or one of JSON, whose
// strings are templates.
func (e *Expression) referCalls(expr hcl2.Expression) {
	if native, ok := expr.(hclsyntax.Node); ok {
		e.referWithin(native)
		return
	}
	for _, template := range Templates(expr) {
		e.referWithin(template)
	}
}

// Templates returns the strings of an expression of JSON, keys left out, as the native expressions that they are. What is wrong
// with one is said where it is evaluated.
func Templates(expr hcl2.Expression) []hclsyntax.Expression {
	literal, _ := expr.Value(nil) // without a context, strings are what is written
	literal, _ = literal.UnmarkDeep()
	var templates []hclsyntax.Expression
	_ = cty.Walk(literal, func(_ cty.Path, part cty.Value) (bool, error) {
		if part.Type() == cty.String && part.IsKnown() && !part.IsNull() {
			source := []byte(part.AsString())
			template, diags := hclsyntax.ParseTemplate(source, expr.Range().Filename, expr.Range().Start)
			if !diags.HasErrors() {
				syntax.WithoutCore(template, source)
				templates = append(templates, template)
			}
		}
		return true, nil
	})
	return templates
}

func (e *Expression) referWithin(node hclsyntax.Node) {
	_ = hclsyntax.VisitAll(node, func(node hclsyntax.Node) hcl2.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			e.referCall(call, true)
			e.Marks = e.Marks || IsMarking(call)
		}
		return nil
	})
}
