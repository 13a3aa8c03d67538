package hcl

var lifecycleSchema = &blockSchema{
	doc: "What may happen to an actor after it was created.",
	attributes: []attributeSchema{
		{name: "prevent_destroy", typ: "bool", doc: "Whether destroying it is refused in every case."},
		{name: "on_input_change", typ: "string", doc: "warn (default), fail, ignore or replace."},
	},
}

var timeoutsSchema = &blockSchema{
	doc: "Limits of time, such as \"10s\".",
	attributes: []attributeSchema{
		{name: "create", typ: "duration", doc: "For the actor to be made."},
		{name: "ready", typ: "duration", doc: "For it to have started."},
		{name: "call", typ: "duration", doc: "For one call to it."},
		{name: "destroy", typ: "duration", doc: "For it to be gone."},
	},
}
