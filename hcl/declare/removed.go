package declare

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/syntax"
	"riveter/plan"
)

var removedSchema = &syntax.Schema{
	Doc: "Says that an actor is no longer declared: that it is to be forgotten, or destroyed.",
	Attributes: append([]syntax.Attribute{
		{Name: "from", Type: "address or string", Required: true, Doc: "What it was called, or with a key the registered name of the actor in quotes."},
		{Name: "key", Type: "list(string)", Doc: "Its key, where \"from\" is its name."},
	}, attributes(removedParts)...),
	Blocks: []syntax.Nested{{Name: "lifecycle", Single: true, Schema: &syntax.Schema{
		Doc: "What Terraform writes for it.", Attributes: attributes(removedParts),
	}}},
}

var removedParts = []part[plan.Removal]{
	constant("destroy", "bool", "Whether to destroy it. Default: false.", func(r *plan.Removal) *bool { return &r.Destroy }),
}

// decodeRemoved decodes a removed block. It is nil if it cannot be read what it means.
func decodeRemoved(block *hcl2.Block) (*plan.Removal, hcl2.Diagnostics) {
	c, diags := removedSchema.Decode(block.Body)
	r := &plan.Removal{Range: block.DefRange}
	diags = append(diags, keep(r, c, removedParts)...)
	if lifecycle := c.Only("lifecycle"); lifecycle != nil {
		inner, more := removedSchema.Block("lifecycle").Schema.Decode(lifecycle.Body)
		diags = append(append(diags, more...), keep(r, inner, removedParts)...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	if _, byKey := c.Attributes["key"]; byKey {
		return r, append(diags, decodeRemovedIdentity(c, r)...)
	}
	from, more := targetOf(c, "from")
	if from.isStep() {
		more = append(more, syntax.Problem("Invalid address",
			"A step is not removed by a block: what is remembered of it goes with its actor.", c.Attributes["from"].Expr.Range()))
	}
	if more.HasErrors() {
		return nil, append(diags, more...)
	}
	r.From = from.Address
	return r, append(diags, more...)
}

// decodeRemovedIdentity reads the name and the key of an actor.
func decodeRemovedIdentity(c *syntax.Content, r *plan.Removal) hcl2.Diagnostics {
	diags := c.Constant("from", &r.Name)
	if !diags.HasErrors() && !actorName.MatchString(r.Name) {
		diags = append(diags, syntax.Problem("Invalid address",
			"With a key, \"from\" is the registered name of the actor, in quotes.", c.Attributes["from"].Expr.Range()))
	}
	expr := c.Attributes["key"].Expr
	v, more := expr.Value(nil)
	if more.HasErrors() {
		return append(diags, syntax.Problem("Constant value needed", "\"key\" is a list of strings, or a string, and cannot refer to other values.", expr.Range()))
	}
	if v.Type() == cty.String {
		v = cty.TupleVal([]cty.Value{v})
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || list.IsNull() {
		return append(diags, syntax.WrongType("key", cty.List(cty.String), v, err, expr, nil))
	}
	r.Key = []string{}
	for _, part := range list.AsValueSlice() {
		if part.IsNull() {
			return append(diags, syntax.Problem("Invalid key", "A part of the key is null.", expr.Range()))
		}
		r.Key = append(r.Key, part.AsString())
	}
	return diags
}

// Removals returns the removed blocks in source order.
func (c *Config) Removals() []plan.Removal { return c.Root.removals }
