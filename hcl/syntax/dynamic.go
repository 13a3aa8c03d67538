package syntax

import (
	"fmt"
	"maps"

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

// InvalidForEach is the summary of what is wrong with how often a block is repeated.
const InvalidForEach = "Invalid for_each argument"

// ExpandDynamic returns a block with its dynamic blocks replaced by what they stand for. How many that are must be known,
// unless anything may be unknown: then there is one of each whose number is not, with unknown values. What is wrong with their labels is found
// out when the block is decoded. From then on, waits reports whether any element is not known.
func ExpandDynamic(block *hcl2.Block, ctx *hcl2.EvalContext, lenient bool) (expanded *hcl2.Block, waits func() bool) {
	waiting := false
	check := func(v cty.Value, expr hcl2.Expression, ctx *hcl2.EvalContext) hcl2.Diagnostics {
		waiting = waiting || !v.IsWhollyKnown()
		if fault := dynamicFault(v, lenient); fault != "" {
			return hcl2.Diagnostics{ProblemIn(InvalidForEach, fault, expr, ctx)}
		}
		return nil
	}
	again := *block
	again.Body = dynblock.Expand(block.Body, ctx, dynblock.OptCheckForEach(check))
	return &again, func() bool { return waiting }
}

// OneOfEach returns a block with one nested block, of an element that is not known and with labels that nobody else has, in place of each
// dynamic block somewhere in it.
func OneOfEach(block *hcl2.Block) *hcl2.Block {
	again := *block
	again.Body = dynblock.Expand(oneOfEach{Body: block.Body}, nil)
	return &again
}

// oneOfEach is a body with dynamic blocks, or of one, that have one element each.
type oneOfEach struct {
	hcl2.Body
	isDynamic bool
}

// Content implements hcl2.Body.
func (b oneOfEach) Content(s *hcl2.BodySchema) (*hcl2.BodyContent, hcl2.Diagnostics) {
	c, diags := b.Body.Content(s)
	return b.withOne(c), diags
}

// PartialContent implements hcl2.Body.
func (b oneOfEach) PartialContent(s *hcl2.BodySchema) (*hcl2.BodyContent, hcl2.Body, hcl2.Diagnostics) {
	c, rest, diags := b.Body.PartialContent(s)
	return b.withOne(c), oneOfEach{rest, b.isDynamic}, diags
}

func (b oneOfEach) withOne(c *hcl2.BodyContent) *hcl2.BodyContent {
	if c == nil {
		return nil
	}
	again := *c
	again.Attributes, again.Blocks = maps.Clone(c.Attributes), nil
	for _, block := range c.Blocks {
		inner := *block
		inner.Body = oneOfEach{block.Body, block.Type == dynamicSchema.Name}
		again.Blocks = append(again.Blocks, &inner)
	}
	if !b.isDynamic {
		return &again
	}
	for name, attr := range again.Attributes {
		replaced := *attr
		switch name {
		case "for_each":
			replaced.Expr = hcl2.StaticExpr(cty.TupleVal([]cty.Value{cty.DynamicVal}), attr.Expr.Range())
		case "labels":
			replaced.Expr = anyLabels{attr.Expr}
		}
		again.Attributes[name] = &replaced
	}
	return &again
}

// anyLabels are made-up ones in place of those that are written.
type anyLabels struct{ hcl2.Expression }

// ExprList is how the library asks for the elements of a list.
func (l anyLabels) ExprList() []hcl2.Expression {
	labels, _ := hcl2.ExprList(l.Expression)
	for i, label := range labels {
		made := fmt.Sprintf("label_%d", label.Range().Start.Byte)
		labels[i] = hcl2.StaticExpr(cty.StringVal(made), label.Range())
	}
	return labels
}

// WaitsForLabel reports whether a diagnostic is about a label of a block in place of a dynamic one, which is not known yet.
func WaitsForLabel(d *hcl2.Diagnostic) bool {
	if d.Summary != "Invalid dynamic block label" || d.Expression == nil {
		return false
	}
	label, diags := d.Expression.Value(d.EvalContext)
	return !diags.HasErrors() && !label.IsKnown()
}

func dynamicFault(v cty.Value, lenient bool) string {
	switch {
	case v.IsMarked():
		return Hidden(v, "how many blocks there are is shown")
	case !v.IsKnown() && !lenient:
		return "The value is only known after apply, so nobody can say how many blocks there will be. Let it depend on configuration only; " +
			"a step that is repeated by what an earlier one gave has a for_each of its own."
	default:
		return ""
	}
}
