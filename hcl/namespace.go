package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
	"riveter/plan/address"
)

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
	rng        hcl2.Range
}

func (n *namespace) address() string { return "namespace." + n.name }

func decodeNamespace(block *hcl2.Block) (*namespace, hcl2.Diagnostics) {
	c, diags := namespaceSchema.decode(block.Body)
	return &namespace{name: block.Labels[0], attributes: c.expressions(), rng: block.DefRange}, diags
}

func (n *namespace) stage() *stage {
	g := &group{offline: "namespace"}
	g.add(n.attributes)
	return &stage{groups: []*group{g}, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		f := e.frame(s, g)
		r := &reader{frame: f, ctx: f.ctx, attributes: n.attributes}
		desired := &plan.DesiredNamespace{
			Address:     address.Address{Module: s.path, Kind: address.KindNamespace, Label: n.name},
			DisplayName: n.name,
			Range:       n.rng,
		}
		if name := r.text("display_name"); name != "" {
			desired.DisplayName = name
		}
		if !s.isOpen() {
			e.namespaces = append(e.namespaces, desired)
		}
		return r.diags
	}}
}

// Namespaces returns the declared namespaces in the order of their addresses.
func (e *Evaluation) Namespaces() []*plan.DesiredNamespace {
	e.mu.Lock()
	defer e.mu.Unlock()
	return sortedByAddress(e.namespaces, func(n *plan.DesiredNamespace) address.Address { return n.Address })
}
