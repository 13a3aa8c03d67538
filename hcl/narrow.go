package hcl

import (
	"slices"

	"riveter/plan/address"
)

// Selection says which actors a partial plan is about for their own sake. What these refer to comes with them.
type Selection interface {
	// Selects reports whether an actor is selected.
	Selects(address.Address) bool
	// MaySelect reports whether one may be that is declared at an address without instance keys.
	MaySelect(declared string) bool
}

// narrowing is what a selection leaves of a configuration. A nil narrowing leaves everything.
type narrowing struct {
	selection Selection
	needed    map[*declaration]bool // by what may be selected
	leftOut   map[*declaration]bool // never evaluated
}

// narrow leaves out the actors that are neither selected nor needed, the data and modules that no other actor needs, and what
// refers to all these.
func narrow(root *unit, to Selection) *narrowing {
	if to == nil {
		return nil
	}
	var selected, others []*declaration
	for _, d := range root.all() {
		a, isBlock := d.what.(*actor)
		_, isCall := d.what.(*moduleCall)
		switch {
		case isBlock && a.kind == address.KindActor && to.MaySelect(d.fullAddress()):
			selected = append(selected, d)
		case isBlock || isCall:
			others = append(others, d)
		}
	}
	n := &narrowing{selection: to, needed: reach(selected, (*declaration).neighbours)}
	useless := slices.DeleteFunc(others, func(d *declaration) bool { return n.needed[d] })
	n.leftOut = reach(useless, (*declaration).dependents)
	for _, d := range useless {
		n.leftOut[d] = true
	}
	return n
}

func (n *narrowing) leavesOut(d *declaration) bool { return n != nil && n.leftOut[d] }

// LeftOut returns the addresses, without instance keys, at which actors are declared that the selection leaves out.
func (e *Evaluation) LeftOut() []string {
	if e.narrowed == nil {
		return nil
	}
	var addresses []string
	for d := range e.narrowed.leftOut {
		if a, ok := d.what.(*actor); ok && a.kind == address.KindActor {
			addresses = append(addresses, d.fullAddress())
		}
	}
	slices.Sort(addresses)
	return addresses
}

// wants reports whether somebody can need to know what the server knows of an actor.
func (n *narrowing) wants(inst *instance) bool {
	if n == nil || n.selection.Selects(inst.desired.Address) {
		return true
	}
	b := inst.block
	return n.needed[b.scope.unit.declarations[b.actor.address()]]
}
