package hcl

import (
	"maps"
	"slices"

	"riveter/plan/address"
)

// wanted says which reads, results of steps and live states of an actor some expression names, since only those are
// looked at or kept.
type wanted struct {
	state bool
	names map[string]bool // such as read.info and step.welcome
	// members is nil unless the whole actor is handed on somewhere, as to a for expression. What is selected from it
	// later cannot be told from other selections, so any selection in the configuration that has the right name counts;
	// with everything set they cannot even be seen.
	members    map[string]bool
	everything bool
	shared     bool // something outside of the block names what is read
}

func (w *wanted) read(label string) bool   { return w.has("read." + label) }
func (w *wanted) result(label string) bool { return w.has("step." + label) }

func (w *wanted) has(name string) bool { return w.names[name] || w.members[name] || w.everything }

func (w *wanted) clone() *wanted {
	c := *w
	c.names = maps.Clone(w.names)
	return &c
}

// markWanted finds out what is wanted of every actor and data block.
func markWanted(all []*declaration) {
	members := map[string]bool{}
	for _, d := range all {
		for _, e := range d.expressions() {
			for _, m := range e.members {
				members[m] = true
			}
		}
	}
	for _, d := range all {
		if a, ok := d.what.(*actor); ok {
			a.markOwn()
		}
		for _, e := range d.expressions() {
			for _, r := range e.references {
				if a := d.unit.actorOf(r); a != nil {
					a.markReference(r, e, members)
				}
			}
		}
	}
}

// actorOf returns the actor or data block that a reference means, or nil.
func (u *unit) actorOf(r *reference) *actor {
	d := u.declarations[r.address()]
	if d == nil {
		return nil
	}
	a, _ := d.what.(*actor)
	return a
}

// markOwn notes what the expressions inside the block name.
func (a *actor) markOwn() {
	for _, g := range a.groups() {
		a.wanted.state = a.wanted.state || g.readsState()
		for _, e := range g.expressions {
			for _, r := range e.references {
				if r.root == "read" || r.root == "step" {
					a.wanted.names[r.root+"."+r.attribute()] = true
				}
			}
		}
	}
}

// markReference notes what an expression elsewhere names.
func (a *actor) markReference(r *reference, e *expression, members map[string]bool) {
	switch name := r.attribute(); name {
	case "read", "step":
		a.wanted.names[name+"."+r.restName(1)] = true
		a.wanted.shared = a.wanted.shared || name == "read"
	case "state":
		a.wanted.state = a.kind == address.KindData
	case "":
		a.wanted.members, a.wanted.everything = members, a.wanted.everything || e.opaque
		a.wanted.shared = true
		a.wanted.state = a.wanted.state || a.kind == address.KindData && a.wanted.has("state")
	}
}

// asksAnything reports whether some expression names a read or the live state.
func (a *actor) asksAnything() bool {
	if a.wanted.state || a.hasDynamic {
		return true
	}
	for _, r := range a.reads {
		if a.wanted.read(r.label) {
			return true
		}
	}
	return false
}

// keepsOutput reports whether some expression refers to the result of a step.
func (a *actor) keepsOutput() bool {
	if slices.ContainsFunc(a.steps, a.keeps) {
		return true
	}
	return a.hasDynamic
}

func (a *actor) keeps(s *step) bool { return s.hasResult() && a.wanted.result(s.label) }
