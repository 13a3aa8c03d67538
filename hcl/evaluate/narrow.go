package evaluate

import (
	"slices"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
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
	needed    map[*declare.Declaration]bool // by what may be selected
	leftOut   map[*declare.Declaration]bool // never evaluated
}

// narrow leaves out the actors that are neither selected nor needed, the data and modules that no other actor needs, and what
// refers to all these.
func narrow(root *declare.Tree, to Selection) *narrowing {
	if to == nil {
		return nil
	}
	var selected, others []*declare.Declaration
	for _, d := range root.All() {
		a, isBlock := d.What.(*declare.Actor)
		_, isCall := d.What.(*declare.ModuleCall)
		switch {
		case isBlock && a.Kind == address.KindActor && to.MaySelect(d.FullAddress()):
			selected = append(selected, d)
		case isBlock || isCall:
			others = append(others, d)
		}
	}
	n := &narrowing{selection: to, needed: declare.Reach(selected, (*declare.Declaration).Neighbours)}
	useless := slices.DeleteFunc(others, func(d *declare.Declaration) bool { return n.needed[d] })
	n.leftOut = declare.Reach(useless, (*declare.Declaration).Dependents)
	for _, d := range useless {
		n.leftOut[d] = true
	}
	return n
}

func (n *narrowing) leavesOut(d *declare.Declaration) bool { return n != nil && n.leftOut[d] }

// LeftOut returns the addresses, without instance keys, at which actors are declared that the selection leaves out.
func (e *Evaluation) LeftOut() []string { return e.leftOut(address.KindActor) }

func (e *Evaluation) leftOut(kind address.Kind) []string {
	if e.narrowed == nil {
		return nil
	}
	var addresses []string
	for d := range e.narrowed.leftOut {
		if a, ok := d.What.(*declare.Actor); ok && a.Kind == kind {
			addresses = append(addresses, d.FullAddress())
		}
	}
	slices.Sort(addresses)
	return addresses
}

// wants reports whether actors that are declared may be selected.
func (n *narrowing) wants(d *declare.Declaration) bool {
	return n == nil || n.selection.MaySelect(d.FullAddress())
}

// needs reports whether somebody can need to know what the server knows of an actor.
func (n *narrowing) needs(inst *instances.Instance) bool {
	if n == nil || n.selection.Selects(inst.Desired.Address) {
		return true
	}
	b := inst.Block
	return n.needed[b.Module.Tree.Declarations[b.Actor.Address()]]
}
