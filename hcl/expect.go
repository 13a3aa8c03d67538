package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

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
