package hcl

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// expressionFile is the name that diagnostics have for the text of an expression that is in no file.
const expressionFile = "<console>"

// expressionName is no name that an author could choose for a local value.
const expressionName = "(expression)"

// loadExpression is [load] with a local value more in the root module, and with nothing that this does not need.
func loadExpression(path, text string, from *sources) (*configuration, hcl2.Diagnostics) {
	file := &hcl2.File{Bytes: []byte(text)}
	parsed, syntax := hclsyntax.ParseExpression([]byte(text), expressionFile, hcl2.InitialPos)
	if syntax.HasErrors() {
		return &configuration{files: map[string]*hcl2.File{expressionFile: file}}, syntax
	}
	c, diags := readFiles(path, from)
	c.files[expressionFile] = file
	if c.tree == nil {
		SortDiagnostics(diags)
		return c, diags
	}
	l := newLocal(expressionName, newExpression(parsed), parsed.Range())
	c.tree.declare(l.address(), l.rng, l, oneStage(l.group))
	diags = append(diags, c.connect()...)
	c.keepOnly(l.address(), "rivet", "ledger")
	SortDiagnostics(diags)
	return c, diags
}

// keepOnly drops all stages that some declarations of the root module do not need.
func (c *configuration) keepOnly(addresses ...string) {
	needed := map[*stage]bool{}
	var need func(s *stage)
	need = func(s *stage) {
		if needed[s] {
			return
		}
		needed[s] = true
		for _, n := range s.needs {
			need(n.stage)
		}
	}
	for _, address := range addresses {
		if d := c.tree.declarations[address]; d != nil {
			for _, s := range d.stages {
				need(s)
			}
		}
	}
	c.order = slices.DeleteFunc(c.order, func(s *stage) bool { return !needed[s] })
}

// loadedExpression returns the declaration of the expression that the configuration was loaded with, or nil.
func (c *configuration) loadedExpression() *declaration {
	return c.tree.declarations["local."+expressionName]
}
