package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

var dataSchema = &blockSchema{
	doc: "An existing actor that is never created. It is an error if it does not exist, unless optional = true.",
	attributes: append([]attributeSchema{
		{name: "key", typ: "list(string)", doc: "The compound key. Either this or id is required."},
		{name: "id", typ: "string", doc: "The actor's id."},
		{name: "params", typ: "any", doc: "Connection parameters of every read. Default: those of the rivet block."},
		{name: "optional", typ: "bool", doc: "Whether it may be missing. Its attribute exists tells."},
		{name: "depends_on", typ: "list(reference)", doc: "What must be done first, beyond what is referred to."},
	}, repetitionAttributes...),
	blocks: []nestedSchema{{name: "read", labels: []string{"label"}, schema: readSchema}},
}

func decodeData(block *hcl2.Block) (*actor, hcl2.Diagnostics) {
	c, diags := dataSchema.decode(block.Body)
	a := newActor(address.KindData, block)
	diags = append(diags, checkActorName(block)...)
	a.key, a.id, a.params = attributeOf(c, "key"), attributeOf(c, "id"), attributeOf(c, "params")
	a.optional = attributeOf(c, "optional")
	switch {
	case a.key == nil && a.id == nil:
		diags = append(diags, problem("Missing required argument", "A data block says by \"key\" or by \"id\" which actor it is.", c.missing))
	case a.key != nil && a.id != nil:
		diags = append(diags, problem("Conflicting arguments", "A data block says by \"key\" or by \"id\" which actor it is. Remove one of the two.", a.id.Range()))
	}
	diags = append(diags, a.decodeMeta(c)...)
	for _, nested := range c.ordered {
		diags = append(diags, a.decodeRead(nested)...)
	}
	a.arrange()
	return a, diags
}

var readSchema = &blockSchema{
	doc: "A read-only question to the actor, asked while planning where some expression names it, as read.LABEL.",
	attributes: []attributeSchema{
		{name: "action", typ: "string", doc: "Name of the action to call. Default: the label."},
		{name: "args", typ: "list(any)", doc: "Its arguments. Default: none."},
		{name: "timeout", typ: "duration", doc: "Default: the actor's timeouts.call."},
	},
	blocks: []nestedSchema{{name: "request", single: true, schema: readRequestSchema}},
}

var readRequestSchema = &blockSchema{
	doc: "A GET request instead of an action, for actors that answer requests.",
	attributes: []attributeSchema{
		{name: "path", typ: "string", required: true, doc: "Path of the request, with a slash at its start."},
	},
}

// read is a decoded read block.
type read struct {
	label      string
	attributes map[string]*expression // action, args, timeout, path
	rng        hcl2.Range
}

func (a *actor) decodeRead(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := readSchema.decode(block.Body)
	diags = append(diags, checkLabels(block)...)
	r := &read{label: block.Labels[0], rng: block.DefRange, attributes: attributesIn(c)}
	if request := c.block("request"); request != nil {
		inner, more := readRequestSchema.decode(request.Body)
		diags = append(diags, more...)
		if r.attributes["action"] != nil || r.attributes["args"] != nil {
			diags = append(diags, problem("Conflicting arguments", "A read either calls an action or sends a request. Remove one of the two.", request.DefRange))
		}
		r.attributes["path"] = attributeOf(inner, "path")
	}
	if first := a.readCalled(r.label); first != nil {
		return append(diags, duplicate("read", block.DefRange, first.rng))
	}
	a.reads = append(a.reads, r)
	return diags
}
