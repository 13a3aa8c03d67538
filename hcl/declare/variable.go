package declare

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/value"
)

var variableSchema = &syntax.Schema{
	Doc: "A value that is given from outside.",
	Attributes: append([]syntax.Attribute{
		{Name: "type", Type: "type", Doc: "What values are accepted. Default: any, and what is given as text stays text."},
		{Name: "default", Type: "any", Doc: "The value where none is given. Without it, one must be."},
	}, attributes(variableParts)...),
	Blocks: []syntax.Nested{{Name: "validation", Schema: conditionSchema}},
}

var variableParts = []part[Variable]{
	constant("description", "string", "What the variable is for, for people.", func(v *Variable) *string { return &v.description }),
	constant("sensitive", "bool", "Whether the value is hidden wherever it goes.", func(v *Variable) *bool { return &v.Sensitive }),
	constant("ephemeral", "bool", "Whether the value is kept out of ledgers and saved plans.", func(v *Variable) *bool { return &v.Ephemeral }),
	constant("nullable", "bool", "Whether null is a value of its own. If false, null means the default. Default: true.",
		func(v *Variable) *bool { return &v.Nullable }),
}

// Variable is a decoded variable block.
type Variable struct {
	Name        string
	Type        cty.Type // with optional attributes
	typed       bool
	defaults    *typeexpr.Defaults
	Default     cty.Value // cty.NilVal when there is no default
	description string
	Sensitive   bool
	Ephemeral   bool
	Nullable    bool
	Validations []*Condition
	Scope       *Scope // of the validations
	hasDynamic  bool
	Range       hcl2.Range
}

// Address returns the address within the module.
func (v *Variable) Address() string { return "var." + v.Name }

func decodeVariable(block *hcl2.Block) (*Variable, hcl2.Diagnostics) {
	c, diags := variableSchema.Decode(block.Body)
	v := &Variable{Name: block.Labels[0], Type: cty.DynamicPseudoType, Nullable: true, Range: block.DefRange}
	diags = append(diags, checkVariableName(block)...)
	diags = append(diags, v.decodeType(c)...)
	diags = append(diags, keep(v, c, variableParts)...)
	diags = append(diags, v.decodeDefault(c)...)
	validations, more := decodeConditions(c.ByType["validation"])
	v.Validations = validations
	v.Scope = &Scope{Expressions: conditionExpressions(validations)}
	v.hasDynamic = c.HasDynamic
	return v, append(diags, more...)
}

// checkVariableName checks that a module block can give the variable a value.
func checkVariableName(block *hcl2.Block) hcl2.Diagnostics {
	name := block.Labels[0]
	if !slices.ContainsFunc(moduleCallSchema.Attributes, func(a syntax.Attribute) bool { return a.Name == name }) {
		return nil
	}
	return hcl2.Diagnostics{syntax.Problem("Invalid name", fmt.Sprintf(
		"%q cannot be the name of a variable, since in a module block it is an argument of another meaning.", name), block.LabelRanges[0])}
}

// IsText reports whether a value that is given as text is the text itself, rather than an expression.
func (v *Variable) IsText() bool { return !v.typed || v.Type == cty.String }

// IsRequired reports whether a value must be given.
func (v *Variable) IsRequired() bool { return v.Default == cty.NilVal }

// Defaults returns what is written as a default: the variable's own, and those of attributes in its type.
func (v *Variable) Defaults() []cty.Value {
	all := defaultsIn(v.defaults)
	if !v.IsRequired() {
		all = append(all, v.Default)
	}
	return all
}

func defaultsIn(d *typeexpr.Defaults) (all []cty.Value) {
	if d == nil {
		return nil
	}
	all = slices.Collect(maps.Values(d.DefaultValues))
	for _, child := range d.Children {
		all = append(all, defaultsIn(child)...)
	}
	return all
}

// Unknown is a value of the variable's type that nobody knows.
func (v *Variable) Unknown() cty.Value { return cty.UnknownVal(v.Type.WithoutOptionalAttributesDeep()) }

func (v *Variable) decodeType(c *syntax.Content) hcl2.Diagnostics {
	attr, ok := c.Attributes["type"]
	if !ok {
		return nil
	}
	if text, diags := attr.Expr.Value(nil); !diags.HasErrors() && text.Type() == cty.String && expr.IsNative(attr.Expr) {
		return hcl2.Diagnostics{syntax.Problem("Invalid type", "A type is written without quotes, such as string or list(string).", attr.Expr.Range())}
	}
	typ, defaults, diags := typeexpr.TypeConstraintWithDefaults(attr.Expr)
	for _, d := range diags {
		d.Detail += syntax.DidYouMean(hcl2.ExprAsKeyword(attr.Expr), typeNames)
	}
	if !diags.HasErrors() {
		v.Type, v.defaults, v.typed = typ, defaults, true
	}
	return diags
}

var typeNames = []string{"any", "string", "number", "bool", "list(any)", "set(any)", "map(any)", "object({})", "tuple([])"}

func (v *Variable) decodeDefault(c *syntax.Content) hcl2.Diagnostics {
	attr, ok := c.Attributes["default"]
	if !ok {
		return nil
	}
	v.Default = v.Unknown()
	if len(attr.Expr.Variables()) > 0 {
		return hcl2.Diagnostics{syntax.Problem("Constant value needed",
			"The default of a variable cannot refer to other values. Leave it out, and use a local value that falls back to another with coalesce.",
			attr.Expr.Range())}
	}
	value, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		return diags
	}
	value, err := v.Convert(value)
	if err != nil {
		return append(diags, syntax.Problem("Invalid default", fmt.Sprintf("The default is not of the variable's type: %s.", v.Mismatch(err)), attr.Expr.Range()))
	}
	if value.IsNull() && !v.Nullable {
		return append(diags, syntax.Problem("Invalid default", "The default is null, but nullable = false says that this variable is never null.", attr.Expr.Range()))
	}
	v.Default = value
	return diags
}

// Convert gives a value the variable's type, with the defaults of optional attributes filled in.
func (v *Variable) Convert(given cty.Value) (cty.Value, error) {
	if v.defaults != nil {
		given = v.defaults.Apply(given)
	}
	if err := value.CheckTexts(given, v.Type); err != nil {
		return cty.NilVal, err
	}
	converted, err := value.Convert(given, v.Type)
	if err == nil {
		err = value.CheckNumbers(converted)
	}
	return converted, err
}

// IsHidden reports whether the value is kept out of what is printed.
func (v *Variable) IsHidden() bool { return v.Sensitive || v.Ephemeral }

// unsaved returns the words of a value that are not to be saved: all where it is hidden, but for the names in it that the type says.
func (v *Variable) unsaved(of cty.Value) []string {
	if !v.IsHidden() {
		return nil
	}
	words := value.Secrets(of.Mark(value.Sensitive))
	if openType.MatchString(typeexpr.TypeString(v.Type)) {
		words = append(words, value.Names(of)...)
	}
	return words
}

// Mismatch words an error of [Variable.Convert], without a word of a value that is hidden.
func (v *Variable) Mismatch(err error) string {
	if v.IsHidden() && openType.MatchString(typeexpr.TypeString(v.Type)) {
		return "what is wrong is not shown, as the names in it may be secret"
	}
	return syntax.DescribeError(err)
}

// openType matches a type whose values have names that the type does not say.
var openType = regexp.MustCompile(`\b(map|any)\b`)

// localsSchema lists nothing: every attribute of a locals block is a name of the author's.
var localsSchema = &syntax.Schema{Doc: "Named expressions, referred to as local.NAME."}

// Local is one attribute of a locals block.
type Local struct {
	name  string
	Value *expr.Expression
	Scope *Scope
	rng   hcl2.Range
}

// Address returns the address within the module.
func (l *Local) Address() string { return "local." + l.name }

func newLocal(name string, value *expr.Expression, at hcl2.Range) *Local {
	return &Local{name: name, Value: value, Scope: &Scope{Expressions: []*expr.Expression{value}}, rng: at}
}

func (m *Module) decodeLocals(block *hcl2.Block) hcl2.Diagnostics {
	attributes, diags := block.Body.JustAttributes()
	for _, attr := range syntax.InSourceOrder(attributes) {
		l := newLocal(attr.Name, expr.New(attr.Expr), attr.NameRange)
		if d := m.declare(l.Address(), "local value", l.rng); d != nil {
			diags = append(diags, d)
			continue
		}
		m.locals = append(m.locals, l)
	}
	return diags
}
