package declare

import (
	"slices"

	"riveter/hcl/discreet"
	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// Scope is some expressions of one block that are evaluated together, with the same names in scope.
type Scope struct {
	Expressions []*expr.Expression
	repetition  *Repetition // around the expressions; it says whether each or count may be mentioned
	outer       *Repetition // around that one, for a step within a repeated actor
	live        liveness    // what may be asked of the actor itself
	step        *Step       // the step that the expressions are in, or nil
	actor       *Actor      // the actor or data block that the expressions are in, or nil
	offline     string      // the block whose expressions are evaluated before a server is asked, or empty
}

// offlineScope is one of the attributes of a block that is evaluated before a server is asked. Those that give access are secrets.
func offlineScope(block string, attributes map[string]*expr.Expression) *Scope {
	g := &Scope{offline: block}
	g.add(attributes)
	for name, ex := range attributes {
		ex.Secret = slices.Contains(discreet.Credentials, name)
	}
	return g
}

// liveness says how much of an actor there is when expressions inside its block are evaluated.
type liveness int

const (
	liveNothing liveness = iota // there may be no actor yet
	liveSelf                    // self, but nothing that must be read from the actor
	liveReads                   // self with its state, and reads
	liveSteps                   // the same, and the results of steps
	liveEvent                   // the same, and an event
)

// Mentions reports whether any of the expressions uses a name that stands for itself.
func (g *Scope) Mentions(root string) bool {
	for _, e := range g.Expressions {
		if e.Mentions(root) {
			return true
		}
	}
	return false
}

// MentionsWhole reports whether any of the expressions uses each or count other than by its members.
func (g *Scope) MentionsWhole() bool {
	return slices.ContainsFunc(g.Expressions, func(e *expr.Expression) bool { return e.Whole })
}

// StepKinds returns the kinds by which the expressions name results of steps, as in action.LABEL.output.
func (g *Scope) StepKinds() []address.StepKind {
	var kinds []address.StepKind
	for _, e := range g.Expressions {
		for _, r := range e.References {
			if r.Kind != "" && !slices.Contains(kinds, r.Kind) {
				kinds = append(kinds, r.Kind)
			}
		}
	}
	return kinds
}

// Results returns the steps whose results the expressions name. One may be there more than once.
func (g *Scope) Results() []*Step {
	known := g.knownSteps()
	var named []*Step
	for _, e := range g.Expressions {
		for _, r := range e.References {
			if r.Root != "step" {
				continue
			}
			if r.Attribute() == "" {
				return known
			}
			if s := g.actor.Step(r.Attribute()); s != nil && s.isAmong(known) {
				named = append(named, s)
			}
		}
	}
	return named
}

// knownSteps are the steps that are done before the expressions are evaluated.
func (g *Scope) knownSteps() []*Step {
	if g.step != nil {
		return g.step.Earlier
	}
	return g.actor.Steps
}

// IsStep reports whether the expressions are in a step.
func (g *Scope) IsStep() bool { return g.step != nil }

// readsLive reports whether any of the expressions names a read or the live state of the actor itself.
func (g *Scope) readsLive() bool { return g.Mentions("read") || g.readsState() }

func (g *Scope) readsState() bool {
	for _, e := range g.Expressions {
		for _, r := range e.References {
			if r.Root == "self" && r.Attribute() == "state" {
				return true
			}
		}
	}
	return false
}

// Reads returns the labels of the reads that the expressions name, sorted. An empty one stands for all.
func (g *Scope) Reads() []string {
	labels := map[string]bool{}
	for _, e := range g.Expressions {
		for _, r := range e.References {
			if r.Root == "read" {
				labels[r.Attribute()] = true
			}
		}
	}
	return syntax.SortedKeys(labels)
}

func (g *Scope) hasEach() bool {
	return g.repetition != nil && g.repetition.ForEach != nil || g.outer != nil && g.outer.ForEach != nil
}

func (g *Scope) hasCount() bool {
	return g.repetition != nil && g.repetition.Count != nil || g.outer != nil && g.outer.Count != nil
}

// add adds attributes, in the order of their names.
func (g *Scope) add(attributes map[string]*expr.Expression) {
	for _, name := range syntax.SortedKeys(attributes) {
		g.Expressions = append(g.Expressions, attributes[name])
	}
}

// The stages of an actor or data block.
const (
	IdentityStage = iota // which actors there are
	BodyStage            // how they are made and talked to, and what they are asked
	StepsStage           // what is done with them; data blocks have no such stage
)

func (a *Actor) stages() []*Stage {
	stages := []*Stage{
		{Scopes: []*Scope{a.ExpansionScope, a.IdentityScope}, dependsOn: a.DependsOn},
		{Scopes: []*Scope{a.BodyScope, a.ReadsScope, a.PreconditionsScope}},
	}
	if a.Kind == address.KindData {
		return stages
	}
	steps := &Stage{Scopes: []*Scope{a.PostconditionsScope}}
	for _, s := range a.Steps {
		steps.Scopes = append(steps.Scopes, s.scopes()...)
	}
	return append(stages, steps)
}

// The stages of a variable.
const (
	valueStage      = iota // an argument, in a called module
	ValidationStage        // which may refer to other values
)

func (v *Variable) stages(u *Tree) []*Stage {
	value := &Stage{}
	if a := u.Argument(v); a != nil {
		value.Outer = []*Scope{a.Scope}
	}
	if len(v.Validations) == 0 && !v.hasDynamic {
		return []*Stage{value}
	}
	return []*Stage{value, {Scopes: []*Scope{v.Scope}}}
}

func (c *ModuleCall) stage() *Stage {
	return &Stage{Scopes: []*Scope{c.Scope}, dependsOn: c.DependsOn}
}

// oneStage is that of a block whose expressions are evaluated all at once.
func oneStage(g *Scope) *Stage { return &Stage{Scopes: []*Scope{g}} }
