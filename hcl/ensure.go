package hcl

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
