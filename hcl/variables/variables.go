// Package variables finds the values of a configuration's variables: in the environment, in files and on the command line,
// the later ones over the earlier.
package variables

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/discreet"
	"riveter/hcl/syntax"
)

// Given is one value that was given on the command line, or values in a file, or as JSON.
type Given struct {
	Assignment string // NAME=VALUE, of -var
	File       string // of -var-file; used if Assignment is empty
	JSON       []byte // an object with a value for each name, of -var-stdin; nil for none
}

// Sources are where values of variables come from, besides the files that are loaded without being asked.
type Sources struct {
	// Env answers for RIVETER_VAR_name. It may be nil.
	Env func(name string) (string, bool)
	// Given are the flags in the order in which they were given. The last value of a variable wins.
	Given []Given
	// AllowMissing leaves variables without a value unknown, to validate a configuration without them.
	AllowMissing bool
}

// Values are the values of the root module's variables.
type Values struct {
	values  map[*declare.Variable]cty.Value
	Lenient bool // some are missing, on purpose or because of an error, so that what depends on them is unknown
}

// Value returns the value of a variable, unknown where none was found.
func (v *Values) Value(of *declare.Variable) cty.Value {
	if value, ok := v.values[of]; ok {
		return value
	}
	return of.Unknown()
}

// Find finds the value of every variable of the root module.
func Find(c *declare.Config, from Sources) (*Values, hcl2.Diagnostics) {
	g := &gathering{config: c, declared: map[string]*declare.Variable{}, found: map[string]*givenValue{}}
	for _, v := range c.Root.Variables {
		g.declared[v.Name] = v
	}
	g.environment(from.Env)
	g.automaticFiles()
	for _, given := range from.Given {
		switch {
		case given.JSON != nil:
			g.members(given.JSON)
		case given.Assignment != "":
			g.assignment(given.Assignment)
		case given.File != "":
			g.file(given.File)
		default:
			g.fail("Empty option", "An option -var is written -var 'NAME=VALUE', and -var-file names a file. One of them is empty, as where a variable of the shell is not set.", nil)
		}
	}
	values := g.finish(from.AllowMissing || g.unread)
	syntax.SortDiagnostics(g.diags)
	return values, g.diags
}

// gathering collects values of variables, the later ones over the earlier.
type gathering struct {
	config   *declare.Config
	declared map[string]*declare.Variable
	found    map[string]*givenValue
	unread   bool // a file was not read, or not understood, and nobody knows which values it has
	diags    hcl2.Diagnostics

	suggestions syntax.Suggestions
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
	for _, v := range g.config.Root.Variables {
		name := "RIVETER_VAR_" + v.Name
		if text, ok := env(name); ok {
			g.text(v, text, "the environment variable "+name, name)
		}
	}
}

func (g *gathering) automaticFiles() {
	for _, path := range g.config.From.AutomaticValues(g.config.Dir()) {
		g.file(path)
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
			name, g.suggest(name)), nil)
		return
	}
	g.text(v, value, fmt.Sprintf("-var \"%s=...\"", name), fmt.Sprintf("-var %s", name))
}

// members takes the values of a JSON object, which are what they are: no text is an expression.
func (g *gathering) members(object []byte) {
	var members []syntax.JSONMember
	isObject := json.Valid(object) && utf8.Valid(object) // what is wrong with it may quote a secret
	if isObject {
		members, isObject = syntax.JSONMembers(object)
	}
	if !isObject {
		g.fail("Invalid values of variables", "The first line of standard input is no JSON object with a value for each variable.", nil)
		return
	}
	for _, member := range members {
		g.member(member.Name, member.Value)
	}
}

func (g *gathering) member(name string, value hcl2.Expression) {
	v, ok := g.declared[name]
	const source = "standard input"
	switch earlier := g.found[name]; {
	case !ok:
		g.fail("Value for undeclared variable", fmt.Sprintf("A value for %q was given, but no such variable is declared.%s", name, g.suggest(name)), nil)
		return
	case earlier != nil && earlier.source == source:
		g.fail("Duplicate value for variable", fmt.Sprintf("The JSON object on standard input has %q twice. A name may be in it once.", name), nil)
		return
	}
	said, diags := value.Value(nil)
	if diags.HasErrors() {
		detail := fmt.Sprintf("The value of var.%s from %s has an object in which a name is twice.", name, source)
		if !v.IsHidden() {
			detail += " " + diags[0].Detail
		}
		g.fail("Invalid value for variable", detail, &v.Range)
		said = cty.NilVal
	}
	g.found[name] = &givenValue{value: said, source: source, rng: v.Range}
}

// text takes a value that was given as text: as it is for variables that are text, as an expression for others.
func (g *gathering) text(v *declare.Variable, text, source, file string) {
	value, diags := parseText(v, text, file)
	if diags.HasErrors() {
		detail := fmt.Sprintf("The value of var.%s from %s is not a literal value.", v.Name, source)
		if !v.IsHidden() {
			detail += " " + diags[0].Detail
		}
		g.fail("Invalid value for variable", detail, &v.Range)
		value = cty.NilVal
	}
	g.found[v.Name] = &givenValue{value: value, source: source, rng: v.Range}
}

// parseText returns the value that a text stands for. Of a simple type, one that is no expression is taken as it is.
func parseText(v *declare.Variable, text, file string) (cty.Value, hcl2.Diagnostics) {
	if v.IsText() {
		return cty.StringVal(text), nil
	}
	expr, diags := syntax.ParseExpression([]byte(text), file)
	var value cty.Value
	if !diags.HasErrors() {
		value, diags = expr.Value(nil)
	}
	if diags.HasErrors() && v.Type.IsPrimitiveType() {
		return cty.StringVal(text), nil
	}
	return value, diags
}

// file takes the values of a file. That it has some for variables that are not declared is only worth a warning, as one
// file may serve several configurations.
func (g *gathering) file(path string) {
	source, err := g.config.From.ReadFile(path)
	if err != nil {
		g.fail("Cannot read values of variables", fmt.Sprintf("%q cannot be read: %s.", path, syntax.Cause(err)), nil)
		g.unread = true
		return
	}
	file, diags := syntax.Parse(source, path)
	attributes, more := file.Body.JustAttributes()
	diags = append(diags, more...)
	if g.hasSecrets() {
		discreet.HideWhole(file)
		g.hideQuoted(diags)
	}
	g.config.AddFile(path, file)
	g.diags = append(g.diags, diags...)
	g.unread = g.unread || diags.HasErrors()
	for _, attr := range syntax.InSourceOrder(attributes) {
		g.attribute(attr)
	}
}

// hasSecrets reports whether a file of values may have any that are not to be shown: wherever something is wrong with it, nobody can
// tell which they are.
func (g *gathering) hasSecrets() bool {
	return slices.ContainsFunc(g.config.Root.Variables, (*declare.Variable).IsHidden)
}

// hideQuoted takes out of what a parser says the words of the file, but for names of variables.
func (g *gathering) hideQuoted(diags hcl2.Diagnostics) {
	hide := func(word string) string {
		if _, ok := g.declared[strings.Trim(word, `"`)]; ok {
			return word
		}
		return "(sensitive)"
	}
	for _, d := range diags {
		d.Summary, d.Detail = quoted.ReplaceAllStringFunc(d.Summary, hide), quoted.ReplaceAllStringFunc(d.Detail, hide)
	}
}

var quoted = regexp.MustCompile(`"(\\.|[^"\\])*"`)

// suggest proposes the variable that may be meant by a name.
func (g *gathering) suggest(name string) string {
	if !g.suggestions.More() {
		return ""
	}
	return syntax.DidYouMean(name, syntax.SortedKeys(g.declared))
}

func (g *gathering) attribute(attr *hcl2.Attribute) {
	v, ok := g.declared[attr.Name]
	if !ok {
		g.diags = append(g.diags, syntax.Warning("Value for undeclared variable", fmt.Sprintf(
			"No variable %q is declared, so this value is not used.%s", attr.Name, g.suggest(attr.Name)), attr.NameRange))
		return
	}
	value, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		g.diags = append(g.diags, syntax.Problem("Invalid value for variable",
			"A value in this file must be a literal one: it cannot refer to anything or call functions.", attr.Expr.Range()))
		value = cty.NilVal
	} else {
		g.config.AddGiven(attr.Range.Filename, v, value)
	}
	g.found[v.Name] = &givenValue{value: value, source: syntax.Place(attr.Range), rng: attr.Expr.Range()}
}

// finish gives every variable a value of its type.
func (g *gathering) finish(allowMissing bool) *Values {
	values := &Values{values: map[*declare.Variable]cty.Value{}}
	for _, v := range g.config.Root.Variables {
		given := g.found[v.Name]
		switch {
		case given != nil && given.value == cty.NilVal: // which was reported
		case given != nil && (v.Nullable || !given.value.IsNull()):
			g.convert(v, given, values.values)
		case v.Default != cty.NilVal:
			values.values[v] = v.Default
		case allowMissing || g.config.Spares(v):
			values.Lenient = true
		case given != nil:
			g.fail("Invalid value for variable", fmt.Sprintf("var.%s is null, from %s, but nullable = false says that it never is.", v.Name, given.source), &v.Range)
		default:
			g.fail("No value for variable", fmt.Sprintf(
				"var.%s has no default, so it must be given a value: with -var '%s=...', in a file such as riveter%s, or in the environment variable RIVETER_VAR_%s.",
				v.Name, v.Name, syntax.VariablesSuffix, v.Name), &v.Range)
		}
	}
	values.Lenient = values.Lenient || len(values.values) < len(g.config.Root.Variables)
	return values
}

// convert gives a value the variable's type, and puts it into the others. The place of a hidden one is that of the declaration, as a snippet would
// show it.
func (g *gathering) convert(v *declare.Variable, given *givenValue, into map[*declare.Variable]cty.Value) {
	value, err := v.Convert(given.value)
	if err == nil {
		into[v] = value
		return
	}
	at := given.rng
	if v.IsHidden() {
		at = v.Range
	}
	g.fail("Invalid value for variable", fmt.Sprintf("The value of var.%s from %s is not of its type: %s.", v.Name, given.source, v.Mismatch(err)), &at)
}

func (g *gathering) fail(summary, detail string, at *hcl2.Range) {
	g.diags = append(g.diags, &hcl2.Diagnostic{Severity: hcl2.DiagError, Summary: summary, Detail: detail, Subject: at})
}
