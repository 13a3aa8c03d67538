package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
)

var actionSchema = &blockSchema{
	doc: "A seeding call: an action that is called with these arguments.",
	attributes: append([]attributeSchema{
		{name: "call", typ: "string", doc: "Name of the action, nested ones with dots. Default: the label."},
		{name: "args", typ: "list(any)", doc: "The arguments. Default: none."},
	}, callAttributes...),
	blocks: []nestedSchema{awaitBlock},
}

var ensureSchema = &blockSchema{
	doc: "A fact, and the call that makes it true where it is not.",
	attributes: append([]attributeSchema{
		{name: "value", typ: "any", required: true, doc: "The value as it is, from a read or the live state."},
		{name: "want", typ: "any", required: true, doc: "What it should be."},
		{name: "call", typ: "string", doc: "Name of the action that makes it so. Default: the label."},
		{name: "args", typ: "list(any)", doc: "The arguments. Default: what is wanted, as the only one."},
		{name: "match", typ: "string", doc: "subset (default): the value may have more than is wanted; or exact."},
	}, stepAttributes...),
	blocks: []nestedSchema{awaitBlock},
}

var messageSchema = &blockSchema{
	doc: "A message that is put into one of the actor's queues.",
	attributes: append([]attributeSchema{
		{name: "queue", typ: "string", doc: "Name of the queue. Default: the label."},
		{name: "body", typ: "any", doc: "The message. Default: null."},
		{name: "wait", typ: "bool", doc: "Whether it is done only when the actor has worked on it, not when it is stored."},
	}, callAttributes...),
	blocks: []nestedSchema{awaitBlock},
}

var requestSchema = &blockSchema{
	doc: "A request over HTTP, for actors that answer such.",
	attributes: append([]attributeSchema{
		{name: "method", typ: "string", doc: "Default: GET."},
		{name: "path", typ: "string", required: true, doc: "Path of the request, with a slash at its start."},
		{name: "headers", typ: "map(string)", doc: "Headers of the request."},
		{name: "json", typ: "any", doc: "A value to send as JSON."},
		{name: "body", typ: "string", doc: "A text to send as it is."},
		{name: "expect_status", typ: "number or list(number)", doc: "Which status is good. Default: any from 200 to 299."},
	}, callAttributes...),
	blocks: []nestedSchema{awaitBlock},
}

var expectSchema = &blockSchema{
	doc: "An assertion on what is live, looked at again and again until it holds or the time is up.",
	attributes: append([]attributeSchema{
		{name: "value", typ: "any", doc: "The value as it is, to be compared with \"want\"."},
		{name: "want", typ: "any", doc: "What it should be."},
		{name: "condition", typ: "bool", doc: "What must be true, instead of \"value\" and \"want\"."},
		{name: "error_message", typ: "string", doc: "What to say when it does not hold."},
		{name: "interval", typ: "duration", doc: "Time between two looks. Default: growing."},
	}, stepAttributes...),
}

// checkExpect checks that there is a condition, or a value with what is wanted.
func checkExpect(c *content) hcl2.Diagnostics {
	value, want, condition := c.attributes["value"], c.attributes["want"], c.attributes["condition"]
	switch {
	case condition != nil && value != nil:
		return c.conflict("condition", "value")
	case condition != nil && want != nil:
		return c.conflict("condition", "want")
	case condition == nil && (value == nil || want == nil):
		return hcl2.Diagnostics{problem("Missing required argument",
			"An expect has either \"value\" and \"want\", or \"condition\".", c.missing)}
	}
	return nil
}

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
