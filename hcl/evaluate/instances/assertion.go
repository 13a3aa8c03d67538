package instances

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/value"
)

// Assertions evaluates conditions, as far as they are known.
func (f *Frame) Assertions(conditions []*declare.Condition, ctx *hcl2.EvalContext) ([]plan.Assertion, hcl2.Diagnostics) {
	var assertions []plan.Assertion
	var diags hcl2.Diagnostics
	for _, c := range conditions {
		a, more := f.assertion(c, ctx)
		assertions = append(assertions, a)
		diags = append(diags, more...)
	}
	return assertions, diags
}

func (f *Frame) assertion(c *declare.Condition, ctx *hcl2.EvalContext) (plan.Assertion, hcl2.Diagnostics) {
	holds, diags := f.Boolean("condition", c.Holds, ctx)
	a := plan.Assertion{Range: c.Holds.Range(), Holds: holds}
	if holds.IsKnown() && holds.False() {
		text, more := f.errorMessage(c.ErrorMessage, ctx)
		a.Message, a.Condition, a.Context, diags = text, c.Holds, ctx, append(diags, more...)
	}
	return a, diags
}

// Require reports the conditions that do not hold. Those that are not known yet hold for now, and it is not decided. One that is made of a
// result which nobody kept was decided when there was one.
func (f *Frame) Require(conditions []*declare.Condition, ctx *hcl2.EvalContext, summary string, origin func(*declare.Condition) string) (decided bool, diags hcl2.Diagnostics) {
	assertions, diags := f.Assertions(conditions, ctx)
	decided = true
	for i, a := range assertions {
		decided = decided && (a.Holds.IsKnown() || value.IsUnkept(a.Holds))
		if a.Holds.IsKnown() && a.Holds.False() {
			detail := a.Message + "\n\n" + origin(conditions[i])
			diags = append(diags, syntax.ProblemIn(summary, detail, conditions[i].Holds, ctx))
		}
	}
	return decided, diags
}

// Boolean evaluates an expression that is true or false. Its marks are dropped, but for the sources of an unknown one;
// after an error it is unknown.
func (f *Frame) Boolean(name string, ex *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	v, diags := f.Guard(name, ex, ctx)
	if v.IsKnown() {
		v, _ = v.Unmark()
	}
	return v, diags
}

// Guard is Boolean with the sources of a known value too.
func (f *Frame) Guard(name string, ex *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	v, diags := f.Value(ex, ctx, nil)
	if diags.HasErrors() {
		return cty.UnknownVal(cty.Bool), diags
	}
	sources := value.Sources(v)
	v, _ = v.Unmark()
	v, err := convert.Convert(v, cty.Bool)
	if err != nil || v.IsNull() {
		return cty.UnknownVal(cty.Bool), append(diags, syntax.ProblemIn("Wrong type of value", "\""+name+"\" must be true or false.", ex, ctx))
	}
	for _, source := range sources {
		v = v.Mark(source)
	}
	return v, diags
}

// hiddenMessage is said in the place of a message that would give away what is sensitive.
const hiddenMessage = "The message is not shown, since it is made of sensitive values."

// errorMessage evaluates an error message, which must not give away what is sensitive.
func (f *Frame) errorMessage(ex *expr.Expression, ctx *hcl2.EvalContext) (string, hcl2.Diagnostics) {
	v, diags := f.Value(ex, ctx, nil)
	if diags.HasErrors() {
		return "", diags
	}
	v, marks := v.UnmarkDeep()
	if len(marks) > 0 {
		return hiddenMessage, diags
	}
	v, err := convert.Convert(v, cty.String)
	switch {
	case err != nil || v.IsNull():
		return "", append(diags, syntax.ProblemIn("Wrong type of value", "An error message must be a string.", ex, ctx))
	case !v.IsKnown():
		return "The message is not known yet.", diags
	}
	return v.AsString(), diags
}
