package evaluate

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

func (e *Evaluation) evaluateOutput(declared *declare.Output, s *moduleInstance) hcl2.Diagnostics {
	o, diags := expanded(e, s, declared)
	f := e.frame(s, o.Scope)
	diags = append(diags, f.require(o.Preconditions, f.ctx, "Precondition not met", func(c *declare.Condition) string {
		return fmt.Sprintf("This is a precondition of %s.", s.addressOf(o.Address()))
	})...)
	if o.Value == nil || diags.HasErrors() {
		return diags
	}
	v, more := f.value(o.Value, f.ctx, func(v cty.Value) hcl2.Diagnostics { return f.checkMarks(o, v) })
	if o.Sensitive {
		v = v.Mark(value.Sensitive)
		tellSecret(e.secret, v)
		f.tellOrigins(o.Value, f.ctx, v)
	}
	s.bindings[o.Address()] = binding{value: v, dependsOn: f.dependsOn, failed: more.HasErrors(), making: f.making(o.Value, f.ctx, v), from: from{frame: f, expression: o.Value, ctx: f.ctx}}
	return append(diags, more...)
}

// checkMarks reports an output of the root module that would show what is sensitive, or keep what is ephemeral.
func (f *frame) checkMarks(o *declare.Output, v cty.Value) hcl2.Diagnostics {
	if f.module.within != nil {
		return nil
	}
	if diags := checkEphemeral("value", v, o.Value, f.ctx); diags.HasErrors() {
		return diags
	}
	if value.HasSensitive(v) && !o.Sensitive {
		return hcl2.Diagnostics{syntax.ProblemIn("Output of a sensitive value",
			"This output is made of sensitive values, but outputs are printed. Add sensitive = true to hide it, or use nonsensitive() if it is no secret.",
			o.Value, f.ctx)}
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
	root := e.config.Tree
	module := e.modules[root][0]
	var outputs []Output
	var diags hcl2.Diagnostics
	for _, o := range root.Module.Outputs {
		d := root.Declarations[o.Address()]
		if e.narrowed.leavesOut(d) {
			continue
		}
		diags = append(diags, e.refresh(d.Stages[0], module)...)
		outputs = append(outputs, Output{Name: o.Name, Value: module.binding(o.Address()).value, Sensitive: o.Sensitive})
	}
	return outputs, diags
}
