package instances

import (
	"maps"
	"slices"

	"riveter/hcl/declare"
	"riveter/plan"
	"riveter/plan/address"
)

// Predecessor returns what stands for the actor that goes, where that is not as it is declared and steps may come before that: they are about that
// actor, what it was created with and what it gave. Its steps are yet to be evaluated. It is nil for others.
func (i *Instance) Predecessor() *Instance {
	if !i.Replaced && i.Original == nil || !slices.ContainsFunc(i.Actor().Steps, (*declare.Step).MayBeFarewell) {
		return nil
	}
	former := i.before()
	former.Desired.Steps, former.Results = nil, maps.Clone(i.Results)
	return former
}

// before returns what is known of the actor that goes.
func (i *Instance) before() *Instance {
	former, d := *i, *i.Desired
	former.Desired, former.Goes, former.Former, former.each = &d, true, nil, nil
	if i.Original != nil {
		d.Input = *i.Original
	}
	return &former
}

// Making returns what a step is made on: the instance, or what stands for the actor that goes.
func (i *Instance) Making(s address.StepAddress) *Instance {
	isFarewell := func(d *plan.Step) bool { return d.Address == s && d.Policy() == plan.RunOnDestroy }
	if i.Former == nil || !slices.ContainsFunc(i.Desired.Steps, isFarewell) {
		return i
	}
	now := i.before()
	now.Desired.Steps, now.Results = i.Former.Desired.Steps, i.Former.Results
	return now
}

// Spread puts all instances of a step into the place of what stood for them, where later steps look for them.
func (i *Instance) Spread(s address.StepAddress, all []*plan.Step) {
	again := *i.Desired
	if at := slices.IndexFunc(again.Steps, func(d *plan.Step) bool { return d.Address == s }); at >= 0 {
		again.Steps = slices.Concat(again.Steps[:at], all, again.Steps[at+1:])
	}
	i.Desired = &again
	if i.Former != nil {
		i.Former.Spread(s, all)
	}
}
