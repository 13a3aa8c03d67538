package plan

import (
	"slices"

	"riveter/plan/address"
)

// Inputs is all that a plan is built from.
type Inputs struct {
	Mode     Mode
	Target   Target
	Desired  []*Desired // sorted by address
	LeftOut  []string   // addresses without instance keys of actors that -target and -exclude left out of Desired
	Observed []Observed // one for each of Desired
	Recalled *Recalled  // may be nil
	Outputs  map[string]Output
	Checks   []Check
	Stats    Stats
	Orders   Orders
	Removals []Removal
	Pool     string // that actors go to which name none
	Project  string // whose configuration it is; empty where that has no name
	// KeyPrefix are the parts that were put before all keys that are declared.
	KeyPrefix []string
	// Namespaces and RunnerConfigs are declared; Surroundings is what there is of them.
	Namespaces    []*DesiredNamespace
	RunnerConfigs []*DesiredRunnerConfig
	Surroundings  Surroundings
	// Lookups are the data blocks that are looked at when what they depend on is done.
	Lookups []Lookup
	// Named are the ids of the actors that there are, of the names of which some key that is declared is not known yet.
	Named map[string]bool
	// Announced are the names of the actors that registries have announced; nil where nobody asked for them.
	Announced []string
	// Undeclared is what was seen of the actors that [Inputs.Doomed] returned.
	Undeclared map[Identity]Observed
	// Replacements was asked about every actor. With nil, Build asks anew.
	Replacements *Replacements
}

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

// Understood returns the orders as they are to be read where this is declared, observed or not, and remembered: see
// [address.Pattern.Among]. [Build] reads them so.
func (in *Inputs) Understood() Orders {
	o := in.Orders
	isAmbiguous := func(of *[]address.Pattern) bool { return slices.ContainsFunc(*of, address.Pattern.IsAmbiguous) }
	if !slices.ContainsFunc(o.patterns(), isAmbiguous) {
		return o
	}
	there := in.starred()
	for _, of := range o.patterns() {
		*of = slices.Clone(*of)
		for i, p := range *of {
			(*of)[i] = p.Among(there)
		}
	}
	return o
}

// starred are the addresses with a star in a key of what there is.
func (in *Inputs) starred() address.Starred {
	there := address.Starred{}
	for _, a := range in.addresses() {
		there.Add(a.String())
	}
	for _, d := range in.Desired {
		for _, s := range d.Steps {
			there.Add(s.Address.String())
			there.Add(s.Address.Relative())
		}
	}
	for _, e := range in.Recalled.Actors {
		for step := range e.Steps {
			there.Add(e.Address.String() + "." + step)
			there.Add(step)
		}
	}
	for _, c := range in.Checks {
		there.Add(c.Name)
	}
	return there
}

// addresses returns everything that there could be a change of.
func (in *Inputs) addresses() []address.Address {
	var all []address.Address
	for _, d := range in.Desired {
		all = append(all, d.Address)
	}
	for _, d := range in.Namespaces {
		all = append(all, d.Address)
	}
	for _, d := range in.RunnerConfigs {
		all = append(all, d.Address)
	}
	for _, e := range in.Recalled.Actors {
		all = append(all, e.Address)
	}
	for _, p := range in.Recalled.Pools {
		all = append(all, p.Address)
	}
	return all
}

// IsPartial reports whether anything is left out.
func (o Orders) IsPartial() bool { return len(o.Target)+len(o.Exclude) > 0 }
