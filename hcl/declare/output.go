package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

var outputSchema = &syntax.Schema{
	Doc: "A value that is printed after apply, and that a calling module may refer to.",
	Attributes: []syntax.Attribute{
		{Name: "value", Type: "any", Required: true, Doc: "What is printed, and what a calling module refers to."},
		{Name: "description", Type: "string", Doc: "What the value is, for people."},
		{Name: "sensitive", Type: "bool", Doc: "Whether the value is hidden. Required where it is made of sensitive values."},
	},
	Blocks: []syntax.Nested{{Name: "precondition", Schema: conditionSchema}},
}

// Output is a decoded output block.
type Output struct {
	Name          string
	Value         *Expression
	description   string
	Sensitive     bool
	Preconditions []*Condition
	Scope         *Scope
	rng           hcl2.Range
}

func (o *Output) Address() string { return "output." + o.Name }

func decodeOutput(block *hcl2.Block) (*Output, hcl2.Diagnostics) {
	c, diags := outputSchema.Decode(block.Body)
	o := &Output{Name: block.Labels[0], Value: attributeOf(c, "value"), rng: block.DefRange}
	diags = append(diags, c.Constant("description", &o.description)...)
	diags = append(diags, c.Constant("sensitive", &o.Sensitive)...)
	preconditions, more := decodeConditions(c.ByType["precondition"])
	o.Preconditions = preconditions
	o.Scope = &Scope{Expressions: append(present(o.Value), conditionExpressions(o.Preconditions)...)}
	return o, append(diags, more...)
}
