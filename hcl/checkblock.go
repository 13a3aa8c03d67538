package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

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
