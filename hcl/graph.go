package hcl

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// connect resolves every reference and orders the declarations. It reports references to nothing, and cycles.
func (c *configuration) connect() hcl2.Diagnostics {
	if c.tree == nil {
		return nil
	}
	all := c.tree.all()
	markWanted(all)
	var diags hcl2.Diagnostics
	for _, d := range all {
		diags = append(diags, d.connect()...)
	}
	order, more := sortDeclarations(all)
	for _, d := range order {
		c.order = append(c.order, d.stages...)
	}
	diags = append(diags, more...)
	return append(diags, c.tree.checkMoves()...)
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
	part        int // which of the declaration's stages it is
	groups      []*group
	outer       []*group // whose references are to the calling module
	inside      []*group // of dynamic blocks, which are checked when they are expanded
	dependsOn   []*reference
	needs       []need
	dependents  []*stage

	index map[*stage]int // where in needs a stage is
}

// need says that a stage comes after another one, and perhaps after actors were looked at.
type need struct {
	stage *stage
	after moment
}

// moment is how far a stage must be, that another one can go on.
type moment int

const (
	afterEvaluation moment = iota
	afterObserving         // and the server was asked about the actors
	afterReading           // and the actors were asked about themselves
)

// connect finds what the stages of a declaration need, and reports what is not there.
func (d *declaration) connect() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for i, s := range d.stages {
		if i > 0 {
			s.add(d.stages[i-1], afterEvaluation)
		}
		s.connectSelf()
		diags = append(diags, s.connectGroups(d.unit, s.groups)...)
		for _, g := range s.inside {
			s.referAll(d.unit, g)
		}
		if d.unit.call != nil {
			s.add(d.unit.call.stages[0], afterEvaluation)
			diags = append(diags, s.connectGroups(d.unit.call.unit, s.outer)...)
		}
		diags = append(diags, s.connectDependsOn(d.unit)...)
	}
	if c, ok := d.what.(*moduleCall); ok {
		diags = append(diags, checkArguments(c)...)
	}
	return diags
}

func (s *stage) connectGroups(u *unit, groups []*group) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, g := range groups {
		diags = append(diags, u.checkReferences(g)...)
		if g.offline != "" {
			diags = append(diags, u.checkOffline(g)...)
		}
		s.referAll(u, g)
	}
	return diags
}

func (s *stage) referAll(u *unit, g *group) {
	for _, e := range g.expressions {
		for _, r := range e.references {
			s.refer(u, r)
		}
	}
}

// connectSelf adds what a stage needs of the very actor that it belongs to.
func (s *stage) connectSelf() {
	a, ok := s.declaration.what.(*actor)
	if !ok {
		return
	}
	for _, g := range slices.Concat(s.groups, s.inside) {
		if g.mentions("self") || g.mentions("step") {
			s.add(s.declaration.stages[identityStage], afterObserving)
		}
		if g.readsLive() {
			s.add(s.declaration.stages[bodyStage], afterReading)
		}
	}
	if s == s.declaration.stages[len(s.declaration.stages)-1] && a.keepsOutput() {
		s.add(s.declaration.stages[identityStage], afterObserving) // to tell whose results the ledger remembers
	}
}

// connectDependsOn adds the references of depends_on, which are no expressions to be evaluated.
func (s *stage) connectDependsOn(u *unit) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, r := range s.dependsOn {
		if d := u.checkDependency(s.declaration, r); d != nil {
			diags = append(diags, d)
			continue
		}
		for _, d := range u.actorsIn(r) {
			s.add(d.stages[0], afterEvaluation)
		}
	}
	return diags
}

// refer adds what a reference needs. What is not declared has been reported.
func (s *stage) refer(u *unit, r *reference) {
	if r.root == "module" {
		s.referModule(u, r)
		return
	}
	d := u.declarations[r.address()]
	if d == nil || d == s.declaration {
		return
	}
	a, ok := d.what.(*actor)
	if !ok {
		s.add(d.stages[len(d.stages)-1], afterEvaluation)
		return
	}
	identity, body := d.stages[identityStage], d.stages[bodyStage]
	switch r.attribute() {
	case "key", "name":
		s.add(identity, afterEvaluation)
	case "input":
		s.add(body, afterEvaluation)
	case "read", "state":
		s.add(body, afterReading)
	case "step":
		s.add(d.stages[stepsStage], afterEvaluation)
	case "":
		s.add(identity, afterObserving)
		s.add(d.stages[len(d.stages)-1], afterEvaluation)
		if a.asksAnything() {
			s.add(body, afterReading)
		}
	default:
		s.add(identity, afterObserving)
		if a.kind == address.KindActor {
			s.add(body, afterEvaluation) // which decides whether another actor takes its place
		}
	}
}

func (s *stage) referModule(u *unit, r *reference) {
	child := u.children[r.address()]
	if child == nil {
		return
	}
	s.add(child.call.stages[0], afterEvaluation)
	for _, o := range child.config.outputs {
		if name := r.attribute(); name == "" || name == o.name {
			s.add(child.declarations[o.address()].stages[0], afterEvaluation)
		}
	}
}

func (s *stage) add(needed *stage, after moment) {
	if s.index == nil {
		s.index = map[*stage]int{}
	}
	if i, ok := s.index[needed]; ok {
		s.needs[i].after = max(s.needs[i].after, after)
		return
	}
	s.index[needed] = len(s.needs)
	s.needs = append(s.needs, need{needed, after})
	needed.dependents = append(needed.dependents, s)
}

func (d *declaration) expressions() []*expression {
	var all []*expression
	for _, s := range d.stages {
		for _, g := range slices.Concat(s.groups, s.outer, s.inside) {
			all = append(all, g.expressions...)
		}
	}
	return all
}
