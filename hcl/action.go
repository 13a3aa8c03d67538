package hcl

var actionSchema = &blockSchema{
	doc: "A seeding call: an action that is called with these arguments.",
	attributes: append([]attributeSchema{
		{name: "call", typ: "string", doc: "Name of the action, nested ones with dots. Default: the label."},
		{name: "args", typ: "list(any)", doc: "The arguments. Default: none."},
	}, callAttributes...),
	blocks: []nestedSchema{awaitBlock},
}
