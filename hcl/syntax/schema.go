package syntax

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// Schema describes one kind of block: it is what decodes the block, and what the schema command prints.
type Schema struct {
	Doc        string
	Attributes []Attribute
	Blocks     []Nested
	Open       bool // further attributes are the author's own
	Static     bool // nested blocks cannot be dynamic
	// Foreign says of words that other tools have here what to write instead.
	Foreign map[string]string
}

// Attribute is a row of a schema: an argument.
type Attribute struct {
	Name     string
	Type     string // in the words of the language, such as list(string)
	Required bool
	Doc      string
}

// Nested is a row of a schema: a block that may be nested.
type Nested struct {
	Name   string
	Labels []string
	Single bool // at most one
	Schema *Schema
	// byLabel holds the schemas of a block whose content depends on its first label. The schema itself is empty then.
	ByLabel map[string]*Schema
}

// Content is a block's body split up by its schema, with every expression still to be evaluated.
type Content struct {
	Attributes   hcl2.Attributes
	ByType       map[string]hcl2.Blocks
	Blocks       hcl2.Blocks     // all of them, in source order
	Others       hcl2.Attributes // of an open schema, those that it does not list
	HasDynamic   bool            // more blocks will be known when it is evaluated
	MissingRange hcl2.Range      // where an absent attribute would be
}

// Decode splits body up. Everything that the schema does not know is reported and left out.
func (s *Schema) Decode(body hcl2.Body) (*Content, hcl2.Diagnostics) {
	c := &Content{ByType: map[string]hcl2.Blocks{}, MissingRange: body.MissingItemRange()}
	decoded, diags := s.split(body, c)
	diags = s.explainContent(diags)
	if decoded == nil {
		return c, diags
	}
	c.Attributes = decoded.Attributes
	for _, block := range decoded.Blocks {
		if block.Type == dynamicSchema.Name {
			c.HasDynamic = true
			diags = append(diags, s.checkDynamic(block)...)
			continue
		}
		earlier := c.ByType[block.Type]
		if s.Block(block.Type).Single && len(earlier) > 0 {
			diags = append(diags, Duplicate(block.Type+" block", block.DefRange, earlier[0].DefRange))
			continue
		}
		c.ByType[block.Type] = append(earlier, block)
		c.Blocks = append(c.Blocks, block)
	}
	SortDiagnostics(diags)
	return c, diags
}

func (s *Schema) split(body hcl2.Body, c *Content) (*hcl2.BodyContent, hcl2.Diagnostics) {
	if !s.Open {
		return body.Content(s.body())
	}
	decoded, rest, diags := body.PartialContent(s.body())
	others, more := rest.JustAttributes()
	c.Others = others
	return decoded, append(diags, more...)
}

func (s *Schema) body() *hcl2.BodySchema {
	schema := &hcl2.BodySchema{}
	for _, a := range s.Attributes {
		schema.Attributes = append(schema.Attributes, hcl2.AttributeSchema{Name: a.Name, Required: a.Required})
	}
	for _, b := range s.Blocks {
		schema.Blocks = append(schema.Blocks, hcl2.BlockHeaderSchema{Type: b.Name, LabelNames: b.Labels})
	}
	if len(s.Blocks) > 0 && !s.Static {
		schema.Blocks = append(schema.Blocks, hcl2.BlockHeaderSchema{Type: dynamicSchema.Name, LabelNames: dynamicSchema.Labels})
	}
	return schema
}

// checkDynamic checks a dynamic block as far as that needs no values.
func (s *Schema) checkDynamic(block *hcl2.Block) hcl2.Diagnostics {
	_, diags := dynamicSchema.Schema.Decode(block.Body)
	if s.Block(block.Labels[0]).Schema != nil {
		return diags
	}
	const summary = "Unsupported block type"
	return append(diags, Problem(summary, s.explainUnsupported(summary, block.Labels[0]), block.LabelRanges[0]))
}

// Block returns the row of a nested block. It has no schema where there is no such block.
func (s *Schema) Block(name string) Nested {
	for _, b := range s.Blocks {
		if b.Name == name {
			return b
		}
	}
	return Nested{}
}

// Only returns the only block of a kind, or nil.
func (c *Content) Only(name string) *hcl2.Block {
	if blocks := c.ByType[name]; len(blocks) > 0 {
		return blocks[0]
	}
	return nil
}

// Conflict reports two attributes that exclude each other.
func (c *Content) Conflict(a, b string) hcl2.Diagnostics {
	if c.Attributes[a] == nil || c.Attributes[b] == nil {
		return nil
	}
	return hcl2.Diagnostics{Problem("Conflicting arguments", fmt.Sprintf(
		"Either %q or %q can be given. Remove one of the two.", a, b), c.Attributes[b].Range)}
}

// Duplicate reports something of which there may be only one.
func Duplicate(what string, at, first hcl2.Range) *hcl2.Diagnostic {
	return Problem("Duplicate "+what, fmt.Sprintf(
		"This is the second one: the first is at %s. Remove one of the two.", Place(first),
	), at)
}

// InSourceOrder returns attributes as they follow each other in the source.
func InSourceOrder(attributes hcl2.Attributes) []*hcl2.Attribute {
	ordered := make([]*hcl2.Attribute, 0, len(attributes))
	for _, attr := range attributes {
		ordered = append(ordered, attr)
	}
	slices.SortFunc(ordered, func(a, b *hcl2.Attribute) int { return comparePlaces(&a.NameRange, &b.NameRange) })
	return ordered
}
