package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

var awaitSchema = &blockSchema{
	doc: "An event that the step causes: it is subscribed to before the call, and waited for after it.",
	attributes: []attributeSchema{
		{name: "timeout", typ: "duration", doc: "Default: the step's."},
		{name: "condition", typ: "bool", doc: "Which event is meant, where event.args is the list of its arguments. Default: the first."},
	},
}

// await is a decoded await block.
type await struct {
	event   string
	timeout *expression
	holds   *expression
	rng     hcl2.Range

	condition *group
}

func decodeAwait(block *hcl2.Block) (*await, hcl2.Diagnostics) {
	c, diags := awaitSchema.decode(block.Body)
	return &await{event: block.Labels[0], timeout: attributeOf(c, "timeout"), holds: attributeOf(c, "condition"), rng: block.DefRange}, diags
}
