package declare

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

// DynamicBlock is a block with dynamic blocks somewhere inside. How many nested blocks it has is only known when what these
// refer to is, so it is decoded again then.
type DynamicBlock struct {
	block  *hcl2.Block
	Shape  *Scope // what says how many nested blocks there are
	inside *Scope // everything that is referred to inside of them
	decode func(*hcl2.Block) (any, hcl2.Diagnostics)
	Sample []*Scope // of the block as it is with one element each
}

// noteDynamic remembers that a block has dynamic blocks, if it has any. It reports what these do not have in any case.
func noteDynamic[T Named](m *Module, static T, block *hcl2.Block, decode func(*hcl2.Block) (T, hcl2.Diagnostics)) hcl2.Diagnostics {
	shape, inside, ok := ModuleSchema.Block(block.Type).Schema.DynamicReferences(block.Body)
	if !ok {
		return nil
	}
	sample, diags := decode(syntax.OneOfEach(block))
	d := &DynamicBlock{
		block:  block,
		Shape:  &Scope{Expressions: []*expr.Expression{mention(shape, block)}},
		inside: &Scope{Expressions: []*expr.Expression{mention(inside, block)}},
		decode: func(block *hcl2.Block) (any, hcl2.Diagnostics) { return decode(block) },
		Sample: scopesOf(sample),
	}
	if a, ok := any(static).(*Actor); ok {
		a.hasDynamic = true
		d.Shape.actor, d.Shape.repetition = a, a.Repetition
	}
	m.Dynamic[static.Address()] = d
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool { return !slices.Contains(always, d.Summary) })
}

// always are the summaries of what is wrong whichever of the blocks there are.
var always = []string{"Unsupported argument", "Unsupported block type", "Extraneous JSON object property", "Missing required argument"}

// scopesOf returns the scopes of a block that may have dynamic blocks.
func scopesOf(decoded any) []*Scope {
	switch decoded := decoded.(type) {
	case *Actor:
		decoded.hasDynamic = true
		return decoded.Scopes()
	case *Variable:
		return []*Scope{decoded.Scope}
	case *Output:
		return []*Scope{decoded.Scope}
	case *Check:
		return []*Scope{decoded.Scope}
	case *Rivet:
		return []*Scope{decoded.Scope}
	case *RunnerConfig:
		return []*Scope{decoded.Scope}
	default:
		return nil
	}
}

// mention makes an expression that has no value but refers to all of this.
func mention(variables []hcl2.Traversal, block *hcl2.Block) *expr.Expression {
	e := &expr.Expression{Expression: hcl2.StaticExpr(cty.DynamicVal, block.DefRange), Opaque: true}
	e.Refer(variables)
	return e
}

// check reports what is referred to in dynamic blocks, also where they have no elements, and is not there.
func (d *DynamicBlock) check(u *Tree) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, g := range d.Sample {
		diags = append(diags, u.checkReferences(g)...)
		if g.offline != "" {
			diags = append(diags, u.checkOffline(g)...)
		}
	}
	return diags
}

// Expand decodes the block with its dynamic blocks replaced by what they stand for. Where anything may be unknown, it is open if some are left out
// whose labels are, and waits if anything that they stand for is.
func (d *DynamicBlock) Expand(ctx *hcl2.EvalContext, lenient bool) (decoded any, open, waits bool, diags hcl2.Diagnostics) {
	expanded, waiting := syntax.ExpandDynamic(d.block, ctx, lenient)
	decoded, diags = d.decode(expanded)
	if lenient {
		all := len(diags)
		diags = slices.DeleteFunc(diags, syntax.WaitsForLabel)
		open = len(diags) < all
	}
	faults := slices.DeleteFunc(slices.Clone(diags), func(d *hcl2.Diagnostic) bool { return d.Summary != syntax.InvalidForEach })
	if len(faults) > 0 {
		return decoded, open, waiting(), faults // the rest may follow from blocks that are not there
	}
	return decoded, open, waiting(), diags
}

// ExpandActor decodes an actor or data block for one of its instances, if it has dynamic blocks.
func (u *Tree) ExpandActor(d *DynamicBlock, ctx *hcl2.EvalContext, lenient bool, static *Actor) (*Actor, hcl2.Diagnostics) {
	decoded, open, waits, diags := d.Expand(ctx, lenient)
	a := decoded.(*Actor)
	a.Open, a.hasDynamic, a.Waits = open, open, waits
	for _, g := range a.Scopes() {
		diags = append(diags, u.checkReferences(g)...)
	}
	a.Used = static.Used.clone()
	a.markOwn()
	return a, diags
}
