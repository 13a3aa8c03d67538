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
