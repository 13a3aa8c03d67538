package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

func (e *Evaluation) evaluateVariable(v *declare.Variable, part int, s *instances.Module) hcl2.Diagnostics {
	if part == declare.ValidationStage {
		now, diags := expanded(e, s, v)
		diags = append(diags, validate(e.frame(s, now.Scope), now)...)
		if s.Within != nil {
			diags = e.ofSeeding(diags)
		}
		return diags
	}
	switch a := s.Tree.Argument(v); {
	case a != nil:
		return e.ofSeeding(e.bindArgument(v, a, s))
	case s.Within != nil:
		e.bind(s, v, instances.Binding{Value: v.Default, Plain: value.IsPlain(v.Default)})
	default:
		b := instances.Binding{Value: e.values.Value(v)}
		b.Plain, b.Given = value.IsPlain(b.Value), instances.IsGiven(v, b.Value)
		e.common.Outside.Asked = e.common.Outside.Asked || b.Given
		e.bind(s, v, b)
	}
	return nil
}

// bindArgument takes the value that the calling module gives.
func (e *Evaluation) bindArgument(v *declare.Variable, a *declare.Argument, s *instances.Module) hcl2.Diagnostics {
	f := e.frame(s.Within.Module, a.Scope)
	ctx, deps := f.Instance(s.Round.NamesIn(a.Scope))
	deps.Add(f.DependsOn)
	if a.Value.Mentions("each") {
		deps.Add(s.Within.DependsOn) // among which is what each is made of
	}
	given := f.Outcome(a.Value, ctx, nil)
	value, diags := given.Value, given.Diags
	making := instances.Assembled(instances.IngredientsOf("", f.MakingOf(given, a.Value, ctx)), s.Round)
	if value.IsNull() && !v.Nullable && !v.IsRequired() {
		value = v.Default
	}
	converted, err := v.Convert(value)
	if err != nil {
		diags = append(diags, syntax.ProblemIn("Invalid value for variable", fmt.Sprintf(
			"The value of %s in %s is not of the variable's type: %s.", v.Name, s.Path, v.Mismatch(err)), a.Value, ctx))
		converted, given.Plain = cty.DynamicVal, false
	}
	if value.IsNull() && !v.Nullable {
		diags = append(diags, syntax.ProblemIn("Invalid value for variable", fmt.Sprintf(
			"%s in %s is null, but nullable = false says that it never is.", v.Name, s.Path), a.Value, ctx))
	}
	e.bind(s, v, instances.Binding{Value: converted, Plain: given.Plain, DependsOn: deps, Failure: instances.FailureOf(diags), Making: making, From: instances.Origin{Frame: f, Expression: a.Value, Ctx: ctx, Repeats: &s.Within.Repeats, Variable: v}})
	return diags
}

// bind makes the value of a variable visible to the module, marked as the variable says.
func (e *Evaluation) bind(s *instances.Module, v *declare.Variable, b instances.Binding) {
	b.Plain = b.Plain && !v.Sensitive && !v.Ephemeral
	if v.Sensitive {
		if b.From.Expression != nil {
			b.From.Frame.TellAllOrigins(b)
		}
		b.Value = b.Value.Mark(value.Sensitive)
		instances.TellSecret(e.common.Secret, b.Value)
	}
	if v.Ephemeral {
		b.Value = b.Value.Mark(value.Ephemeral)
		e.common.Outside.Ephemeral = true
	}
	s.Bindings[v.Address()] = b
}

func validate(f *instances.Frame, v *declare.Variable) hcl2.Diagnostics {
	_, diags := f.Require(v.Validations, f.Ctx, "Invalid value for variable",
		func(c *declare.Condition) string {
			return fmt.Sprintf("This was checked by the validation of var.%s at %s.", v.Name, syntax.Place(c.Range))
		})
	return diags
}

// Validate looks at the conditions of the variables and outputs whose values have become known since that was done, and that nothing has
// needed meanwhile.
func (e *Evaluation) Validate() hcl2.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for _, d := range e.common.Config.Tree.All() {
		switch d.What.(type) {
		case *declare.Variable, *declare.Output:
			for _, module := range e.modules[d.Tree] {
				diags = append(diags, e.refresh(d.Stages[len(d.Stages)-1], module)...)
			}
		}
	}
	return instances.WithoutConsequences(diags)
}
