package declare

import (
	"maps"
	"slices"

	"riveter/hcl/expr"
	"riveter/plan/address"
)

// Used says which reads, results of steps and live states of an actor some expression names, since only those are
// looked at or kept, and whether any names what it is created with.
type Used struct {
	State bool
	Input bool
	names map[string]bool // such as read.info and step.welcome; read. and step. for all of them
	// members is nil unless the whole actor is handed on somewhere, as to a for expression. What is selected from it
	// later cannot be told from other selections, so any selection in the configuration that has the right name counts;
	// with everything set they cannot even be seen.
	members    map[string]bool
	everything bool
	Shared     bool // something outside of the block names what is read
}

// Read and result report it of a read and of the result of a step, which may be named together with all others.
func (w *Used) Read(label string) bool   { return w.has("read."+label) || w.has("read.") }
func (w *Used) result(label string) bool { return w.has("step."+label) || w.has("step.") }

func (w *Used) has(name string) bool { return w.names[name] || w.members[name] || w.everything }

func (w *Used) clone() *Used {
	c := *w
	c.names = maps.Clone(w.names)
	return &c
}

// markUsed finds out what is wanted of every actor and data block.
func markUsed(all []*Declaration) {
	members := map[string]bool{}
	for _, d := range all {
		for _, e := range d.expressions() {
			for _, m := range e.Members {
				members[m] = true
			}
		}
	}
	for _, d := range all {
		if a, ok := d.What.(*Actor); ok {
			a.markOwn()
		}
		for _, s := range d.Stages {
			d.Tree.markScopes(slices.Concat(s.Scopes, s.inside), members)
			if len(s.Outer) > 0 {
				d.Tree.Call.Tree.markScopes(s.Outer, members)
			}
		}
	}
}

// markScopes notes what expressions name that are written in this module.
func (u *Tree) markScopes(scopes []*Scope, members map[string]bool) {
	for _, g := range scopes {
		for _, e := range g.Expressions {
			for _, r := range e.References {
				if a := u.actorOf(r); a != nil {
					a.markReference(r, e, members)
				}
			}
		}
	}
}

// actorOf returns the actor or data block that a reference means, or nil.
func (u *Tree) actorOf(r *expr.Reference) *Actor {
	d := u.Declarations[r.Address()]
	if d == nil {
		return nil
	}
	a, _ := d.What.(*Actor)
	return a
}

// markOwn notes what the expressions inside the block name.
func (a *Actor) markOwn() {
	for _, g := range a.Scopes() {
		a.Used.State = a.Used.State || g.readsState()
		for _, e := range g.Expressions {
			for _, r := range e.References {
				if r.Root == "read" || r.Root == "step" {
					a.Used.names[r.Root+"."+r.Attribute()] = true
				}
				a.Used.Input = a.Used.Input || r.Root == "self" && (r.Attribute() == "input" || r.Attribute() == "")
			}
		}
	}
}

// markReference notes what an expression elsewhere names.
func (a *Actor) markReference(r *expr.Reference, e *expr.Expression, members map[string]bool) {
	switch name := r.Attribute(); name {
	case "read", "step":
		a.Used.names[name+"."+r.RestName(1)] = true
		a.Used.Shared = a.Used.Shared || name == "read"
	case "state":
		a.Used.State = a.Kind == address.KindData
	case "input":
		a.Used.Input = true
	case "":
		a.Used.Input = true
		a.Used.members, a.Used.everything = members, a.Used.everything || e.Opaque
		a.Used.Shared = true
		a.Used.State = a.Used.State || a.Kind == address.KindData && a.Used.has("state")
	}
}

// IsRead reports whether some expression names a read or the live state.
func (a *Actor) IsRead() bool {
	if a.Used.State || a.hasDynamic {
		return true
	}
	for _, r := range a.Reads {
		if a.Used.Read(r.Label) {
			return true
		}
	}
	return false
}

// KeepsResults reports whether some expression may refer to the result of any step.
func (a *Actor) KeepsResults() bool {
	if slices.ContainsFunc(a.Steps, a.KeepsResult) {
		return true
	}
	return a.hasDynamic
}

// KeepsResult reports whether some expression refers to the result of a step.
func (a *Actor) KeepsResult(s *Step) bool { return s.HasResult() && a.Used.result(s.Label) }
