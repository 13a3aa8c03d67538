package declare

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

var moduleCallSchema = &syntax.Schema{
	Doc: "A configuration in another directory, whose variables are given as further arguments.",
	Attributes: append([]syntax.Attribute{
		{Name: "source", Type: "string", Required: true, Doc: "Path of the directory, relative to this one, such as \"./tenant\"."},
	}, dependencyAttributes...),
	Open: true,
}

// ModuleCall is a decoded module block.
type ModuleCall struct {
	name       string
	source     string
	sourceAt   hcl2.Range
	Repetition *Repetition
	arguments  map[string]*Argument
	DependsOn  []*expr.Reference
	rng        hcl2.Range
	config     *Module // nil if it cannot be read

	Scope *Scope
}

// Argument is the value of a variable of the module that is called.
type Argument struct {
	Value *expr.Expression
	at    hcl2.Range
	Scope *Scope
}

// Address returns the address within the module.
func (c *ModuleCall) Address() string { return "module." + c.name }

func decodeModuleCall(block *hcl2.Block) (*ModuleCall, hcl2.Diagnostics) {
	c, diags := moduleCallSchema.Decode(block.Body)
	m := &ModuleCall{name: block.Labels[0], rng: block.DefRange, sourceAt: c.MissingRange, arguments: map[string]*Argument{}}
	diags = append(diags, m.decodeSource(c)...)
	var more hcl2.Diagnostics
	m.Repetition, more = decodeRepetition(c)
	diags = append(diags, more...)
	m.DependsOn, more = expr.DependsOn(c)
	diags = append(diags, more...)
	m.Scope = &Scope{Expressions: m.Repetition.expressions()}
	for _, attr := range syntax.InSourceOrder(c.Others) {
		value := expr.New(attr.Expr)
		m.arguments[attr.Name] = &Argument{value, attr.NameRange, &Scope{Expressions: []*expr.Expression{value}, repetition: m.Repetition}}
	}
	return m, diags
}

func (m *ModuleCall) decodeSource(c *syntax.Content) hcl2.Diagnostics {
	diags := c.Constant("source", &m.source)
	if attr := c.Attributes["source"]; attr != nil {
		m.sourceAt = attr.Expr.Range()
	}
	if m.source != "" && !strings.HasPrefix(m.source, "./") && !strings.HasPrefix(m.source, "../") {
		diags = append(diags, syntax.Problem("Invalid module source", fmt.Sprintf(
			"The source of a module is a local path that starts with ./ or ../, such as \"./%s\". Nothing is downloaded.",
			strings.TrimSuffix(path.Base(filepath.ToSlash(m.source)), ".git")), m.sourceAt))
		m.source = ""
	}
	return diags
}

// Load reads the module that is called. within holds the directories of the modules around it, the calling one last.
func (l *loader) load(m *ModuleCall, within []string) hcl2.Diagnostics {
	if m.source == "" {
		return nil
	}
	dir := filepath.Join(within[len(within)-1], filepath.FromSlash(m.source))
	for i, outer := range within {
		if outer == dir {
			return hcl2.Diagnostics{syntax.Problem("Cycle", fmt.Sprintf(
				"A module cannot contain itself: %s, which calls %s.", strings.Join(within[i:], ", which calls "), dir), m.sourceAt)}
		}
	}
	names, err := l.from.Configurations(dir)
	if err != nil || len(names) == 0 {
		return hcl2.Diagnostics{syntax.Problem("Cannot read module", fmt.Sprintf(
			"There is no directory %q, or it has no file whose name ends in %s or %s.", dir, syntax.NativeSuffix, syntax.JSONSuffix), m.sourceAt)}
	}
	var diags hcl2.Diagnostics
	m.config, diags = l.module(dir, names, within)
	return diags
}
