package plan

import (
	"errors"
	"slices"
	"sync"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Lookup is an instance of a data block that is looked at when what it depends on is done, as that may change what there is to see.
type Lookup struct {
	Address   address.Address
	Key       []string // nil while it is not known
	DependsOn []address.Address
	Missing   *hcl2.Diagnostic // what is to be said where there is no such actor, and nothing makes it; nil where there may be one
}

// lookLater has an actor looked for when its turn comes: its key is not known yet, or somebody else is to make it.
func (b *builder) lookLater(c *ActorChange) {
	c.Action, c.Reason = ActionRead, "it is looked for when what it depends on is done"
	if c.Key == nil {
		c.Reason = ReasonKeyUnknown
	}
	c.later = b
}

// ChangesBefore reports of addresses whether the plan does something to what is there, or to something that it comes after, that may
// change what others say or make.
func (p *Plan) ChangesBefore() func(address.Address) bool { return p.Behind(works) }

// Behind reports of addresses whether what is there, or something that it comes after, is one of those changes.
func (p *Plan) Behind(is func(Change) bool) func(address.Address) bool {
	at := sync.OnceValue(func() map[address.Address][]Change { return byAddress(p.Changes) }) // which nobody may ask for
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

func byAddress(changes []Change) map[address.Address][]Change {
	at := make(map[address.Address][]Change, len(changes))
	for _, c := range changes {
		at[c.Head().Address] = append(at[c.Head().Address], c)
	}
	return at
}

// works reports whether a change sends something, if need be.
func works(c Change) bool {
	switch c.Head().Action {
	case ActionCreate, ActionReplace, ActionRead, ActionDestroy:
		return true
	case ActionNoOp, ActionAdopt, ActionUpdate, ActionForget:
	}
	return slices.ContainsFunc(StepsOf(c), func(s *StepChange) bool { return s.Decision == DecisionRun && !s.isLook() })
}

// refuseMissing says which actors do not exist, and will not do so when their turn comes: nothing that they depend on changes. Of
// those that are to be created it notes whether they may turn up before.
func (b *builder) refuseMissing(p *Plan) {
	changes := p.ChangesBefore()
	mayBeMade := func(dependsOn []address.Address) bool { return slices.ContainsFunc(dependsOn, changes) }
	for _, c := range p.Changes {
		c, ok := c.(*ActorChange)
		switch {
		case !ok:
		case c.Action == ActionCreate:
			c.MayAppear = mayBeMade(c.DependsOn)
		case c.Action == ActionRead && c.Key != nil && !mayBeMade(c.Desired.DependsOn):
			b.refuseAbsent(c)
		}
	}
	b.refuseLookups(mayBeMade)
}

func (b *builder) refuseLookups(mayBeMade func([]address.Address) bool) {
	for _, l := range b.Lookups {
		if l.Missing != nil && !mayBeMade(l.DependsOn) {
			b.diags = append(b.diags, l.Missing)
		}
	}
}

func (b *builder) refuseAbsent(c *ActorChange) {
	b.errorf(c.Desired, "Actor does not exist", "%s says create = \"never\", but there is no %s. Create it, or let riveter do so.",
		c.Address, describeKey(c.Name, c.Key))
}

// Meet decides about an actor that was to be looked for when its turn came, given what is declared and seen by then. It may be
// called concurrently. Where there are errors, nothing is to be done about it.
func (c *ActorChange) Meet(now *Desired, seen Observed) (*ActorChange, hcl2.Diagnostics) {
	in := c.later.Inputs
	in.Replacements = NewReplacements(in.Recalled, Orders{})
	b := &builder{Inputs: in, homes: c.later.homes, used: map[string]bool{}, asked: map[string]bool{}, meeting: true}
	met := b.change(now, &seen)
	if met.Action == ActionRead {
		b.refuseAbsent(met)
	}
	if met.Action == ActionAdopt && met.Adopt.Fresh && dropsInput(now) && b.Recalled.Of(now, seen.ActorID) == nil {
		b.errorf(now, "Input was dropped", "%s was made by somebody else since the plan was made: its input was dropped, and its steps do not run. "+
			"Declare no input, as create = \"never\" may say too, or see to it that nobody else makes the actor.", describeKey(met.Name, met.Key))
	}
	for _, s := range met.Steps {
		if s.Decision == DecisionUnknown {
			b.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Undecided step", "Nobody knows whether %s was done: %s. Plan again to decide.", s.Address, s.Reason)
		}
	}
	return met, b.diags
}

// dropsInput reports whether something is lost where an actor that is declared turns out to be there already.
func dropsInput(d *Desired) bool { return d.Input != cty.NilVal && d.Settings.Create != CreateNever }

// ErrStillUnknown is the error of something that is not known although everything that it was to wait for is done.
var ErrStillUnknown = errors.New("it is still not known. It may depend on the result of a call that an earlier run made " +
	"and did not keep: make that call again with -rerun")

var errChanged = errors.New("it is no longer what the plan showed, as something changed meanwhile; plan again")

// FilledIn checks that a value fills in what was unknown of a planned one and changes nothing else: the plan that was
// shown is the plan that runs.
func FilledIn(planned, actual cty.Value) error {
	if !value.IsKnown(actual) {
		return ErrStillUnknown
	}
	if planned == cty.NilVal {
		return nil
	}
	planned, _ = planned.UnmarkDeep()
	actual, _ = actual.UnmarkDeep()
	if !isFilledIn(planned, actual) {
		return errChanged
	}
	return nil
}

func isFilledIn(planned, actual cty.Value) bool {
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsWhollyKnown() || actual.IsNull():
		return value.Same(planned, actual)
	case planned.Type().IsSetType():
		return true // an unknown member may turn out to be equal to another one
	case !planned.CanIterateElements() || !actual.CanIterateElements() || planned.LengthInt() != actual.LengthInt():
		return false
	}
	for p, a := planned.ElementIterator(), actual.ElementIterator(); p.Next() && a.Next(); {
		pk, pv := p.Element()
		ak, av := a.Element()
		if !value.Same(pk, ak) || !isFilledIn(pv, av) {
			return false
		}
	}
	return true
}
