package hcl

import hcl2 "github.com/hashicorp/hcl/v2"

var namespaceSchema = &blockSchema{
	doc: "A namespace of the engine, created if it is missing and never deleted.",
	attributes: []attributeSchema{
		{name: "display_name", typ: "string", doc: "Its name for people. Default: the label."},
	},
}

// namespace is a decoded namespace block.
type namespace struct {
	name       string
	attributes map[string]*expression
	group      *group
	rng        hcl2.Range
}

func (n *namespace) address() string { return "namespace." + n.name }

func decodeNamespace(block *hcl2.Block) (*namespace, hcl2.Diagnostics) {
	c, diags := namespaceSchema.decode(block.Body)
	attributes := attributesIn(c)
	return &namespace{name: block.Labels[0], attributes: attributes, group: offlineGroup("namespace", attributes), rng: block.DefRange}, diags
}
