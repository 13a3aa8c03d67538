package plan

import (
	"slices"
	"sync"

	"riveter/plan/address"
)

// Touches reports of addresses whether the plan does something to what is there that may change what it says, but for steps that run always, and
// with the label of which step that begins, those included; an empty one for none.
func (p *Plan) Touches() func(address.Address) (touches bool, step string) {
	at := sync.OnceValue(func() map[address.Address][]Change { return ByAddress(p.Changes) })
	return func(a address.Address) (touches bool, step string) {
		for _, c := range at()[a] {
			touches = touches || isDue(c)
			if i := slices.IndexFunc(StepsOf(c), stirs); i >= 0 {
				return touches, StepsOf(c)[i].Address.Label
			}
		}
		return touches, ""
	}
}

// ChangesBefore reports of addresses whether the plan does something to what is there, or to something that it comes after, that may
// change what others say or make.
func (p *Plan) ChangesBefore() func(address.Address) bool { return p.Behind(works) }

// DueBefore reports the same, but for steps that run always.
func (p *Plan) DueBefore() func(address.Address) bool { return p.Behind(isDue) }

// Behind reports of addresses whether what is there, or something that it comes after, is one of those changes.
func (p *Plan) Behind(is func(Change) bool) func(address.Address) bool {
	at := sync.OnceValue(func() map[address.Address][]Change { return ByAddress(p.Changes) }) // which nobody may ask for
	known := map[address.Address]bool{}
	var isBehind func(address.Address) bool
	isBehind = func(a address.Address) bool {
		if _, ok := known[a]; !ok {
			known[a] = false
			known[a] = slices.ContainsFunc(at()[a], func(c Change) bool { return is(c) || slices.ContainsFunc(c.Head().DependsOn, isBehind) })
		}
		return known[a]
	}
	return isBehind
}

// ByAddress returns changes by the address of what they are of.
func ByAddress(changes []Change) map[address.Address][]Change {
	at := make(map[address.Address][]Change, len(changes))
	for _, c := range changes {
		at[c.Head().Address] = append(at[c.Head().Address], c)
	}
	return at
}

// works reports whether a change sends something, if need be, or waits for something.
func works(c Change) bool {
	switch c.Head().Action {
	case ActionRead:
		actor, ok := c.(*ActorChange)
		return !ok || actor.Desired != nil
	case ActionCreate, ActionReplace, ActionDestroy:
		return true
	case ActionNoOp, ActionAdopt, ActionUpdate, ActionForget:
	}
	return slices.ContainsFunc(StepsOf(c), stirs)
}

// isDue reports whether a change does so in this run, and not in every one.
func isDue(c Change) bool {
	isDue := func(s *StepChange) bool { return s.IsDue() || s.Anew }
	return works(c) && (c.Head().Action != ActionNoOp || slices.ContainsFunc(StepsOf(c), isDue))
}

// stirs reports whether a step sends something, if need be, or waits until its actor says something else.
func stirs(s *StepChange) bool {
	if s.IsLook() {
		holds := s.Desired.Fact().Holds()
		return s.Decision == DecisionRun && holds.IsKnown() && holds.False()
	}
	return s.Decision == DecisionRun
}
