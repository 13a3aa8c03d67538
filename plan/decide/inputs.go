package decide

import (
	"riveter/plan"
	"riveter/plan/address"
)

// Inputs is all that a plan is built from.
type Inputs struct {
	Mode     plan.Mode
	Target   plan.Target
	Desired  []*plan.Desired // sorted by address
	LeftOut  []string        // addresses without instance keys of actors that -target and -exclude left out of Desired
	Observed []plan.Observed // one for each of Desired
	Recalled *plan.Recalled  // may be nil
	Outputs  map[string]plan.Output
	Checks   []plan.Check
	Stats    plan.Stats
	Orders   plan.Orders
	Removals []plan.Removal
	Pool     string // that actors go to which name none
	Project  string // whose configuration it is; empty where that has no name
	// KeyPrefix are the parts that were put before all keys that are declared.
	KeyPrefix []string
	// Namespaces and RunnerConfigs are declared; Surroundings is what there is of them.
	Namespaces    []*plan.DesiredNamespace
	RunnerConfigs []*plan.DesiredRunnerConfig
	Surroundings  plan.Surroundings
	// Lookups are the data blocks that are looked at when what they depend on is done.
	Lookups []plan.Lookup
	// Consulted are the actors that data blocks name, with neither key nor id where nobody knows which these are.
	Consulted []*plan.Desired
	// Named are the ids of the actors that there are, of the names of which some key that is declared is not known yet.
	Named map[string]bool
	// Announced are the names of the actors that registries have announced; nil where nobody asked for them.
	Announced []string
	// Undeclared is what was seen of the actors that [Inputs.Doomed] returned.
	Undeclared map[plan.Identity]plan.Observed
	// Replacements was asked about every actor. With nil, Plan asks anew.
	Replacements *Replacements
}

// Understood returns the orders as they are to be read where this is declared, observed or not, and remembered: see
// [address.Pattern.Among]. [Plan] reads them so.
func (in *Inputs) Understood() plan.Orders { return in.Orders.Among(in.starred) }

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

// areOthersThere reports whether there are actors of the names of which some key is not known yet that are not declared with another key.
func (in *Inputs) areOthersThere() bool {
	others := len(in.Named)
	for _, o := range in.Observed {
		if in.Named[o.ActorID] {
			others--
		}
	}
	return others > 0
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
