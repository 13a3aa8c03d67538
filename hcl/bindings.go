package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/plan"
)

// variableStage takes a variable's value and checks its validations.
func variableStage(v *variable) *stage {
	g := &group{}
	for _, validation := range v.validations {
		g.expressions = append(g.expressions, present(validation.condition, validation.message)...)
	}
	return &stage{groups: []*group{g}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		value := e.values.value(v)
		if v.sensitive {
			value = value.Mark(plan.Sensitive)
		}
		s.bindings[v.address()] = binding{value: value}
		var diags hcl2.Diagnostics
		for _, validation := range v.validations {
			diags = append(diags, e.validate(s, g, v, validation)...)
		}
		return diags
	}}
}

func (e *Evaluation) validate(s *scope, g *group, v *variable, c *condition) hcl2.Diagnostics {
	d, diags := e.frame(s, g).check(c, nil)
	if d != nil {
		d.Summary = "Invalid value for variable"
		d.Detail = fmt.Sprintf("%s\n\nThis was checked by the validation of var.%s at %s.", d.Detail, v.name, place(c.rng))
		diags = append(diags, d)
	}
	return diags
}

// check evaluates a condition in the frame. It returns a diagnostic with the author's message if the condition does not
// hold. One that is not known yet holds for now.
func (f *frame) check(c *condition, ctx *hcl2.EvalContext) (*hcl2.Diagnostic, hcl2.Diagnostics) {
	if c.condition == nil || c.message == nil {
		return nil, nil
	}
	if ctx == nil {
		ctx = f.ctx
	}
	holds, diags := f.value(c.condition, ctx, nil)
	if diags.HasErrors() {
		return nil, diags
	}
	holds, _ = holds.Unmark()
	holds, err := convert.Convert(holds, cty.Bool)
	if err != nil || holds.IsNull() {
		return nil, append(diags, problemIn("Invalid condition", "A condition must be true or false.", c.condition, ctx))
	}
	if !holds.IsKnown() || holds.True() {
		return nil, diags
	}
	text, more := f.text(c.message, ctx)
	return problemIn("Condition not met", text, c.condition, ctx), append(diags, more...)
}

// text evaluates an error message, which must not give away what is sensitive.
func (f *frame) text(message *expression, ctx *hcl2.EvalContext) (string, hcl2.Diagnostics) {
	v, diags := f.value(message, ctx, nil)
	if diags.HasErrors() {
		return "", diags
	}
	v, marks := v.UnmarkDeep()
	if len(marks) > 0 {
		return "The message is not shown, since it is made of sensitive values.", diags
	}
	v, err := convert.Convert(v, cty.String)
	if err != nil || v.IsNull() || !v.IsKnown() {
		return "", append(diags, problemIn("Invalid error message", "An error message must be a string that is known.", message, ctx))
	}
	return v.AsString(), diags
}

// localStage evaluates a local value.
func localStage(l *local) *stage {
	g := &group{expressions: []*expression{l.value}}
	return &stage{groups: []*group{g}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		f := e.frame(s, g)
		v, diags := f.value(l.value, f.ctx, nil)
		s.bindings[l.address()] = binding{value: v, dependsOn: f.dependsOn}
		return diags
	}}
}

// outputStage evaluates an output.
func outputStage(o *output) *stage {
	g := &group{expressions: present(o.value)}
	return &stage{groups: []*group{g}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		if o.value == nil {
			return nil
		}
		f := e.frame(s, g)
		v, diags := f.value(o.value, f.ctx, nil)
		if _, marks := v.UnmarkDeep(); len(marks) > 0 && !o.sensitive && s.unit.path == "" {
			diags = append(diags, problemIn("Output of a sensitive value",
				"This output is made of sensitive values, but outputs are printed. Add sensitive = true to hide it, or use nonsensitive() if it is no secret.",
				o.value, f.ctx))
		}
		if o.sensitive {
			v = v.Mark(plan.Sensitive)
		}
		s.bindings[o.address()] = binding{value: v, dependsOn: f.dependsOn}
		return diags
	}}
}

// Output is the value of an output block.
type Output struct {
	Name      string
	Value     cty.Value // marked if it is sensitive; unknown in whole or in part before apply
	Sensitive bool
}

// Outputs returns the outputs of the root module as they are known now, in source order.
func (e *Evaluation) Outputs() ([]Output, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	root := e.config.graph.root
	scope := e.scopes[root][0]
	var outputs []Output
	var diags hcl2.Diagnostics
	for _, o := range root.config.outputs {
		diags = append(diags, e.refresh(root.declarations[o.address()].stages[0])...)
		outputs = append(outputs, Output{Name: o.name, Value: scope.binding(o.address()).value, Sensitive: o.sensitive})
	}
	return outputs, diags
}
