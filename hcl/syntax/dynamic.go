package syntax

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/zclconf/go-cty/cty"
)

// dynamicSchema describes the block that stands for any number of nested blocks of a type.
var dynamicSchema = Nested{Name: "dynamic", Labels: []string{"type"}, Schema: &Schema{
	Static: true,
	Doc:    "Nested blocks of the type that the label names, one for each element.",
	Attributes: []Attribute{
		{Name: "for_each", Type: "any", Required: true, Doc: "A list, set, map or object."},
		{Name: "iterator", Type: "name", Doc: "What the element is called inside, with .key and .value. Default: the type."},
		{Name: "labels", Type: "list(string)", Doc: "The labels of the blocks."},
	},
	Blocks: []Nested{{Name: "content", Single: true, Schema: &Schema{Doc: "The content of each block.", Open: true, Static: true}}},
}}

// DynamicReferences returns what the number of nested blocks that dynamic blocks somewhere in a block stand for depends on,
// and everything that is referred to inside of them. It is not ok if there are none.
func (s *Schema) DynamicReferences(body hcl2.Body) (shape, inside []hcl2.Traversal, ok bool) {
	if !s.hasDynamic(body) {
		return nil, nil, false
	}
	return s.variablesIn(dynblock.WalkExpandVariables(body)), s.variablesIn(dynblock.WalkVariables(body)), true
}

func (s *Schema) hasDynamic(body hcl2.Body) bool {
	content, _, _ := body.PartialContent(s.body())
	if content == nil {
		return false
	}
	for _, block := range content.Blocks {
		if nested := s.Block(block.Type).Schema; nested == nil || nested.hasDynamic(block.Body) {
			return true
		}
	}
	return false
}

func (s *Schema) variablesIn(node dynblock.WalkVariablesNode) []hcl2.Traversal {
	variables, children := node.Visit(s.body())
	for _, child := range children {
		if nested := s.Block(child.BlockTypeName).Schema; nested != nil {
			variables = append(variables, nested.variablesIn(child.Node)...)
		}
	}
	return variables
}

// ExpandDynamic returns a block with its dynamic blocks replaced by what they stand for.
func ExpandDynamic(block *hcl2.Block, ctx *hcl2.EvalContext) *hcl2.Block {
	expanded := *block
	expanded.Body = dynblock.Expand(block.Body, ctx, dynblock.OptCheckForEach(checkDynamicForEach))
	return &expanded
}

func checkDynamicForEach(v cty.Value, expr hcl2.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
	if hidden := Hidden(v, "how many blocks there are is shown"); v.IsMarked() {
		return hcl2.Diagnostics{ProblemIn("Invalid for_each argument", hidden, expr, ctx)}
	}
	return nil
}
