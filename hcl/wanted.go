package hcl

import "riveter/plan"

// markWanted finds out which reads, live states and results of steps some expression names, since only those are looked
// at or kept. Where a whole block is handed on, as to a for expression, what is selected from it later cannot be told
// from other selections, so any that has the right names counts.
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
		a.wantsState = a.wantsState || g.readsState()
		for _, e := range g.expressions {
			for _, r := range e.references {
				switch r.root {
				case "read":
					a.want("read", r.attribute())
				case "step":
					a.want("step", r.attribute())
				}
			}
		}
	}
}

// markReference notes what an expression elsewhere names.
func (a *actor) markReference(r *reference, e *expression, members map[string]bool) {
	switch name := r.attribute(); name {
	case "read", "step":
		a.want(name, r.restName(1))
	case "state":
		a.wantsState = a.kind == plan.KindData
	case "":
		a.markWhole(func(member string) bool { return e.opaque || members[member] })
	}
}

func (a *actor) markWhole(named func(member string) bool) {
	for _, r := range a.reads {
		if named("read." + r.label) {
			a.want("read", r.label)
		}
	}
	for _, s := range a.steps {
		if named("step." + s.label) {
			a.want("step", s.label)
		}
	}
	a.wantsState = a.wantsState || a.kind == plan.KindData && named("state")
}

func (a *actor) want(kind, label string) {
	if r := a.readCalled(label); kind == "read" && r != nil {
		r.wanted = true
	}
	if s := a.stepCalled(label); kind == "step" && s != nil {
		s.keepOutput = s.hasResult()
	}
}
