package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

var outputSchema = &syntax.Schema{
	Doc:        "A value that is printed after apply, and that a calling module may refer to.",
	Attributes: attributes(outputParts),
	Blocks:     []syntax.Nested{{Name: "precondition", Schema: conditionSchema}},
	Foreign: map[string]string{
		"depends_on": "An output comes after what its value refers to.",
		"ephemeral":  "Outputs are kept and printed, so they cannot be ephemeral.",
	},
}

var outputParts = []part[Output]{
	expression("value", "any", "What is printed, and what a calling module refers to.", func(o *Output) **expr.Expression { return &o.Value }).required(),
	constant("description", "string", "What the value is, for people.", func(o *Output) *string { return &o.description }),
	constant("sensitive", "bool", "Whether the value is hidden. Required where it is made of sensitive values.", func(o *Output) *bool { return &o.Sensitive }),
}

// Output is a decoded output block.
type Output struct {
	Name          string
	Value         *expr.Expression
	description   string
	Sensitive     bool
	Preconditions []*Condition
	Scope         *Scope
	rng           hcl2.Range
}

// Address returns the address within the module.
func (o *Output) Address() string { return "output." + o.Name }

func decodeOutput(block *hcl2.Block) (*Output, hcl2.Diagnostics) {
	c, diags := outputSchema.Decode(block.Body)
	o := &Output{Name: block.Labels[0], rng: block.DefRange}
	diags = append(diags, keep(o, c, outputParts)...)
	if o.Value != nil {
		o.Value.Secret = o.Sensitive
	}
	preconditions, more := decodeConditions(c.ByType["precondition"])
	o.Preconditions = preconditions
	o.Scope = &Scope{Expressions: append(expr.Present(o.Value), conditionExpressions(o.Preconditions)...)}
	return o, append(diags, more...)
}
