package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

func (e *Evaluation) evaluateOutput(declared *output, s *scope) hcl2.Diagnostics {
	o, diags := redecoded(e, s, declared)
	f := e.frame(s, o.group)
	diags = append(diags, f.require(o.preconditions, f.ctx, "Precondition not met", func(c *condition) string {
		return fmt.Sprintf("This is a precondition of %s.", s.addressOf(o.address()))
	})...)
	if o.value == nil || diags.HasErrors() {
		return diags
	}
	v, more := f.value(o.value, f.ctx, func(v cty.Value) hcl2.Diagnostics { return f.checkMarks(o, v) })
	if o.sensitive {
		v = v.Mark(value.Sensitive)
	}
	s.bindings[o.address()] = binding{value: v, dependsOn: f.dependsOn}
	return append(diags, more...)
}

// checkMarks reports an output of the root module that would show what is sensitive, or keep what is ephemeral.
func (f *frame) checkMarks(o *output, v cty.Value) hcl2.Diagnostics {
	if f.scope.within != nil {
		return nil
	}
	if diags := checkEphemeral("value", v, o.value, f.ctx); diags.HasErrors() {
		return diags
	}
	if value.HasSensitive(v) && !o.sensitive {
		return hcl2.Diagnostics{problemIn("Output of a sensitive value",
			"This output is made of sensitive values, but outputs are printed. Add sensitive = true to hide it, or use nonsensitive() if it is no secret.",
			o.value, f.ctx)}
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
	root := e.config.tree
	scope := e.scopes[root][0]
	var outputs []Output
	var diags hcl2.Diagnostics
	for _, o := range root.config.outputs {
		d := root.declarations[o.address()]
		if e.narrowed.leavesOut(d) {
			continue
		}
		diags = append(diags, e.refresh(d.stages[0], scope)...)
		outputs = append(outputs, Output{Name: o.name, Value: scope.binding(o.address()).value, Sensitive: o.sensitive})
	}
	return outputs, diags
}
