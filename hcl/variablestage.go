package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// stages returns those of a variable: its value, which is an argument in a called module, and then its validations,
// which may refer to other values.
func (v *variable) stages(u *unit) []*stage {
	given := &stage{evaluate: v.fromValues}
	if a := u.argument(v); a != nil {
		given.outer = []*group{a.group}
		given.evaluate = func(e *Evaluation, s *scope) hcl2.Diagnostics { return v.fromArgument(e, s, a) }
	} else if u.call != nil {
		given.evaluate = func(_ *Evaluation, s *scope) hcl2.Diagnostics { return v.bind(s, v.fallback, dependencies{}) }
	}
	if len(v.validations) == 0 && !v.hasDynamic {
		return []*stage{given}
	}
	return []*stage{given, {groups: []*group{v.group}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		now, diags := redecoded(e, s, v, decodeVariable)
		return append(diags, now.validate(e.frame(s, now.group))...)
	}}}
}

func (v *variable) fromValues(e *Evaluation, s *scope) hcl2.Diagnostics {
	return v.bind(s, e.values.value(v), dependencies{})
}

// fromArgument takes the value that the calling module gives.
func (v *variable) fromArgument(e *Evaluation, s *scope, a *argument) hcl2.Diagnostics {
	f := e.frame(s.within.scope, a.group)
	ctx, deps := f.instance(s.round.names(a.group))
	deps.add(f.dependsOn)
	value, diags := f.value(a.value, ctx, nil)
	if diags.HasErrors() {
		return append(diags, v.bind(s, cty.DynamicVal, deps)...)
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
	return append(diags, v.bind(s, converted, deps)...)
}

// bind makes a value visible to the module, marked as the variable says.
func (v *variable) bind(s *scope, val cty.Value, deps dependencies) hcl2.Diagnostics {
	if v.sensitive {
		val = val.Mark(value.Sensitive)
	}
	if v.ephemeral {
		val = val.Mark(value.Ephemeral)
	}
	s.bindings[v.address()] = binding{value: val, dependsOn: deps}
	return nil
}

func (v *variable) validate(f *frame) hcl2.Diagnostics {
	return f.require(v.validations, f.ctx, "Invalid value for variable",
		func(c *condition) string {
			return fmt.Sprintf("This was checked by the validation of var.%s at %s.", v.name, place(c.rng))
		})
}
