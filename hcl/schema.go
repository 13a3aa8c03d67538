package hcl

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// blockSchema describes one kind of block: it is what decodes the block, and what the schema command prints.
type blockSchema struct {
	doc        string
	attributes []attributeSchema
	blocks     []nestedSchema
	open       bool // further attributes are the author's own
	static     bool // nested blocks cannot be dynamic
}

type attributeSchema struct {
	name     string
	typ      string // in the words of the language, such as list(string)
	required bool
	doc      string
}

type nestedSchema struct {
	name   string
	labels []string
	single bool // at most one
	schema *blockSchema
	// byLabel holds the schemas of a block whose content depends on its first label. The schema itself is empty then.
	byLabel map[string]*blockSchema
}

// content is a block's body split up by its schema, with every expression still to be evaluated.
type content struct {
	attributes hcl2.Attributes
	blocks     map[string]hcl2.Blocks
	ordered    hcl2.Blocks     // all of them, in source order
	others     hcl2.Attributes // of an open schema, those that it does not list
	hasDynamic bool            // more blocks will be known when it is evaluated
	missing    hcl2.Range      // where an absent attribute would be
}

// decode splits body up. Everything that the schema does not know is reported and left out.
func (s *blockSchema) decode(body hcl2.Body) (*content, hcl2.Diagnostics) {
	c := &content{blocks: map[string]hcl2.Blocks{}, missing: body.MissingItemRange()}
	decoded, diags := s.split(body, c)
	diags = s.explainContent(diags)
	if decoded == nil {
		return c, diags
	}
	c.attributes = decoded.Attributes
	for _, block := range decoded.Blocks {
		if block.Type == dynamicSchema.name {
			c.hasDynamic = true
			diags = append(diags, s.checkDynamic(block)...)
			continue
		}
		earlier := c.blocks[block.Type]
		if s.nested(block.Type).single && len(earlier) > 0 {
			diags = append(diags, duplicate(block.Type+" block", block.DefRange, earlier[0].DefRange))
			continue
		}
		c.blocks[block.Type] = append(earlier, block)
		c.ordered = append(c.ordered, block)
	}
	SortDiagnostics(diags)
	return c, diags
}

func (s *blockSchema) split(body hcl2.Body, c *content) (*hcl2.BodyContent, hcl2.Diagnostics) {
	if !s.open {
		return body.Content(s.body())
	}
	decoded, rest, diags := body.PartialContent(s.body())
	others, more := rest.JustAttributes()
	c.others = others
	return decoded, append(diags, more...)
}

func (s *blockSchema) body() *hcl2.BodySchema {
	schema := &hcl2.BodySchema{}
	for _, a := range s.attributes {
		schema.Attributes = append(schema.Attributes, hcl2.AttributeSchema{Name: a.name, Required: a.required})
	}
	for _, b := range s.blocks {
		schema.Blocks = append(schema.Blocks, hcl2.BlockHeaderSchema{Type: b.name, LabelNames: b.labels})
	}
	if len(s.blocks) > 0 && !s.static {
		schema.Blocks = append(schema.Blocks, hcl2.BlockHeaderSchema{Type: dynamicSchema.name, LabelNames: dynamicSchema.labels})
	}
	return schema
}

// checkDynamic checks a dynamic block as far as that needs no values.
func (s *blockSchema) checkDynamic(block *hcl2.Block) hcl2.Diagnostics {
	_, diags := dynamicSchema.schema.decode(block.Body)
	if s.nested(block.Labels[0]).schema != nil {
		return diags
	}
	const summary = "Unsupported block type"
	return append(diags, problem(summary, s.explainUnsupported(summary, block.Labels[0]), block.LabelRanges[0]))
}

func (s *blockSchema) nested(name string) nestedSchema {
	for _, b := range s.blocks {
		if b.name == name {
			return b
		}
	}
	return nestedSchema{}
}

// block returns the only block of a kind, or nil.
func (c *content) block(name string) *hcl2.Block {
	if blocks := c.blocks[name]; len(blocks) > 0 {
		return blocks[0]
	}
	return nil
}

// conflict reports two attributes that exclude each other.
func (c *content) conflict(a, b string) hcl2.Diagnostics {
	if c.attributes[a] == nil || c.attributes[b] == nil {
		return nil
	}
	return hcl2.Diagnostics{problem("Conflicting arguments", fmt.Sprintf(
		"Either %q or %q can be given. Remove one of the two.", a, b), c.attributes[b].Range)}
}

func duplicate(what string, at, first hcl2.Range) *hcl2.Diagnostic {
	return problem("Duplicate "+what, fmt.Sprintf(
		"This is the second one: the first is at %s. Remove one of the two.", place(first),
	), at)
}

// inSourceOrder returns attributes as they follow each other in the source.
func inSourceOrder(attributes hcl2.Attributes) []*hcl2.Attribute {
	ordered := make([]*hcl2.Attribute, 0, len(attributes))
	for _, attr := range attributes {
		ordered = append(ordered, attr)
	}
	slices.SortFunc(ordered, func(a, b *hcl2.Attribute) int { return comparePlaces(&a.NameRange, &b.NameRange) })
	return ordered
}
