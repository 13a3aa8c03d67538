package hcl

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// questionFile is the name that diagnostics have for the text of a question.
const questionFile = "<console>"

// questionName is no name that an author could choose for a local value.
const questionName = "(question)"

// LoadQuestion is [Load] with an expression to be evaluated in the root module. Of the configuration, only what the
// expression needs is evaluated and observed; [Evaluation.Answer] returns its value.
func LoadQuestion(path, expression string) (*Config, hcl2.Diagnostics) {
	value, syntax := hclsyntax.ParseExpression([]byte(expression), questionFile, hcl2.InitialPos)
	if syntax.HasErrors() {
		return &Config{files: map[string]*hcl2.File{questionFile: {Bytes: []byte(expression)}}}, syntax
	}
	question := newLocal(questionName, newExpression(value), value.Range())
	cfg, diags := loadFrom(path, diskSources(), question)
	cfg.files[questionFile] = &hcl2.File{Bytes: []byte(expression)}
	if cfg.graph != nil {
		cfg.graph.keepOnly(question.address(), "rivet", "ledger")
	}
	return cfg, diags
}

// keepOnly drops all stages that some declarations of the root module do not need.
func (g *graph) keepOnly(addresses ...string) {
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
		if d := g.root.declarations[address]; d != nil {
			for _, s := range d.stages {
				need(s)
			}
		}
	}
	g.order = slices.DeleteFunc(g.order, func(s *stage) bool { return !needed[s] })
}

// Answer returns the value of the question, and whether it has been evaluated: that may need an Observe before.
func (e *Evaluation) Answer() (cty.Value, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	root := e.config.graph.root
	d := root.declarations["local."+questionName]
	if d == nil || !e.done[d.stages[0]] {
		return cty.DynamicVal, false
	}
	return e.scopes[root][0].binding(d.address).value, true
}
