package hcl

import (
	"fmt"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Given is one value, or one file of values, that was given on the command line.
type Given struct {
	Assignment string // NAME=VALUE, of -var
	File       string // of -var-file; used if Assignment is empty
}

// VariableSources are where values of variables come from, besides the files that are loaded without being asked.
type VariableSources struct {
	// Env answers for RIVETER_VAR_name. It may be nil.
	Env func(name string) (string, bool)
	// Given are the flags in the order in which they were given. The last value of a variable wins.
	Given []Given
	// AllowMissing leaves variables without a value unknown, to validate a configuration without them.
	AllowMissing bool
}

// Values are the values of the root module's variables.
type Values struct {
	values  map[*variable]cty.Value
	lenient bool // some are missing on purpose, so that what depends on them is unknown
}

func (v *Values) value(of *variable) cty.Value {
	if value, ok := v.values[of]; ok {
		return value
	}
	return of.unknown()
}

// findValues finds the value of every variable of the root module.
func findValues(c *configuration, from VariableSources) (*Values, hcl2.Diagnostics) {
	g := &gathering{config: c, declared: map[string]*variable{}, found: map[string]*givenValue{}}
	for _, v := range c.root.variables {
		g.declared[v.name] = v
	}
	g.environment(from.Env)
	g.automaticFiles()
	for _, given := range from.Given {
		if given.Assignment != "" {
			g.assignment(given.Assignment)
			continue
		}
		g.file(given.File, true)
	}
	values := g.finish(from.AllowMissing)
	SortDiagnostics(g.diags)
	return values, g.diags
}

// gathering collects values of variables, the later ones over the earlier.
type gathering struct {
	config   *configuration
	declared map[string]*variable
	found    map[string]*givenValue
	diags    hcl2.Diagnostics
}

// givenValue is a value with where it comes from.
type givenValue struct {
	value  cty.Value
	source string // in words
	rng    hcl2.Range
}

func (g *gathering) environment(env func(string) (string, bool)) {
	if env == nil {
		return
	}
	for _, v := range g.config.root.variables {
		name := "RIVETER_VAR_" + v.name
		if text, ok := env(name); ok {
			g.text(v, text, "the environment variable "+name, name)
		}
	}
}

func (g *gathering) automaticFiles() {
	for _, path := range g.config.from.automaticValues(g.config.Dir()) {
		g.file(path, false)
	}
}

func (g *gathering) assignment(text string) {
	name, value, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if !ok || name == "" {
		g.fail("Invalid -var option", "An option -var is written -var 'NAME=VALUE'.", nil)
		return
	}
	v, ok := g.declared[name]
	if !ok {
		g.fail("Value for undeclared variable", fmt.Sprintf("A value for %q was given with -var, but no such variable is declared.%s",
			name, didYouMean(name, sortedKeys(g.declared))), nil)
		return
	}
	g.text(v, value, fmt.Sprintf("-var \"%s=...\"", name), fmt.Sprintf("-var %s", name))
}

// text takes a value that was given as text: as it is for variables of a simple type, as an expression for others.
func (g *gathering) text(v *variable, text, source, file string) {
	if v.typ == cty.DynamicPseudoType || v.typ.IsPrimitiveType() {
		g.found[v.name] = &givenValue{value: cty.StringVal(text), source: source, rng: v.rng}
		return
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), file, hcl2.InitialPos)
	var value cty.Value
	if !diags.HasErrors() {
		value, diags = expr.Value(nil)
	}
	if diags.HasErrors() {
		detail := fmt.Sprintf("The value of var.%s from %s is not a literal value.", v.name, source)
		if !v.sensitive {
			detail += " " + diags[0].Detail
		}
		g.fail("Invalid value for variable", detail, &v.rng)
		value = v.unknown()
	}
	g.found[v.name] = &givenValue{value: value, source: source, rng: v.rng}
}

// file takes the values of a file. That it has some for variables that are not declared is only worth a warning, as one
// file may serve several configurations.
func (g *gathering) file(path string, asked bool) {
	source, err := g.config.from.ReadFile(path)
	if err != nil {
		g.fail("Cannot read values of variables", fmt.Sprintf("%q cannot be read: %s.", path, cause(err)), nil)
		return
	}
	file, diags := parseSource(source, path)
	g.config.addFile(path, file)
	g.diags = append(g.diags, diags...)
	attributes, diags := file.Body.JustAttributes()
	g.diags = append(g.diags, diags...)
	for _, attr := range inSourceOrder(attributes) {
		g.attribute(attr, asked)
	}
}

func (g *gathering) attribute(attr *hcl2.Attribute, asked bool) {
	v, ok := g.declared[attr.Name]
	if !ok {
		if asked {
			g.diags = append(g.diags, warning("Value for undeclared variable", fmt.Sprintf(
				"No variable %q is declared, so this value is not used.%s", attr.Name, didYouMean(attr.Name, sortedKeys(g.declared))), attr.NameRange))
		}
		return
	}
	value, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		g.diags = append(g.diags, problem("Invalid value for variable",
			"A value in this file must be a literal one: it cannot refer to anything or call functions.", attr.Expr.Range()))
		value = v.unknown()
	}
	g.found[v.name] = &givenValue{value: value, source: place(attr.Range), rng: attr.Expr.Range()}
}

// finish gives every variable a value of its type.
func (g *gathering) finish(allowMissing bool) *Values {
	values := &Values{values: map[*variable]cty.Value{}}
	for _, v := range g.config.root.variables {
		given := g.found[v.name]
		switch {
		case given != nil && (v.nullable || !given.value.IsNull()):
			values.values[v] = g.convert(v, given)
		case v.fallback != cty.NilVal:
			values.values[v] = v.fallback
		case allowMissing:
			values.lenient = true
		case given != nil:
			g.fail("Invalid value for variable", fmt.Sprintf("var.%s is null, from %s, but nullable = false says that it never is.", v.name, given.source), &v.rng)
		default:
			g.fail("No value for variable", fmt.Sprintf(
				"var.%s has no default, so it must be given a value: with -var '%s=...', in a file such as riveter%s, or in the environment variable RIVETER_VAR_%s.",
				v.name, v.name, variablesSuffix, v.name), &v.rng)
		}
	}
	values.lenient = values.lenient || len(values.values) < len(g.config.root.variables)
	return values
}

// convert gives a value the variable's type. The place of a sensitive one is that of the declaration, as a snippet would
// show it.
func (g *gathering) convert(v *variable, given *givenValue) cty.Value {
	value, err := v.convert(given.value)
	if err == nil {
		return value
	}
	at := given.rng
	if v.sensitive {
		at = v.rng
	}
	g.fail("Invalid value for variable", fmt.Sprintf("The value of var.%s from %s is not of its type: %s.", v.name, given.source, describe(err)), &at)
	return v.unknown()
}

func (g *gathering) fail(summary, detail string, at *hcl2.Range) {
	g.diags = append(g.diags, &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: summary, Detail: detail, Subject: at})
}
