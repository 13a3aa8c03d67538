package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

var conditionSchema = &blockSchema{
	doc: "Something that must be true.",
	attributes: []attributeSchema{
		{name: "condition", typ: "bool", required: true, doc: "What must be true."},
		{name: "error_message", typ: "string", required: true, doc: "What to say when it is not, in whole sentences."},
	},
}

// condition is a decoded block of the kind that states a condition and what to say when it does not hold.
type condition struct {
	condition *expression
	message   *expression
	rng       hcl2.Range
}

func decodeCondition(block *hcl2.Block) (*condition, hcl2.Diagnostics) {
	c, diags := conditionSchema.decode(block.Body)
	return &condition{condition: c.expr("condition"), message: c.expr("error_message"), rng: block.DefRange}, diags
}
