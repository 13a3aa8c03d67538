package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
	"riveter/plan/address"
)

var dataSchema = &syntax.Schema{
	Doc: "An existing actor that is never created. It is an error if it does not exist, unless optional = true.",
	Attributes: append([]syntax.Attribute{
		{Name: "key", Type: "list(string)", Doc: "The compound key. Either this or id is required."},
		{Name: "id", Type: "string", Doc: "The actor's id."},
		{Name: "params", Type: "any", Doc: "Connection parameters of every read. Default: those of the rivet block."},
		{Name: "optional", Type: "bool", Doc: "Whether it may be missing. Its attribute exists tells."},
		{Name: "depends_on", Type: "list(reference)", Doc: "What must be done first, beyond what is referred to."},
	}, repetitionAttributes...),
	Blocks: []syntax.Nested{{Name: "read", Labels: []string{"label"}, Schema: readSchema}},
}

func decodeData(block *hcl2.Block) (*Actor, hcl2.Diagnostics) {
	c, diags := dataSchema.Decode(block.Body)
	a := newActor(address.KindData, block)
	diags = append(diags, checkActorName(block)...)
	a.Key, a.ID, a.Params = attributeOf(c, "key"), attributeOf(c, "id"), attributeOf(c, "params")
	a.Optional = attributeOf(c, "optional")
	switch {
	case a.Key == nil && a.ID == nil:
		diags = append(diags, syntax.Problem("Missing required argument", "A data block says by \"key\" or by \"id\" which actor it is.", c.MissingRange))
	case a.Key != nil && a.ID != nil:
		diags = append(diags, syntax.Problem("Conflicting arguments", "A data block says by \"key\" or by \"id\" which actor it is. Remove one of the two.", a.ID.Range()))
	}
	diags = append(diags, a.decodeMeta(c)...)
	for _, nested := range c.Blocks {
		diags = append(diags, a.decodeRead(nested)...)
	}
	a.arrange()
	return a, diags
}

var readSchema = &syntax.Schema{
	Doc: "A read-only question to the actor, asked while planning where some expression names it, as read.LABEL.",
	Attributes: []syntax.Attribute{
		{Name: "action", Type: "string", Doc: "Name of the action to call. Default: the label."},
		{Name: "args", Type: "list(any)", Doc: "Its arguments. Default: none."},
		{Name: "timeout", Type: "duration", Doc: "Default: the actor's timeouts.call."},
	},
	Blocks: []syntax.Nested{{Name: "request", Single: true, Schema: readRequestSchema}},
}

var readRequestSchema = &syntax.Schema{
	Doc: "A GET request instead of an action, for actors that answer requests.",
	Attributes: []syntax.Attribute{
		{Name: "path", Type: "string", Required: true, Doc: "Path of the request, with a slash at its start."},
	},
}

// Read is a decoded read block.
type Read struct {
	Label      string
	Attributes map[string]*Expression // action, args, timeout, path
	Range      hcl2.Range
}

func (a *Actor) decodeRead(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := readSchema.Decode(block.Body)
	diags = append(diags, checkLabels(block)...)
	r := &Read{Label: block.Labels[0], Range: block.DefRange, Attributes: attributesIn(c)}
	if request := c.Only("request"); request != nil {
		inner, more := readRequestSchema.Decode(request.Body)
		diags = append(diags, more...)
		if r.Attributes["action"] != nil || r.Attributes["args"] != nil {
			diags = append(diags, syntax.Problem("Conflicting arguments", "A read either calls an action or sends a request. Remove one of the two.", request.DefRange))
		}
		r.Attributes["path"] = attributeOf(inner, "path")
	}
	if first := a.readCalled(r.Label); first != nil {
		return append(diags, syntax.Duplicate("read", block.DefRange, first.Range))
	}
	a.Reads = append(a.Reads, r)
	return diags
}
