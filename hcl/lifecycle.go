package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

var lifecycleSchema = &blockSchema{
	doc: "What may happen to an actor after it was created, and what must hold before and after.",
	attributes: []attributeSchema{
		{name: "prevent_destroy", typ: "bool", doc: "Whether destroying it is refused in every case."},
		{name: "on_input_change", typ: "string", doc: "warn (default), fail, ignore or replace."},
		{name: "replace_triggered_by", typ: "list(any)", doc: "The actor is replaced when one of these values changes."},
	},
	blocks: []nestedSchema{
		{name: "precondition", schema: conditionSchema},
		{name: "postcondition", schema: conditionSchema},
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

func (a *actor) decodeLifecycle(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := lifecycleSchema.decode(block.Body)
	a.addSettings("lifecycle.", c, "prevent_destroy", "on_input_change")
	a.triggers = attributeOf(c, "replace_triggered_by")
	var more hcl2.Diagnostics
	a.preconds, more = decodeConditions(c.blocks["precondition"])
	diags = append(diags, more...)
	a.postconds, more = decodeConditions(c.blocks["postcondition"])
	return append(diags, more...)
}
