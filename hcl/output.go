package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

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
	o := &output{name: block.Labels[0], value: attributeOf(c, "value"), rng: block.DefRange}
	diags = append(diags, c.literal("description", &o.description)...)
	diags = append(diags, c.literal("sensitive", &o.sensitive)...)
	preconditions, more := decodeConditions(c.blocks["precondition"])
	o.preconditions = preconditions
	o.group = &group{expressions: append(present(o.value), conditionExpressions(o.preconditions)...)}
	return o, append(diags, more...)
}
