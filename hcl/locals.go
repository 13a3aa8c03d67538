package hcl

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// localsSchema lists nothing: every attribute of a locals block is a name of the author's.
var localsSchema = &blockSchema{doc: "Named expressions, referred to as local.NAME."}

// local is one attribute of a locals block.
type local struct {
	name  string
	value *expression
	group *group
	rng   hcl2.Range
}

func (l *local) address() string { return "local." + l.name }

func newLocal(name string, value *expression, at hcl2.Range) *local {
	return &local{name: name, value: value, group: &group{expressions: []*expression{value}}, rng: at}
}

func (m *module) decodeLocals(block *hcl2.Block) hcl2.Diagnostics {
	attributes, diags := block.Body.JustAttributes()
	for _, attr := range inSourceOrder(attributes) {
		l := newLocal(attr.Name, newExpression(attr.Expr), attr.NameRange)
		if d := m.declare(l.address(), "local value", l.rng); d != nil {
			diags = append(diags, d)
			continue
		}
		m.locals = append(m.locals, l)
	}
	return diags
}

func inSourceOrder(attributes hcl2.Attributes) []*hcl2.Attribute {
	ordered := make([]*hcl2.Attribute, 0, len(attributes))
	for _, attr := range attributes {
		ordered = append(ordered, attr)
	}
	slices.SortFunc(ordered, func(a, b *hcl2.Attribute) int { return comparePlaces(&a.NameRange, &b.NameRange) })
	return ordered
}
