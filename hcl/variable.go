package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

var variableSchema = &blockSchema{
	doc: "A value that is given from outside.",
	attributes: []attributeSchema{
		{name: "type", typ: "type", doc: "What values are accepted. Default: any."},
		{name: "default", typ: "any", doc: "The value where none is given. Without it, one must be."},
		{name: "description", typ: "string", doc: "What the variable is for, for people."},
		{name: "sensitive", typ: "bool", doc: "Whether the value is hidden wherever it goes."},
		{name: "ephemeral", typ: "bool", doc: "Whether the value is kept out of ledgers and saved plans."},
		{name: "nullable", typ: "bool", doc: "Whether null is a value of its own. If false, null means the default. Default: true."},
	},
	blocks: []nestedSchema{{name: "validation", schema: conditionSchema}},
}

// variable is a decoded variable block.
type variable struct {
	name        string
	typ         cty.Type // with optional attributes
	defaults    *typeexpr.Defaults
	fallback    cty.Value // cty.NilVal when there is no default
	description string
	sensitive   bool
	ephemeral   bool
	nullable    bool
	validations []*condition
	group       *group // of the validations
	hasDynamic  bool
	rng         hcl2.Range
}

func (v *variable) address() string { return "var." + v.name }

func decodeVariable(block *hcl2.Block) (*variable, hcl2.Diagnostics) {
	c, diags := variableSchema.decode(block.Body)
	v := &variable{name: block.Labels[0], typ: cty.DynamicPseudoType, nullable: true, rng: block.DefRange}
	diags = append(diags, v.decodeType(c)...)
	diags = append(diags, c.literal("description", &v.description)...)
	diags = append(diags, c.literal("sensitive", &v.sensitive)...)
	diags = append(diags, c.literal("ephemeral", &v.ephemeral)...)
	diags = append(diags, c.literal("nullable", &v.nullable)...)
	diags = append(diags, v.decodeDefault(c)...)
	validations, more := decodeConditions(c.blocks["validation"])
	v.validations = validations
	v.group = &group{expressions: conditionExpressions(validations)}
	v.hasDynamic = c.hasDynamic
	return v, append(diags, more...)
}

// isRequired reports whether a value must be given.
func (v *variable) isRequired() bool { return v.fallback == cty.NilVal }

// unknown is a value of the variable's type that nobody knows.
func (v *variable) unknown() cty.Value { return cty.UnknownVal(v.typ.WithoutOptionalAttributesDeep()) }

func (v *variable) decodeType(c *content) hcl2.Diagnostics {
	attr, ok := c.attributes["type"]
	if !ok {
		return nil
	}
	if text, diags := attr.Expr.Value(nil); !diags.HasErrors() && text.Type() == cty.String && isNative(attr.Expr) {
		return hcl2.Diagnostics{problem("Invalid type", "A type is written without quotes, such as string or list(string).", attr.Expr.Range())}
	}
	typ, defaults, diags := typeexpr.TypeConstraintWithDefaults(attr.Expr)
	for _, d := range diags {
		d.Detail += didYouMean(hcl2.ExprAsKeyword(attr.Expr), typeNames)
	}
	if !diags.HasErrors() {
		v.typ, v.defaults = typ, defaults
	}
	return diags
}

var typeNames = []string{"any", "string", "number", "bool", "list(any)", "set(any)", "map(any)", "object({})", "tuple([])"}

func (v *variable) decodeDefault(c *content) hcl2.Diagnostics {
	attr, ok := c.attributes["default"]
	if !ok {
		return nil
	}
	v.fallback = v.unknown()
	if len(attr.Expr.Variables()) > 0 {
		return hcl2.Diagnostics{problem("Constant value needed",
			"The default of a variable cannot refer to other values. Leave it out, and use a local value that falls back to another with coalesce.",
			attr.Expr.Range())}
	}
	value, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		return diags
	}
	value, err := v.convert(value)
	if err != nil {
		return append(diags, problem("Invalid default", fmt.Sprintf("The default is not of the variable's type: %s.", describe(err)), attr.Expr.Range()))
	}
	if value.IsNull() && !v.nullable {
		return append(diags, problem("Invalid default", "The default is null, but nullable = false says that this variable is never null.", attr.Expr.Range()))
	}
	v.fallback = value
	return diags
}

// convert gives value the variable's type, with the defaults of optional attributes filled in.
func (v *variable) convert(value cty.Value) (cty.Value, error) {
	if v.defaults != nil {
		value = v.defaults.Apply(value)
	}
	return convert.Convert(value, v.typ)
}

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
