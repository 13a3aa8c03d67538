package declare

import (
	"fmt"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

var movedSchema = &syntax.Schema{
	Doc: "Says that something was renamed, so that the ledger follows and nothing runs again.",
	Attributes: []syntax.Attribute{
		{Name: "from", Type: "address", Required: true, Doc: "What it was called."},
		{Name: "to", Type: "address", Required: true, Doc: "What it is called now."},
	},
}

var removedSchema = &syntax.Schema{
	Doc: "Says that something is no longer declared: that it is to be forgotten, or destroyed.",
	Attributes: []syntax.Attribute{
		{Name: "from", Type: "address", Required: true, Doc: "What it was called."},
		{Name: "destroy", Type: "bool", Doc: "Whether to destroy it. Default: false."},
	},
}

// decodeMoved decodes a moved block. It is nil if its addresses cannot be read.
func decodeMoved(block *hcl2.Block) (*plan.Move, hcl2.Diagnostics) {
	c, diags := movedSchema.Decode(block.Body)
	from, more := targetOf(c, "from")
	diags = append(diags, more...)
	to, more := targetOf(c, "to")
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, diags
	}
	if (from.Label == "") != (to.Label == "") {
		return nil, append(diags, syntax.Problem("Invalid move", "An actor can become another actor, and a module another module, but not one the other.", c.Attributes["to"].Range))
	}
	return &plan.Move{From: from, To: to, Range: block.DefRange}, diags
}

// decodeRemoved decodes a removed block. It is nil if its address cannot be read.
func decodeRemoved(block *hcl2.Block) (*plan.Removal, hcl2.Diagnostics) {
	c, diags := removedSchema.Decode(block.Body)
	from, more := targetOf(c, "from")
	diags = append(diags, more...)
	removal := &plan.Removal{From: from, Range: block.DefRange}
	diags = append(diags, c.Constant("destroy", &removal.Destroy)...)
	if diags.HasErrors() {
		return nil, diags
	}
	return removal, diags
}

// target reads an attribute that is an address: of an actor, of one of its instances, or of a module.
func targetOf(c *syntax.Content, name string) (address.Address, hcl2.Diagnostics) {
	attr, ok := c.Attributes[name]
	if !ok {
		return address.Address{}, nil // which decoding has reported
	}
	t, diags := hcl2.AbsTraversalForExpr(attr.Expr)
	if !diags.HasErrors() {
		if address, ok := targetAddress(t); ok {
			return address, nil
		}
	}
	return address.Address{}, hcl2.Diagnostics{syntax.Problem("Invalid address", fmt.Sprintf(
		"%q is an address such as actor.chatRoom.room, actor.chatRoom.room[\"general\"] or module.tenant, without quotes.", name), attr.Expr.Range())}
}

func targetAddress(t hcl2.Traversal) (address.Address, bool) {
	var addr address.Address
	var modules []string
	for len(t) >= 2 && rootOrName(t[0]) == "module" {
		path := "module." + rootOrName(t[1])
		t = t[2:]
		key, rest := leadingKey(t)
		modules, t = append(modules, path+key.String()), rest
	}
	addr.Module = strings.Join(modules, ".")
	if len(t) == 0 {
		return addr, addr.Module != ""
	}
	if len(t) < 3 || rootOrName(t[0]) != "actor" {
		return addr, false
	}
	addr.Kind, addr.Name, addr.Label = address.KindActor, rootOrName(t[1]), rootOrName(t[2])
	key, rest := leadingKey(t[3:])
	addr.Key = key
	return addr, len(rest) == 0 && addr.Name != "" && addr.Label != ""
}

func rootOrName(step hcl2.Traverser) string {
	if root, ok := step.(hcl2.TraverseRoot); ok {
		return root.Name
	}
	name, _ := TraversalName(step)
	return name
}

// leadingKey takes an instance key off the front of a traversal.
func leadingKey(t hcl2.Traversal) (address.InstanceKey, hcl2.Traversal) {
	if len(t) == 0 {
		return address.InstanceKey{}, t
	}
	index, ok := t[0].(hcl2.TraverseIndex)
	if !ok {
		return address.InstanceKey{}, t
	}
	if index.Key.Type() == cty.String {
		return address.StringKey(index.Key.AsString()), t[1:]
	}
	n, _ := index.Key.AsBigFloat().Int64()
	return address.NumberKey(int(n)), t[1:]
}

// Moves returns the moved blocks in source order.
func (c *Config) Moves() []plan.Move { return c.Root.moves }

// Removals returns the removed blocks in source order.
func (c *Config) Removals() []plan.Removal { return c.Root.removals }
