package evaluate

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

// assertions evaluates conditions, as far as they are known.
func (f *frame) assertions(conditions []*declare.Condition, ctx *hcl2.EvalContext) ([]plan.Assertion, hcl2.Diagnostics) {
	var assertions []plan.Assertion
	var diags hcl2.Diagnostics
	for _, c := range conditions {
		a, more := f.assertion(c, ctx)
		assertions = append(assertions, a)
		diags = append(diags, more...)
	}
	return assertions, diags
}

func (f *frame) assertion(c *declare.Condition, ctx *hcl2.EvalContext) (plan.Assertion, hcl2.Diagnostics) {
	holds, diags := f.boolean("condition", c.Holds, ctx)
	a := plan.Assertion{Range: c.Holds.Range(), Holds: holds}
	if holds.IsKnown() && holds.False() {
		text, more := f.errorMessage(c.ErrorMessage, ctx)
		a.Message, diags = text, append(diags, more...)
	}
	return a, diags
}

// require reports the conditions that do not hold. Those that are not known yet hold for now.
func (f *frame) require(conditions []*declare.Condition, ctx *hcl2.EvalContext, summary string, origin func(*declare.Condition) string) hcl2.Diagnostics {
	assertions, diags := f.assertions(conditions, ctx)
	for i, a := range assertions {
		if a.Holds.IsKnown() && a.Holds.False() {
			detail := a.Message + "\n\n" + origin(conditions[i])
			diags = append(diags, syntax.ProblemIn(summary, detail, conditions[i].Holds, ctx))
		}
	}
	return diags
}

// boolean evaluates an expression that is true or false. Its marks are dropped, but for the sources of an unknown one;
// after an error it is unknown.
func (f *frame) boolean(name string, ex *expr.Expression, ctx *hcl2.EvalContext) (cty.Value, hcl2.Diagnostics) {
	v, diags := f.value(ex, ctx, nil)
	if diags.HasErrors() {
		return cty.UnknownVal(cty.Bool), diags
	}
	sources := value.Sources(v)
	v, _ = v.Unmark()
	v, err := convert.Convert(v, cty.Bool)
	if err != nil || v.IsNull() {
		return cty.UnknownVal(cty.Bool), append(diags, syntax.ProblemIn("Wrong type of value", "\""+name+"\" must be true or false.", ex, ctx))
	}
	if !v.IsKnown() {
		v = value.WithSources(v, sources, true)
	}
	return v, diags
}

// message evaluates an error message, which must not give away what is sensitive.
func (f *frame) errorMessage(ex *expr.Expression, ctx *hcl2.EvalContext) (string, hcl2.Diagnostics) {
	v, diags := f.value(ex, ctx, nil)
	if diags.HasErrors() {
		return "", diags
	}
	v, marks := v.UnmarkDeep()
	if len(marks) > 0 {
		return "The message is not shown, since it is made of sensitive values.", diags
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

func (e *Evaluation) evaluateCheck(c *declare.Check, s *moduleInstance) hcl2.Diagnostics {
	now, diags := expanded(e, s, c)
	f := e.frame(s, now.Scope)
	assertions, more := f.assertions(now.Asserts, f.ctx)
	e.checks[s.addressOf(c.Address())] = assertions
	return append(diags, more...)
}

// Checks returns the check blocks as far as they are known now, sorted by name. They may be asked for again after apply.
func (e *Evaluation) Checks() ([]plan.Check, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for _, d := range e.config.Tree.All() {
		if _, ok := d.What.(*declare.Check); ok {
			for _, module := range e.modules[d.Tree] {
				diags = append(diags, e.refresh(d.Stages[0], module)...)
			}
		}
	}
	var checks []plan.Check
	for _, name := range syntax.SortedKeys(e.checks) {
		checks = append(checks, plan.Check{Name: name, Assertions: e.checks[name]})
	}
	return checks, diags
}
