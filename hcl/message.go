package hcl

var messageSchema = &blockSchema{
	doc: "A message that is put into one of the actor's queues.",
	attributes: append([]attributeSchema{
		{name: "queue", typ: "string", doc: "Name of the queue. Default: the label."},
		{name: "body", typ: "any", doc: "The message. Default: null."},
		{name: "wait", typ: "bool", doc: "Whether it is done only when the actor has worked on it, not when it is stored."},
	}, callAttributes...),
	blocks: []nestedSchema{awaitBlock},
}
