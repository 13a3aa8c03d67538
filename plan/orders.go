package plan

import (
	"slices"

	"riveter/plan/address"
)

// Orders is what the person who runs riveter decides beyond the configuration.
type Orders struct {
	Rerun          []address.Pattern // steps to make again, or for the first time
	MarkDone       []address.Pattern // steps to record as done without making them
	Invoke         []address.Pattern // steps to make that run only when they are asked for
	OnUnknown      UnknownOrder      // what becomes of the steps of which nobody knows whether they were done
	NoRefresh      bool              // nothing was read from actors that exist
	Replace        []address.Pattern // actors to destroy and create anew
	Target         []address.Pattern // actors to plan for, with what they depend on; all of them where there are none
	Exclude        []address.Pattern // actors to leave out, with what depends on them
	Ignore         []address.Pattern // what is not verified: actors, facts and checks
	IncludeAdopted bool              // destroy actors that riveter did not create too
	Prune          bool              // destroy actors that riveter created and nobody declares any more
	MaxDestroy     *int              // how many actors may be destroyed; nil for as many as there are, or few with Prune
	// Fixture says that nothing that exists already may be adopted, and that all that was made since may be destroyed: by riveter or
	// before its eyes, with prevent_destroy too.
	Fixture bool
	// OwnLedger says that no other configuration can have been remembered in the ledger.
	OwnLedger bool
}

// UnknownOrder is what a person decides about all steps of which nobody knows whether they were done, and about no others.
type UnknownOrder string

// The orders about what nobody knows.
const (
	OrderNone UnknownOrder = "" // each is to be decided before an apply
	OrderRun  UnknownOrder = "run"
	OrderDone UnknownOrder = "done" // recorded as done without being made
	OrderSkip UnknownOrder = "skip"
)

// Selects reports whether -target and -exclude let a plan be about what is at an address, for its own sake.
func (o Orders) Selects(a address.Address) bool {
	return (len(o.Target) == 0 || address.Selecting(o.Target, a.String) != nil) && address.Selecting(o.Exclude, a.String) == nil
}

// MaySelect reports whether they may do so for an instance of what is declared at an address without instance keys, of a
// module neither.
func (o Orders) MaySelect(declared string) bool {
	reaches := func(p address.Pattern) bool { return p.MayReach(declared) }
	covers := func(p address.Pattern) bool { return p.Selects(declared) }
	return (len(o.Target) == 0 || slices.ContainsFunc(o.Target, reaches)) && !slices.ContainsFunc(o.Exclude, covers)
}

// patterns are those of every order.
func (o *Orders) patterns() []*[]address.Pattern {
	return []*[]address.Pattern{&o.Rerun, &o.MarkDone, &o.Invoke, &o.Replace, &o.Target, &o.Exclude, &o.Ignore}
}

// Among returns the orders as they are to be read among what there is: see [address.Pattern.Among]. Where no pattern can be read in two
// ways, nobody asks what there is.
func (o Orders) Among(there func() address.Starred) Orders {
	isAmbiguous := func(of *[]address.Pattern) bool { return slices.ContainsFunc(*of, address.Pattern.IsAmbiguous) }
	if !slices.ContainsFunc(o.patterns(), isAmbiguous) {
		return o
	}
	starred := there()
	for _, of := range o.patterns() {
		*of = slices.Clone(*of)
		for i, p := range *of {
			(*of)[i] = p.Among(starred)
		}
	}
	return o
}

// IsPartial reports whether anything is left out.
func (o Orders) IsPartial() bool { return len(o.Target)+len(o.Exclude) > 0 }
