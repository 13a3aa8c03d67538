package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

var outputSchema = &blockSchema{
	doc: "A value that is printed after apply, and that a calling module may refer to.",
	attributes: []attributeSchema{
		{name: "value", typ: "any", required: true, doc: "What is printed, and what a calling module refers to."},
		{name: "description", typ: "string", doc: "What the value is, for people."},
		{name: "sensitive", typ: "bool", doc: "Whether the value is hidden. Required where it is made of sensitive values."},
	},
	blocks: []nestedSchema{{name: "precondition", schema: conditionSchema}},
}

// output is a decoded output block.
type output struct {
	name          string
	value         *expression
	description   string
	sensitive     bool
	preconditions []*condition
	group         *group
	rng           hcl2.Range
}

func (o *output) address() string { return "output." + o.name }

func decodeOutput(block *hcl2.Block) (*output, hcl2.Diagnostics) {
	c, diags := outputSchema.decode(block.Body)
	o := &output{name: block.Labels[0], value: c.expr("value"), rng: block.DefRange}
	diags = append(diags, c.literal("description", &o.description)...)
	diags = append(diags, c.literal("sensitive", &o.sensitive)...)
	preconditions, more := decodeConditions(c.blocks["precondition"])
	o.preconditions = preconditions
	o.group = &group{expressions: append(present(o.value), conditionExpressions(o.preconditions)...)}
	return o, append(diags, more...)
}

func (o *output) stage() *stage {
	return &stage{groups: []*group{o.group}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		now, diags := redecoded(e, s, o, decodeOutput)
		return append(diags, now.evaluate(e, s)...)
	}}
}

func (o *output) evaluate(e *Evaluation, s *scope) hcl2.Diagnostics {
	f := e.frame(s, o.group)
	diags := f.require(o.preconditions, f.ctx, "Precondition not met", func(c *condition) string {
		return fmt.Sprintf("This is a precondition of %s.", s.addressOf(o.address()))
	})
	if o.value == nil || diags.HasErrors() {
		return diags
	}
	v, more := f.value(o.value, f.ctx, func(v cty.Value) hcl2.Diagnostics { return o.checkMarks(v, s, f.ctx) })
	if o.sensitive {
		v = v.Mark(value.Sensitive)
	}
	s.bindings[o.address()] = binding{value: v, dependsOn: f.dependsOn}
	return append(diags, more...)
}

// checkMarks reports an output of the root module that would show what is sensitive, or keep what is ephemeral.
func (o *output) checkMarks(v cty.Value, s *scope, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if s.unit.call != nil {
		return nil
	}
	if diags := checkEphemeral("value", v, o.value, ctx); diags.HasErrors() {
		return diags
	}
	if value.HasSensitive(v) && !o.sensitive {
		return hcl2.Diagnostics{problemIn("Output of a sensitive value",
			"This output is made of sensitive values, but outputs are printed. Add sensitive = true to hide it, or use nonsensitive() if it is no secret.",
			o.value, ctx)}
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
	root := e.config.graph.root
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
