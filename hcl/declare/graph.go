package declare

import (
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// connect resolves every reference and orders the declarations. It reports references to nothing, and cycles.
func (c *Config) connect() hcl2.Diagnostics {
	if c.Tree == nil {
		return nil
	}
	all := c.Tree.All()
	markUsed(all)
	var diags hcl2.Diagnostics
	for _, d := range all {
		diags = append(diags, d.connect()...)
	}
	order, more := sortDeclarations(all)
	for _, d := range order {
		for _, s := range d.Stages {
			for _, n := range s.Needs {
				s.told = max(s.told, n.told())
			}
		}
		c.Order = append(c.Order, d.Stages...)
	}
	diags = append(diags, more...)
	return append(diags, c.Tree.checkMoves()...)
}

// Declaration is something that has an address and expressions.
type Declaration struct {
	Tree    *Tree
	Address string
	rng     hcl2.Range
	What    any
	Stages  []*Stage // one after the other

	needsItself bool // which is the shortest cycle
}

// Stage is a part of a declaration that is evaluated at once, as soon as what it needs is there.
type Stage struct {
	Declaration *Declaration
	Part        int // which of the declaration's stages it is
	Scopes      []*Scope
	Outer       []*Scope // whose references are to the calling module
	inside      []*Scope // of dynamic blocks
	dependsOn   []*expr.Reference
	Needs       []Need
	Dependents  []*Stage

	index map[*Stage]int // where in needs a stage is
	told  Moment         // after which nothing more comes of which it is made
}

// Need says that a stage comes after another one, and perhaps after actors were looked at.
type Need struct {
	Stage *Stage
	After Moment
}

// Moment is how far a stage must be, that another one can go on.
type Moment int

// The moments that a stage may have to wait for.
const (
	inTurn          Moment = iota // and takes nothing from it
	AfterEvaluation               // and may be made of what that came to
	afterObserving                // and the server was asked about the actors
	AfterReading                  // and the actors were asked about themselves
)

// IsTold reports whether the server or actors have a say in what the stage comes to, so that it may be something else without a change of the
// configuration.
func (s *Stage) IsTold() bool { return s.told > AfterEvaluation }

// IsRead reports whether actors do, asked about themselves.
func (s *Stage) IsRead() bool { return s.told >= AfterReading }

func (n Need) told() Moment {
	if n.After < AfterEvaluation {
		return n.After
	}
	return max(n.After, n.Stage.told)
}

// connect finds what the stages of a declaration need, and reports what is not there.
func (d *Declaration) connect() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for i, s := range d.Stages {
		if i > 0 {
			s.add(d.Stages[i-1], AfterEvaluation)
		}
		s.connectSelf()
		diags = append(diags, s.connectScopes(d.Tree, s.Scopes)...)
		for _, g := range s.inside {
			s.referAll(d.Tree, g)
		}
		if d.Tree.Call != nil {
			repetition := inTurn
			if len(s.Outer) > 0 { // which may name it
				repetition = AfterEvaluation
			}
			s.add(d.Tree.Call.Stages[0], repetition)
			diags = append(diags, s.connectScopes(d.Tree.Call.Tree, s.Outer)...)
		}
		diags = append(diags, s.connectDependsOn(d.Tree)...)
	}
	if dynamic := d.Tree.Module.Dynamic[d.Address]; dynamic != nil {
		diags = append(diags, syntax.Unsaid(dynamic.check(d.Tree), diags)...)
	}
	if c, ok := d.What.(*ModuleCall); ok {
		diags = append(diags, checkArguments(c)...)
	}
	return diags
}

func (s *Stage) connectScopes(u *Tree, scopes []*Scope) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, g := range scopes {
		diags = append(diags, u.checkReferences(g)...)
		if g.offline != "" {
			diags = append(diags, u.checkOffline(g)...)
		}
		s.referAll(u, g)
	}
	return diags
}

func (s *Stage) referAll(u *Tree, g *Scope) {
	for _, e := range g.Expressions {
		for _, r := range e.References {
			s.refer(u, r)
		}
	}
}

// connectSelf adds what a stage needs of the very actor that it belongs to.
func (s *Stage) connectSelf() {
	a, ok := s.Declaration.What.(*Actor)
	if !ok {
		return
	}
	for _, g := range slices.Concat(s.Scopes, s.inside) {
		if g.Mentions("self") || g.Mentions("step") || g.Mentions(expr.FirstApplied) {
			s.add(s.Declaration.Stages[IdentityStage], afterObserving)
		}
		if g.readsLive() {
			s.add(s.Declaration.Stages[BodyStage], AfterReading)
		}
	}
	if a.hasDynamic && s.Part == BodyStage {
		s.add(s.Declaration.Stages[IdentityStage], afterObserving) // as what is in dynamic blocks may call first_applied
	}
	if s == s.Declaration.Stages[len(s.Declaration.Stages)-1] && a.KeepsResults() {
		s.add(s.Declaration.Stages[IdentityStage], afterObserving) // to tell whose results the ledger remembers
	}
}

// connectDependsOn adds the references of depends_on, which are no expressions to be evaluated.
func (s *Stage) connectDependsOn(u *Tree) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, r := range s.dependsOn {
		if d := u.checkDependency(s.Declaration, r); d != nil {
			diags = append(diags, d)
			continue
		}
		if u.Children[r.Address()] != nil && u.Declarations[r.Address()] == s.Declaration {
			s.Declaration.needsItself = true
			continue
		}
		for _, d := range u.actorsIn(r) {
			s.add(d.Stages[0], inTurn)
		}
	}
	return diags
}

// refer adds what a reference needs. What is not declared has been reported.
func (s *Stage) refer(u *Tree, r *expr.Reference) {
	if r.Root == "module" {
		s.referModule(u, r)
		return
	}
	d := u.Declarations[r.Address()]
	if d == nil {
		return
	}
	a, ok := d.What.(*Actor)
	if _, isVariable := d.What.(*Variable); d == s.Declaration && (ok || isVariable) {
		return // which was reported, or is the validation of a variable
	}
	if !ok {
		s.add(d.Stages[len(d.Stages)-1], AfterEvaluation)
		return
	}
	identity, body := d.Stages[IdentityStage], d.Stages[BodyStage]
	switch r.Attribute() {
	case "key", "name":
		s.add(identity, AfterEvaluation)
	case "input":
		s.add(body, AfterEvaluation)
	case "read", "state":
		s.add(body, AfterReading)
	case "step":
		s.add(d.Stages[StepsStage], AfterEvaluation)
	case "":
		s.add(identity, afterObserving)
		s.add(d.Stages[len(d.Stages)-1], AfterEvaluation)
		if a.IsRead() {
			s.add(body, AfterReading)
		}
	default:
		s.add(identity, afterObserving)
		if a.Kind == address.KindActor {
			s.add(body, AfterEvaluation) // which decides whether another actor takes its place
		}
	}
}

func (s *Stage) referModule(u *Tree, r *expr.Reference) {
	child := u.Children[r.Address()]
	if child == nil {
		return
	}
	s.add(child.Call.Stages[0], AfterEvaluation)
	for _, o := range child.Module.Outputs {
		if name := r.Attribute(); name == "" || name == o.Name {
			s.add(child.Declarations[o.Address()].Stages[0], AfterEvaluation)
		}
	}
}

func (s *Stage) add(needed *Stage, after Moment) {
	if needed == s {
		_, isActor := s.Declaration.What.(*Actor) // whose references to itself have an error of their own
		s.Declaration.needsItself = s.Declaration.needsItself || !isActor
		return
	}
	if s.index == nil {
		s.index = map[*Stage]int{}
	}
	if i, ok := s.index[needed]; ok {
		s.Needs[i].After = max(s.Needs[i].After, after)
		return
	}
	s.index[needed] = len(s.Needs)
	s.Needs = append(s.Needs, Need{needed, after})
	needed.Dependents = append(needed.Dependents, s)
}

// Secretive returns the declarations whose values may be secrets or be made of any, and all that these need.
func (u *Tree) Secretive() map[*Declaration]bool {
	own := slices.DeleteFunc(slices.Clone(u.All()), func(d *Declaration) bool { return !d.isSecretive() })
	made := Reach(own, (*Declaration).Dependents)
	for _, d := range own {
		made[d] = true
	}
	needed := Reach(slices.Collect(maps.Keys(made)), (*Declaration).Neighbours)
	maps.Copy(needed, made)
	return needed
}

// isSecretive reports whether there may be a secret in what is declared, besides what it refers to.
func (d *Declaration) isSecretive() bool {
	isOne := false
	switch what := d.What.(type) {
	case *Variable:
		isOne = what.Sensitive || what.Ephemeral
	case *Output:
		isOne = what.Sensitive
	case *Actor:
		isOne = what.GivesParams()
	case *Rivet, *Ledger, *RunnerConfig: // which have credentials
		isOne = true
	}
	return isOne || slices.ContainsFunc(d.expressions(), func(e *expr.Expression) bool { return e.Marks || e.Secret || e.Opaque || len(e.Asks) > 0 })
}

func (d *Declaration) expressions() []*expr.Expression {
	var all []*expr.Expression
	for _, s := range d.Stages {
		for _, g := range slices.Concat(s.Scopes, s.Outer, s.inside) {
			all = append(all, g.Expressions...)
		}
	}
	return all
}
