package hcl

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
