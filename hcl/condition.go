package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
)

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

var checkSchema = &blockSchema{
	doc:    "Assertions about the whole. One that does not hold is worth a warning.",
	blocks: []nestedSchema{{name: "assert", schema: conditionSchema}},
}

// checkBlock is a decoded check block.
type checkBlock struct {
	name    string
	asserts []*condition
	group   *group
	rng     hcl2.Range
}

func (c *checkBlock) address() string { return "check." + c.name }

func decodeCheck(block *hcl2.Block) (*checkBlock, hcl2.Diagnostics) {
	c, diags := checkSchema.decode(block.Body)
	asserts, more := decodeConditions(c.blocks["assert"])
	diags = append(diags, more...)
	if len(c.blocks["assert"]) == 0 && !c.hasDynamic {
		diags = append(diags, problem("Missing block", "A check has at least one assert block, with what must hold.", c.missing))
	}
	g := &group{expressions: conditionExpressions(asserts)}
	return &checkBlock{name: block.Labels[0], asserts: asserts, group: g, rng: block.DefRange}, diags
}
