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

// decodeConditions decodes blocks that each state a condition. Those that lack a part are reported and left out.
func decodeConditions(blocks hcl2.Blocks) ([]*condition, hcl2.Diagnostics) {
	var conditions []*condition
	var diags hcl2.Diagnostics
	for _, block := range blocks {
		c, more := conditionSchema.decode(block.Body)
		diags = append(diags, more...)
		decoded := &condition{condition: attributeOf(c, "condition"), message: attributeOf(c, "error_message"), rng: block.DefRange}
		if decoded.condition != nil && decoded.message != nil {
			conditions = append(conditions, decoded)
		}
	}
	return conditions, diags
}

func conditionExpressions(conditions []*condition) []*expression {
	var all []*expression
	for _, c := range conditions {
		all = append(all, c.condition, c.message)
	}
	return all
}
