package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// dynamicBlock is a block with dynamic blocks somewhere inside. How many nested blocks it has is only known when what these
// refer to is, so it is decoded again then.
type dynamicBlock struct {
	block  *hcl2.Block
	shape  *group // what says how many nested blocks there are
	inside *group // everything that is referred to inside of them
	decode func(*hcl2.Block) (any, hcl2.Diagnostics)
}

// noteDynamic remembers that a block has dynamic blocks, if it has any.
func noteDynamic[T named](m *module, static T, block *hcl2.Block, decode func(*hcl2.Block) (T, hcl2.Diagnostics)) {
	shape, inside, ok := moduleSchema.nested(block.Type).schema.dynamicReferences(block.Body)
	if !ok {
		return
	}
	d := &dynamicBlock{
		block:  block,
		shape:  &group{expressions: []*expression{mention(shape, block)}},
		inside: &group{expressions: []*expression{mention(inside, block)}},
		decode: func(block *hcl2.Block) (any, hcl2.Diagnostics) { return decode(block) },
	}
	if a, ok := any(static).(*actor); ok {
		a.hasDynamic = true
		d.shape.actor, d.shape.repetition = a, a.repetition
	}
	m.dynamic[static.address()] = d
}

// mention makes an expression that has no value but refers to all of this.
func mention(variables []hcl2.Traversal, block *hcl2.Block) *expression {
	e := &expression{Expression: hcl2.StaticExpr(cty.DynamicVal, block.DefRange), opaque: true}
	e.refer(variables)
	return e
}

// expand decodes the block with its dynamic blocks replaced by what they stand for.
func (d *dynamicBlock) expand(ctx *hcl2.EvalContext) (any, hcl2.Diagnostics) {
	return d.decode(expandDynamic(d.block, ctx))
}

// expandActor decodes an actor or data block for one of its instances, if it has dynamic blocks.
func (u *unit) expandActor(d *dynamicBlock, ctx *hcl2.EvalContext, static *actor) (*actor, hcl2.Diagnostics) {
	decoded, diags := d.expand(ctx)
	a := decoded.(*actor)
	for _, g := range a.groups() {
		diags = append(diags, u.checkReferences(g)...)
	}
	a.wanted = static.wanted.clone()
	a.markOwn()
	return a, diags
}
