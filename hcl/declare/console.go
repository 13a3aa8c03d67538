package declare

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

// expressionFile is the name that diagnostics have for the text of an expression that is in no file.
const expressionFile = "<console>"

// expressionName is no name that an author could choose for a local value.
const expressionName = "(expression)"

// LoadExpression is [Load] with a local value more in the root module, and with nothing that this does not need.
func LoadExpression(path, text string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	file := &hcl2.File{Bytes: []byte(text)}
	parsed, faults := syntax.ParseExpression([]byte(text), expressionFile)
	if faults.HasErrors() {
		return &Config{From: from, files: map[string]*hcl2.File{expressionFile: file}}, faults
	}
	c, diags := readFiles(path, from)
	c.files[expressionFile] = file
	if c.Tree == nil {
		syntax.SortDiagnostics(diags)
		return c, diags
	}
	l := newLocal(expressionName, expr.New(parsed), parsed.Range())
	c.Tree.declare(l.Address(), l.rng, l, oneStage(l.Scope))
	diags = append(diags, c.connect()...)
	c.keepOnly(l.Address(), "rivet", "ledger")
	syntax.SortDiagnostics(diags)
	return c, diags
}

// LoadOutputs is [Load] with nothing that the outputs of the root module do not need.
func LoadOutputs(path string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	c, diags := Load(path, from)
	if c.Tree == nil {
		return c, diags
	}
	needed := []string{"rivet", "ledger"}
	for _, o := range c.Tree.Module.Outputs {
		needed = append(needed, o.Address())
	}
	c.keepOnly(needed...)
	return c, diags
}

// LoadSettings is [Load] with nothing that the riveter and rivet blocks do not need, and without what is wrong with the rest.
func LoadSettings(path string, from *syntax.Sources) (*Config, hcl2.Diagnostics) {
	c, diags := Load(path, from)
	if c.Tree == nil {
		return c, diags
	}
	c.keepOnly("rivet", "ledger")
	c.spares = true
	return c, slices.DeleteFunc(diags, func(diag *hcl2.Diagnostic) bool { return diag.Subject != nil && c.isOfTheRest(*diag.Subject) })
}

// isOfTheRest reports whether a place is in a block that no settings can refer to.
func (c *Config) isOfTheRest(place hcl2.Range) bool {
	file := c.files[place.Filename]
	if file == nil {
		return false
	}
	block := file.OutermostBlockAtPos(place.Start)
	return block != nil && !slices.Contains([]string{"riveter", "rivet", "variable", "locals"}, block.Type)
}

// Spares reports whether nothing that is evaluated needs a variable, as only the settings are wanted.
func (c *Config) Spares(v *Variable) bool {
	isOf := func(s *Stage) bool { return s.Declaration.What == v }
	return c.spares && !slices.ContainsFunc(c.Order, isOf)
}

// keepOnly drops all stages that some declarations of the root module do not need.
func (c *Config) keepOnly(addresses ...string) {
	needed := map[*Stage]bool{}
	var need func(s *Stage)
	need = func(s *Stage) {
		if needed[s] {
			return
		}
		needed[s] = true
		for _, n := range s.Needs {
			need(n.Stage)
		}
	}
	for _, address := range addresses {
		if d := c.Tree.Declarations[address]; d != nil {
			for _, s := range d.Stages {
				need(s)
			}
		}
	}
	c.Order = slices.DeleteFunc(c.Order, func(s *Stage) bool { return !needed[s] })
}

// Expression returns the declaration of the expression that the configuration was loaded with, or nil.
func (c *Config) Expression() *Declaration {
	return c.Tree.Declarations["local."+expressionName]
}
