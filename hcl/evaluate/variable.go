package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

func (e *Evaluation) evaluateVariable(v *declare.Variable, part int, s *moduleInstance) hcl2.Diagnostics {
	if part == declare.ValidationStage {
		now, diags := expanded(e, s, v)
		return append(diags, e.frame(s, now.Scope).validate(now)...)
	}
	switch a := s.tree.Argument(v); {
	case a != nil:
		return e.bindArgument(v, a, s)
	case s.within != nil:
		e.bind(s, v, binding{value: v.Default})
	default:
		b := binding{value: e.values.Value(v)}
		b.given = isGiven(v, b.value)
		e.outside.asked = e.outside.asked || b.given
		e.bind(s, v, b)
	}
	return nil
}

// bindArgument takes the value that the calling module gives.
func (e *Evaluation) bindArgument(v *declare.Variable, a *declare.Argument, s *moduleInstance) hcl2.Diagnostics {
	f := e.frame(s.within.module, a.Scope)
	ctx, deps := f.instance(s.round.namesIn(a.Scope))
	deps.add(f.dependsOn)
	value, diags := f.value(a.Value, ctx, nil)
	making := assembled(ingredientsOf("", f.making(a.Value, ctx, value)), s.round)
	if diags.HasErrors() {
		s.bindings[v.Address()] = binding{value: cty.DynamicVal, dependsOn: deps, failed: true}
		return diags
	}
	if value.IsNull() && !v.Nullable && !v.IsRequired() {
		value = v.Default
	}
	converted, err := v.Convert(value)
	if err != nil {
		diags = append(diags, syntax.ProblemIn("Invalid value for variable", fmt.Sprintf(
			"The value of %s in %s is not of the variable's type: %s.", v.Name, s.path, v.Mismatch(err)), a.Value, ctx))
		converted = cty.DynamicVal
	}
	if value.IsNull() && !v.Nullable {
		diags = append(diags, syntax.ProblemIn("Invalid value for variable", fmt.Sprintf(
			"%s in %s is null, but nullable = false says that it never is.", v.Name, s.path), a.Value, ctx))
	}
	e.bind(s, v, binding{value: converted, dependsOn: deps, making: making, from: from{f, a.Value, ctx, &s.within.repeats}})
	return diags
}

// bind makes the value of a variable visible to the module, marked as the variable says.
func (e *Evaluation) bind(s *moduleInstance, v *declare.Variable, b binding) {
	if v.Sensitive {
		b.value = b.value.Mark(value.Sensitive)
		tellSecret(e.secret, b.value)
		if b.from.expression != nil {
			b.from.frame.tellAllOrigins(b)
		}
	}
	if v.Ephemeral {
		b.value = b.value.Mark(value.Ephemeral)
	}
	s.bindings[v.Address()] = b
}

func (f *frame) validate(v *declare.Variable) hcl2.Diagnostics {
	return f.require(v.Validations, f.ctx, "Invalid value for variable",
		func(c *declare.Condition) string {
			return fmt.Sprintf("This was checked by the validation of var.%s at %s.", v.Name, syntax.Place(c.Range))
		})
}
