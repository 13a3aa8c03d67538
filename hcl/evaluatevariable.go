package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

func (e *Evaluation) evaluateVariable(v *variable, part int, s *scope) hcl2.Diagnostics {
	if part == validationStage {
		now, diags := redecoded(e, s, v)
		return append(diags, e.frame(s, now.group).validate(now)...)
	}
	switch a := s.unit.argument(v); {
	case a != nil:
		return e.bindArgument(v, a, s)
	case s.within != nil:
		s.bind(v, v.fallback, dependencies{})
	default:
		s.bind(v, e.values.value(v), dependencies{})
	}
	return nil
}

// bindArgument takes the value that the calling module gives.
func (e *Evaluation) bindArgument(v *variable, a *argument, s *scope) hcl2.Diagnostics {
	f := e.frame(s.within.scope, a.group)
	ctx, deps := f.instance(s.round.names(a.group))
	deps.add(f.dependsOn)
	value, diags := f.value(a.value, ctx, nil)
	if diags.HasErrors() {
		s.bind(v, cty.DynamicVal, deps)
		return diags
	}
	if value.IsNull() && !v.nullable && !v.isRequired() {
		value = v.fallback
	}
	converted, err := v.convert(value)
	if err != nil {
		diags = append(diags, problemIn("Invalid value for variable", fmt.Sprintf(
			"The value of %s in %s is not of the variable's type: %s.", v.name, s.path, describe(err)), a.value, ctx))
		converted = cty.DynamicVal
	}
	if value.IsNull() && !v.nullable {
		diags = append(diags, problemIn("Invalid value for variable", fmt.Sprintf(
			"%s in %s is null, but nullable = false says that it never is.", v.name, s.path), a.value, ctx))
	}
	s.bind(v, converted, deps)
	return diags
}

// bind makes the value of a variable visible to the module, marked as the variable says.
func (s *scope) bind(v *variable, val cty.Value, deps dependencies) {
	if v.sensitive {
		val = val.Mark(value.Sensitive)
	}
	if v.ephemeral {
		val = val.Mark(value.Ephemeral)
	}
	s.bindings[v.address()] = binding{value: val, dependsOn: deps}
}

func (f *frame) validate(v *variable) hcl2.Diagnostics {
	return f.require(v.validations, f.ctx, "Invalid value for variable",
		func(c *condition) string {
			return fmt.Sprintf("This was checked by the validation of var.%s at %s.", v.name, place(c.rng))
		})
}
