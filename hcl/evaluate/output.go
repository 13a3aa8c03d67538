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

func (e *Evaluation) evaluateOutput(declared *declare.Output, s *instances.Module) hcl2.Diagnostics {
	o, diags := expanded(e, s, declared)
	f := e.frame(s, o.Scope)
	_, more := f.Require(o.Preconditions, f.Ctx, "Precondition not met", func(c *declare.Condition) string {
		return fmt.Sprintf("This is a precondition of %s.", s.AddressOf(o.Address()))
	})
	diags = append(diags, e.ofSeeding(more)...)
	if o.Value == nil || diags.HasErrors() {
		s.Bindings[o.Address()] = instances.Binding{Value: cty.DynamicVal, DependsOn: f.DependsOn, Failure: instances.FailureOf(diags)}
		return diags
	}
	if s.Within == nil && !o.Sensitive {
		e.show()
	}
	given := f.Outcome(o.Value, f.Ctx, func(v cty.Value) hcl2.Diagnostics { return checkMarks(f, o, v) })
	e.shown(given.Value)
	if o.Sensitive {
		if !given.Value.HasMark(value.Sensitive) { // or they have been told
			f.TellMade(o.Value, f.Ctx, true)
		}
		given.Value, given.Plain = given.Value.Mark(value.Sensitive), false
		instances.TellSecret(e.hidden, given.Value)
	}
	s.Bindings[o.Address()] = f.Binding(given, o.Value)
	return append(diags, given.Diags...)
}

// checkMarks reports an output of the root module that would show what is sensitive, or keep what is ephemeral.
func checkMarks(f *instances.Frame, o *declare.Output, v cty.Value) hcl2.Diagnostics {
	if f.Module.Within != nil {
		return nil
	}
	if diags := f.CheckEphemeral("value", v, o.Value, f.Ctx); diags.HasErrors() {
		return diags
	}
	if value.HasDeclared(v) && !o.Sensitive {
		return hcl2.Diagnostics{syntax.ProblemIn("Output of a sensitive value",
			"This output is made of sensitive values, but outputs are printed. Add sensitive = true to hide it, or use nonsensitive() if it is no secret.",
			o.Value, f.Ctx)}
	}
	return nil
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
	root := e.common.Config.Tree
	module := e.modules[root][0]
	var outputs []Output
	var diags hcl2.Diagnostics
	for _, o := range root.Module.Outputs {
		d := root.Declarations[o.Address()]
		if e.narrowed.leavesOut(d) {
			continue
		}
		diags = append(diags, e.refresh(d.Stages[0], module)...)
		outputs = append(outputs, Output{Name: o.Name, Value: module.Binding(o.Address()).Value, Sensitive: o.Sensitive})
	}
	return outputs, instances.WithoutConsequences(diags)
}
