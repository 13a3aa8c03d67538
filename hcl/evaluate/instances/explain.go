package instances

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

// WithoutValues has nothing be shown of what an expression is made of that something is wrong with: it is to be a secret, or has not the
// values that it will have.
func WithoutValues(diags hcl2.Diagnostics) {
	for _, d := range diags {
		d.EvalContext = nil
	}
}

// explain rewords what the library says of an expression that has no value, where a person would need more, and leaves
// out the second operand of an operator whose first is wrong, too.
func (f *Frame) explain(ex *expr.Expression, ctx *hcl2.EvalContext, diags hcl2.Diagnostics) hcl2.Diagnostics {
	diags = slices.CompactFunc(diags, func(a, b *hcl2.Diagnostic) bool {
		return a.Summary == "Invalid operand" && b.Summary == a.Summary && a.Context != nil && b.Context != nil && *a.Context == *b.Context
	})
	isSecret := sync.OnceValue(func() bool { return ex.Secret || ex.Marks || hasSecret(ex.Variables(), ctx) }) // of which there may be much
	for _, d := range diags {
		if quotes(d) && isSecret() && !isPlainCall(ex, ctx, d) {
			d.Detail = "What is wrong is not shown, since the expression is made of sensitive or ephemeral values."
			continue
		}
		if before, _, panicked := strings.Cut(d.Detail, "panic in function implementation"); panicked {
			d.Detail = before + "there is no result for these values."
		}
		switch d.Summary {
		case "Call to unknown function":
			explainFunction(ctx, d)
		case "Operation failed":
			d.Summary, d.Detail = "Invalid operand", "The operands do not fit: "+strings.TrimPrefix(d.Detail, "Error during operation: ")
		case "Error in function call":
			d.Detail = strings.Replace(d.Detail, "failed: EOF.", "failed: the text ends too early.", 1)
		case "Unsupported attribute", "Invalid index":
			if !f.explainMissing(ex, ctx, d) {
				explainSelection(ex, ctx, d)
			}
		case "Invalid operand":
			if joinsStrings(ex, d) {
				d.Detail += " Strings are joined in a template, such as \"${a}${b}\"."
			}
		case "Invalid template interpolation value":
			d.Detail += " Select the part that is meant, or use jsonencode() for all of it."
		}
	}
	return diags
}

// quotes reports whether the library may have put values into what it says.
func quotes(d *hcl2.Diagnostic) bool {
	return slices.Contains([]string{"Invalid function argument", "Error in function call", "Duplicate object key"}, d.Summary)
}

// isPlainCall reports whether what is wrong is a call of a function that refers to nothing that is not shown, and that neither makes a secret nor
// is part of one, whatever else the expression refers to. Nobody knows that of what the expression itself goes through.
func isPlainCall(ex *expr.Expression, ctx *hcl2.EvalContext, d *hcl2.Diagnostic) bool {
	call := failedCall(ex, d)
	if call == nil || expr.Marks(call) || isPartOfSecret(ex, call) && !expr.AsksByName(call.Name) {
		return false
	}
	variables := hclsyntax.Variables(call)
	for within := d.EvalContext; within != ctx; within = within.Parent() {
		if within == nil || slices.ContainsFunc(variables, func(t hcl2.Traversal) bool { _, bound := within.Variables[t.RootName()]; return bound }) {
			return false
		}
	}
	return !hasSecret(variables, ctx)
}

// isPartOfSecret reports whether a call is in what an expression marks as sensitive, or that is to be a secret in whole. One of JSON does not say
// where its calls are.
func isPartOfSecret(ex *expr.Expression, call *hclsyntax.FunctionCallExpr) bool {
	native, isNative := ex.Expression.(hclsyntax.Expression)
	if ex.Secret || !isNative {
		return ex.Secret || ex.Marks
	}
	isPart := false
	_ = hclsyntax.VisitAll(native, func(node hclsyntax.Node) hcl2.Diagnostics {
		outer, isCall := node.(*hclsyntax.FunctionCallExpr)
		isPart = isPart || isCall && expr.IsMarking(outer) && outer.Range().Overlaps(call.Range())
		return nil
	})
	return isPart
}

// failedCall returns the call of a function that a diagnostic is about, nil where it is about something else. Of an argument, the library names
// only that, which may be a call itself.
func failedCall(ex *expr.Expression, d *hcl2.Diagnostic) *hclsyntax.FunctionCallExpr {
	if call, ok := d.Expression.(*hclsyntax.FunctionCallExpr); ok && d.Summary != "Invalid function argument" {
		return call
	}
	native, ok := ex.Expression.(hclsyntax.Expression)
	if !ok || d.Context == nil {
		return nil
	}
	var failed *hclsyntax.FunctionCallExpr
	_ = hclsyntax.VisitAll(native, func(node hclsyntax.Node) hcl2.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok && call.Range() == *d.Context {
			failed = call
		}
		return nil
	})
	return failed
}

// hasSecret reports whether any of these references is to something that is not shown.
func hasSecret(references []hcl2.Traversal, ctx *hcl2.EvalContext) bool {
	return slices.ContainsFunc(references, func(t hcl2.Traversal) bool {
		for end := len(t); end > 0; end-- {
			if v, diags := t[:end].TraverseAbs(ctx); !diags.HasErrors() {
				return v.ContainsMarked()
			}
		}
		return false
	})
}

// changing are functions of Terraform whose result is another one each time.
var changing = []string{"timestamp", "plantimestamp", "uuid", "bcrypt"}

func explainFunction(ctx *hcl2.EvalContext, d *hcl2.Diagnostic) {
	detail, _, _ := strings.Cut(d.Detail, " Did you mean")
	name := syntax.FirstQuoted(detail)
	switch {
	case slices.Contains(changing, name):
		d.Detail = detail + " A plan must come out the same each time it is made, so no function gives another result from run to run."
	case strings.HasPrefix(detail, "There is no function named"):
		for ctx.Parent() != nil {
			ctx = ctx.Parent()
		}
		d.Detail = detail + syntax.DidYouMean(name, syntax.SortedKeys(ctx.Functions))
	}
}

// explainSelection says what there is to select from, where an attribute or index is not there.
func explainSelection(ex *expr.Expression, ctx *hcl2.EvalContext, d *hcl2.Diagnostic) {
	for _, t := range ex.Variables() {
		for i, step := range t {
			if i == 0 || step.SourceRange() != *d.Subject {
				continue
			}
			from, diags := t[:i].TraverseAbs(ctx)
			if diags.HasErrors() || from.IsMarked() {
				return
			}
			name, _ := expr.TraversalName(step)
			switch known, selectable := membersOf(from); {
			case selectable:
				d.Detail = fmt.Sprintf("There is no %q in it.%s", name, syntax.SuggestMember(name, known))
			case from.Type().IsPrimitiveType():
				d.Detail = fmt.Sprintf("The value is %s, from which nothing can be selected.", syntax.WithArticle(from.Type()))
			}
		}
	}
}

// membersOf returns the names that can be selected from a value, if it is of a type that has names.
func membersOf(v cty.Value) ([]string, bool) {
	switch {
	case v.Type().IsObjectType():
		return syntax.SortedKeys(v.Type().AttributeTypes()), true
	case v.Type().IsMapType() && v.IsKnown() && !v.IsNull():
		return syntax.SortedKeys(v.AsValueMap()), true
	default:
		return nil, false
	}
}

// joinsStrings reports whether a wrong operand is one of a sum, which is how other languages join strings.
func joinsStrings(ex *expr.Expression, d *hcl2.Diagnostic) bool {
	native, ok := ex.Expression.(hclsyntax.Expression)
	if !ok || d.Context == nil {
		return false
	}
	found := false
	_ = hclsyntax.VisitAll(native, func(node hclsyntax.Node) hcl2.Diagnostics {
		sum, ok := node.(*hclsyntax.BinaryOpExpr)
		found = found || ok && expr.IsSum(sum.Op) && sum.SrcRange == *d.Context
		return nil
	})
	return found
}

// Failure is that of an evaluation, or none.
type Failure struct {
	Failed bool
	Causes hcl2.Diagnostics // as far as they are known
}

// FailureOf is the failure that there is where something is wrong.
func FailureOf(diags hcl2.Diagnostics) Failure { return Failure{diags.HasErrors(), diags} }

// consequence marks an error that only follows from others, in the Extra of a diagnostic.
type consequence struct{ causes hcl2.Diagnostics }

// consequence returns an error about an expression that is not known because what it refers to could not be evaluated, or nil.
// It keeps anybody from taking such a value for one that is known after apply.
func (f *Frame) consequence(ex *expr.Expression) *hcl2.Diagnostic {
	for _, r := range ex.References {
		if of := f.Module.failure(r); of.Failed {
			d := syntax.Problem("Reference to what has no value", fmt.Sprintf(
				"%s has an error, so that it has none.", r.Address()), r.Range)
			d.Extra = consequence{of.Causes}
			return d
		}
	}
	return nil
}

// failure is why what a reference means could not be evaluated.
func (s *Module) failure(r *expr.Reference) Failure {
	switch r.Root {
	case "var", "local":
		return s.Binding(r.Address()).Failure
	case "actor", "data":
		if b := s.Blocks[r.Address()]; b != nil {
			return b.Failure
		}
	case "module":
		if c := s.Calls[r.Address()]; c != nil {
			return c.failure(r.Attribute())
		}
	}
	return Failure{}
}

// failure is that of the module block, or of one of its outputs, with an empty name of any.
func (c *Call) failure(output string) Failure {
	all := c.Failure
	for _, s := range c.Instances {
		for _, o := range s.Tree.Module.Outputs {
			if b := s.Binding(o.Address()); b.Failed && (output == "" || output == o.Name) {
				all = Failure{true, slices.Concat(all.Causes, b.Causes)}
			}
		}
	}
	return all
}

// WithoutConsequences drops the errors that only follow from others, which are reported in the same run.
func WithoutConsequences(diags hcl2.Diagnostics) hcl2.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		_, follows := d.Extra.(consequence)
		return follows
	})
}

// Causes puts in the place of errors that only follow from others these others, each once. Where the others are not known, something is said
// only if there is nothing else.
func Causes(diags hcl2.Diagnostics) hcl2.Diagnostics {
	var all hcl2.Diagnostics
	said := map[*hcl2.Diagnostic]bool{}
	var add func(hcl2.Diagnostics)
	add = func(diags hcl2.Diagnostics) {
		for _, d := range diags {
			if c, follows := d.Extra.(consequence); follows && len(c.causes) > 0 {
				add(c.causes)
			} else if !said[d] {
				said[d], all = true, append(all, d)
			}
		}
	}
	add(diags)
	if direct := WithoutConsequences(slices.Clone(all)); direct.HasErrors() {
		return direct
	}
	return all
}
