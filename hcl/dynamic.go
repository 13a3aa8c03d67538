package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/zclconf/go-cty/cty"
)

// dynamicSchema describes the block that stands for any number of nested blocks of a type.
var dynamicSchema = nestedSchema{name: "dynamic", labels: []string{"type"}, schema: &blockSchema{
	static: true,
	doc:    "Nested blocks of the type that the label names, one for each element.",
	attributes: []attributeSchema{
		{name: "for_each", typ: "any", required: true, doc: "A list, set, map or object."},
		{name: "iterator", typ: "name", doc: "What the element is called inside, with .key and .value. Default: the type."},
		{name: "labels", typ: "list(string)", doc: "The labels of the blocks."},
	},
	blocks: []nestedSchema{{name: "content", single: true, schema: &blockSchema{doc: "The content of each block.", open: true, static: true}}},
}}

// dynamicBody is a block with dynamic blocks somewhere inside. How many nested blocks it has is only known when what these
// refer to is, so it is decoded again then.
type dynamicBody struct {
	block  *hcl2.Block
	shape  *group // what says how many nested blocks there are
	inside *group // everything that is referred to inside of them
}

// dynamicIn returns what is dynamic in a block, or nil.
func (s *blockSchema) dynamicIn(block *hcl2.Block) *dynamicBody {
	if !s.hasDynamic(block.Body) {
		return nil
	}
	shape := s.variablesIn(dynblock.WalkExpandVariables(block.Body))
	inside := s.variablesIn(dynblock.WalkVariables(block.Body))
	return &dynamicBody{
		block:  block,
		shape:  &group{expressions: []*expression{mention(shape, block)}},
		inside: &group{expressions: []*expression{mention(inside, block)}},
	}
}

func (s *blockSchema) hasDynamic(body hcl2.Body) bool {
	content, _, _ := body.PartialContent(s.body())
	if content == nil {
		return false
	}
	for _, block := range content.Blocks {
		if nested := s.nested(block.Type).schema; nested == nil || nested.hasDynamic(block.Body) {
			return true
		}
	}
	return false
}

func (s *blockSchema) variablesIn(node dynblock.WalkVariablesNode) []hcl2.Traversal {
	variables, children := node.Visit(s.body())
	for _, child := range children {
		if nested := s.nested(child.BlockTypeName).schema; nested != nil {
			variables = append(variables, nested.variablesIn(child.Node)...)
		}
	}
	return variables
}

// mention makes an expression that has no value but refers to all of this.
func mention(variables []hcl2.Traversal, block *hcl2.Block) *expression {
	e := &expression{Expression: hcl2.StaticExpr(cty.DynamicVal, block.DefRange), opaque: true}
	e.refer(variables)
	return e
}

// expand decodes the block with its dynamic blocks replaced by what they stand for.
func expandDynamic[T any](d *dynamicBody, ctx *hcl2.EvalContext, decode func(*hcl2.Block) (T, hcl2.Diagnostics)) (T, hcl2.Diagnostics) {
	block := *d.block
	block.Body = dynblock.Expand(block.Body, ctx, dynblock.OptCheckForEach(checkDynamicForEach))
	return decode(&block)
}

func checkDynamicForEach(v cty.Value, expr hcl2.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if !v.IsMarked() {
		return nil
	}
	return hcl2.Diagnostics{problemIn("Invalid for_each argument",
		"The value is sensitive, but how many blocks there are is shown. If that is no secret, say so with nonsensitive().", expr, ctx)}
}

// redecoded returns a declaration as it is with its dynamic blocks expanded: itself, if it has none.
func redecoded[T interface{ address() string }](
	e *Evaluation, s *scope, static T, decode func(*hcl2.Block) (T, hcl2.Diagnostics),
) (T, hcl2.Diagnostics) {
	d := s.unit.config.dynamic[static.address()]
	if d == nil {
		return static, nil
	}
	expanded, diags := expandDynamic(d, e.frame(s, d.shape).ctx, decode)
	if diags.HasErrors() {
		return static, diags
	}
	return expanded, diags
}

// expandInstance decodes the block of an instance for it alone, if the block has dynamic blocks.
func (e *Evaluation) expandInstance(inst *instance) hcl2.Diagnostics {
	u := inst.block.scope.unit
	d := u.config.dynamic[inst.block.actor.address()]
	if d == nil || inst.expanded != nil {
		return nil
	}
	_, ctx := e.enter(inst, d.shape, inst.names(d.shape))
	expanded, diags := expandDynamic(d, ctx, decoderOf(inst.block.actor.kind))
	for _, g := range expanded.groups() {
		diags = append(diags, u.checkReferences(g)...)
	}
	if diags.HasErrors() {
		return diags
	}
	expanded.wanted = inst.block.actor.wanted.clone()
	expanded.markOwn()
	inst.expanded = expanded
	return diags
}
