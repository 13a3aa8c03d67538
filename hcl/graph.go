package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
)

// graph is what is declared, with the order in which it can be evaluated.
type graph struct {
	root  *unit
	order []*stage // each after what it needs
}

// unit is one use of a module.
type unit struct {
	path         string // such as module.tenant; empty for the root
	config       *module
	declarations map[string]*declaration // by address within the module
	ordered      []*declaration          // in source order
}

// declaration is something that has an address and expressions.
type declaration struct {
	unit    *unit
	address string
	rng     hcl2.Range
	what    any
	stages  []*stage // one after the other
}

// stage is a part of a declaration that is evaluated at once, as soon as what it needs is there.
type stage struct {
	declaration *declaration
	groups      []*group
	evaluate    func(*Evaluation, *scope) hcl2.Diagnostics
	needs       []need
	dependents  []*stage
}

// need says that a stage comes after another, and perhaps after the server was asked about its actors.
type need struct {
	stage    *stage
	observed bool
}

// buildGraph resolves every reference and orders the declarations. It reports references to nothing, and cycles.
func buildGraph(root *module) (*graph, hcl2.Diagnostics) {
	g := &graph{root: newUnit("", root)}
	diags := g.root.connect()
	order, more := sortDeclarations(g.root.ordered)
	for _, d := range order {
		g.order = append(g.order, d.stages...)
	}
	return g, append(diags, more...)
}

func newUnit(path string, m *module) *unit {
	u := &unit{path: path, config: m, declarations: map[string]*declaration{}}
	for _, v := range m.variables {
		u.declare(v.address(), v.rng, v, variableStage(v))
	}
	for _, l := range m.locals {
		u.declare(l.address(), l.rng, l, localStage(l))
	}
	for _, a := range m.actors {
		u.declare(a.address(), a.rng, a, identityStage(a), contentStage(a))
	}
	for _, o := range m.outputs {
		u.declare(o.address(), o.rng, o, outputStage(o))
	}
	if m.rivet != nil {
		u.declare("rivet", m.rivet.rng, m.rivet, rivetStage(m.rivet))
	}
	if m.riveter != nil && m.riveter.ledger != nil {
		u.declare("ledger", m.riveter.ledger.rng, m.riveter.ledger, ledgerStage(m.riveter.ledger))
	}
	return u
}

func (u *unit) declare(address string, rng hcl2.Range, what any, stages ...*stage) {
	d := &declaration{unit: u, address: address, rng: rng, what: what, stages: stages}
	for _, s := range stages {
		s.declaration = d
	}
	u.declarations[address] = d
	u.ordered = append(u.ordered, d)
}

// connect finds what every stage needs.
func (u *unit) connect() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, d := range u.ordered {
		for i, s := range d.stages {
			if i > 0 {
				s.add(need{stage: d.stages[i-1], observed: s.isLive()})
			}
			diags = append(diags, s.connect()...)
		}
	}
	return diags
}

func (s *stage) connect() hcl2.Diagnostics {
	u := s.declaration.unit
	var diags hcl2.Diagnostics
	for _, g := range s.groups {
		diags = append(diags, u.checkReferences(g)...)
		if g.offline != "" {
			diags = append(diags, u.checkOffline(g)...)
		}
		for _, e := range g.expressions {
			for _, r := range e.references {
				s.refer(u.declarations[r.address()], r)
			}
		}
	}
	return append(diags, s.connectDependsOn()...)
}

// connectDependsOn adds the references of depends_on, which are no expressions to be evaluated.
func (s *stage) connectDependsOn() hcl2.Diagnostics {
	a, ok := s.declaration.what.(*actor)
	if !ok || s != s.declaration.stages[len(s.declaration.stages)-1] {
		return nil
	}
	u := s.declaration.unit
	var diags hcl2.Diagnostics
	for _, r := range a.dependsOn {
		if d := u.checkDependency(a, r); d != nil {
			diags = append(diags, d)
			continue
		}
		s.add(need{stage: u.declarations[r.address()].stages[0]})
	}
	return diags
}

// isLive reports whether the stage asks about the very actor that it belongs to.
func (s *stage) isLive() bool {
	for _, g := range s.groups {
		if g.mentions("self") || g.mentions("step") {
			return true
		}
	}
	return false
}

// refer adds what a reference to d needs. What is not declared has been reported.
func (s *stage) refer(d *declaration, r *reference) {
	if d == nil || d == s.declaration {
		return
	}
	if _, ok := d.what.(*actor); !ok {
		s.add(need{stage: d.stages[0]})
		return
	}
	identity, content := d.stages[0], d.stages[1]
	switch r.attribute() {
	case "key", "name":
		s.add(need{stage: identity})
	case "input":
		s.add(need{stage: content})
	case "":
		s.add(need{stage: content})
		s.add(need{stage: identity, observed: true})
	default:
		s.add(need{stage: identity, observed: true})
	}
}

func (s *stage) add(n need) {
	for i, known := range s.needs {
		if known.stage == n.stage {
			s.needs[i].observed = known.observed || n.observed
			return
		}
	}
	s.needs = append(s.needs, n)
	n.stage.dependents = append(n.stage.dependents, s)
}
