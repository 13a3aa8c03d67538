package hcl

import (
	"slices"

	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/declare"
	"riveter/hcl/funcs"
	"riveter/hcl/syntax"
)

// Schema is the language as data, made from what decodes it.
type Schema struct {
	FormatVersion string                    `json:"format_version"`
	Module        *BlockSchema              `json:"module"` // what the files of a directory may hold
	Functions     map[string]FunctionSchema `json:"functions"`
}

// BlockSchema describes what is between the braces of a block.
type BlockSchema struct {
	Description string                     `json:"description"`
	Attributes  map[string]AttributeSchema `json:"attributes,omitempty"`
	Blocks      map[string]NestedSchema    `json:"blocks,omitempty"`
	Open        bool                       `json:"open,omitempty"`    // further attributes have names that the author chooses
	Dynamic     bool                       `json:"dynamic,omitempty"` // dynamic blocks may stand for the nested ones
}

// AttributeSchema describes an argument. The type is written as in a variable block where that has a word for it.
type AttributeSchema struct {
	Type        string `json:"type"`
	Required    bool   `json:"required,omitempty"`
	Description string `json:"description"`
}

// NestedSchema describes a block that may be nested in another one. Where what it holds depends on its first label, ByLabel
// says so.
type NestedSchema struct {
	Labels  []string                `json:"labels,omitempty"`
	Single  bool                    `json:"single,omitempty"` // at most one
	Block   *BlockSchema            `json:"block"`
	ByLabel map[string]*BlockSchema `json:"by_label,omitempty"`
}

// FunctionSchema describes a function.
type FunctionSchema struct {
	Description string            `json:"description,omitempty"`
	Parameters  []ParameterSchema `json:"parameters"`
	Variadic    *ParameterSchema  `json:"variadic_parameter,omitempty"`
}

// ParameterSchema describes a parameter of a function.
type ParameterSchema struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
}

// schemaFormatVersion is the version of the format of a [Schema]; the minor version grows when members are added.
const schemaFormatVersion = "1.0"

// Describe returns the language as data.
func Describe() *Schema {
	s := &Schema{FormatVersion: schemaFormatVersion, Module: describeBlock(declare.ModuleSchema), Functions: map[string]FunctionSchema{}}
	for name, f := range funcs.Table(funcs.Outside{}) {
		s.Functions[name] = describeFunction(f)
	}
	return s
}

func describeBlock(s *syntax.Schema) *BlockSchema {
	b := &BlockSchema{Description: s.Doc, Open: s.Open, Dynamic: len(s.Blocks) > 0 && !s.Static}
	if len(s.Attributes) > 0 {
		b.Attributes = map[string]AttributeSchema{}
	}
	for _, a := range s.Attributes {
		b.Attributes[a.Name] = AttributeSchema{Type: a.Type, Required: a.Required, Description: a.Doc}
	}
	if len(s.Blocks) > 0 {
		b.Blocks = map[string]NestedSchema{}
	}
	for _, n := range s.Blocks {
		b.Blocks[n.Name] = describeNested(n)
	}
	return b
}

func describeNested(n syntax.Nested) NestedSchema {
	nested := NestedSchema{Labels: slices.Clone(n.Labels), Single: n.Single, Block: describeBlock(n.Schema)}
	if len(n.ByLabel) > 0 {
		nested.ByLabel = map[string]*BlockSchema{}
	}
	for label, schema := range n.ByLabel {
		nested.ByLabel[label] = describeBlock(schema)
	}
	return nested
}

func describeFunction(f function.Function) FunctionSchema {
	described := FunctionSchema{Description: f.Description(), Parameters: []ParameterSchema{}}
	for _, p := range f.Params() {
		described.Parameters = append(described.Parameters, describeParameter(p))
	}
	if v := f.VarParam(); v != nil {
		variadic := describeParameter(*v)
		described.Variadic = &variadic
	}
	return described
}

func describeParameter(p function.Parameter) ParameterSchema {
	return ParameterSchema{Name: p.Name, Type: p.Type.FriendlyNameForConstraint(), Description: p.Description}
}
