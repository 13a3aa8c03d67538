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

// dynamicReferences returns what the number of nested blocks that dynamic blocks somewhere in a block stand for depends on,
// and everything that is referred to inside of them. It is not ok if there are none.
func (s *blockSchema) dynamicReferences(body hcl2.Body) (shape, inside []hcl2.Traversal, ok bool) {
	if !s.hasDynamic(body) {
		return nil, nil, false
	}
	return s.variablesIn(dynblock.WalkExpandVariables(body)), s.variablesIn(dynblock.WalkVariables(body)), true
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

// expandDynamic returns a block with its dynamic blocks replaced by what they stand for.
func expandDynamic(block *hcl2.Block, ctx *hcl2.EvalContext) *hcl2.Block {
	expanded := *block
	expanded.Body = dynblock.Expand(block.Body, ctx, dynblock.OptCheckForEach(checkDynamicForEach))
	return &expanded
}

func checkDynamicForEach(v cty.Value, expr hcl2.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if !v.IsMarked() {
		return nil
	}
	return hcl2.Diagnostics{problemIn("Invalid for_each argument",
		"The value is sensitive, but how many blocks there are is shown. If that is no secret, say so with nonsensitive().", expr, ctx)}
}
