package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

var actionSchema = &syntax.Schema{
	Doc: "A seeding call: an action that is called with these arguments.",
	Attributes: append([]syntax.Attribute{
		{Name: "call", Type: "string", Doc: "Name of the action, nested ones with dots. Default: the label."},
		{Name: "args", Type: "list(any)", Doc: "The arguments. Default: none."},
	}, callAttributes...),
	Blocks: []syntax.Nested{awaitBlock},
}

var ensureSchema = &syntax.Schema{
	Doc: "A fact, and the call that makes it true where it is not.",
	Attributes: append([]syntax.Attribute{
		{Name: "value", Type: "any", Required: true, Doc: "The value as it is, from a read or the live state."},
		{Name: "want", Type: "any", Required: true, Doc: "What it should be."},
		{Name: "call", Type: "string", Doc: "Name of the action that makes it so. Default: the label."},
		{Name: "args", Type: "list(any)", Doc: "The arguments. Default: what is wanted, as the only one."},
		{Name: "match", Type: "string", Doc: "subset (default): the value may have more than is wanted; or exact."},
	}, stepAttributes...),
	Blocks: []syntax.Nested{awaitBlock},
}

var messageSchema = &syntax.Schema{
	Doc: "A message that is put into one of the actor's queues.",
	Attributes: append([]syntax.Attribute{
		{Name: "queue", Type: "string", Doc: "Name of the queue. Default: the label."},
		{Name: "body", Type: "any", Doc: "The message. Default: null."},
		{Name: "wait", Type: "bool", Doc: "Whether it is done only when the actor has worked on it, not when it is stored."},
	}, callAttributes...),
	Blocks: []syntax.Nested{awaitBlock},
}

var requestSchema = &syntax.Schema{
	Doc: "A request over HTTP, for actors that answer such.",
	Attributes: append([]syntax.Attribute{
		{Name: "method", Type: "string", Doc: "Default: GET."},
		{Name: "path", Type: "string", Required: true, Doc: "Path of the request, with a slash at its start."},
		{Name: "headers", Type: "map(string)", Doc: "Headers of the request."},
		{Name: "json", Type: "any", Doc: "A value to send as JSON."},
		{Name: "body", Type: "string", Doc: "A text to send as it is."},
		{Name: "expect_status", Type: "number or list(number)", Doc: "Which status is good. Default: any from 200 to 299."},
	}, callAttributes...),
	Blocks: []syntax.Nested{awaitBlock},
}

var expectSchema = &syntax.Schema{
	Doc: "An assertion on what is live, looked at again and again until it holds or the time is up.",
	Attributes: append([]syntax.Attribute{
		{Name: "value", Type: "any", Doc: "The value as it is, to be compared with \"want\"."},
		{Name: "want", Type: "any", Doc: "What it should be."},
		{Name: "condition", Type: "bool", Doc: "What must be true, instead of \"value\" and \"want\"."},
		{Name: "error_message", Type: "string", Doc: "What to say when it does not hold."},
		{Name: "interval", Type: "duration", Doc: "Time between two looks. Default: growing."},
	}, stepAttributes...),
}

// checkExpect checks that there is a condition, or a value with what is wanted.
func checkExpect(c *syntax.Content) hcl2.Diagnostics {
	value, want, condition := c.Attributes["value"], c.Attributes["want"], c.Attributes["condition"]
	switch {
	case condition != nil && value != nil:
		return c.Conflict("condition", "value")
	case condition != nil && want != nil:
		return c.Conflict("condition", "want")
	case condition == nil && (value == nil || want == nil):
		return hcl2.Diagnostics{syntax.Problem("Missing required argument",
			"An expect has either \"value\" and \"want\", or \"condition\".", c.MissingRange)}
	}
	return nil
}

var awaitSchema = &syntax.Schema{
	Doc: "An event that the step causes: it is subscribed to before the call, and waited for after it.",
	Attributes: []syntax.Attribute{
		{Name: "timeout", Type: "duration", Doc: "Default: the step's."},
		{Name: "condition", Type: "bool", Doc: "Which event is meant, where event.args is the list of its arguments. Default: the first."},
	},
}

// await is a decoded await block.
type await struct {
	Event     string
	Timeout   *Expression
	Condition *Expression
	Range     hcl2.Range

	Scope *Scope
}

func decodeAwait(block *hcl2.Block) (*await, hcl2.Diagnostics) {
	c, diags := awaitSchema.Decode(block.Body)
	return &await{Event: block.Labels[0], Timeout: attributeOf(c, "timeout"), Condition: attributeOf(c, "condition"), Range: block.DefRange}, diags
}
