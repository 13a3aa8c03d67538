package plan

import (
	"errors"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Sought is an actor that a data block looks for and that does not exist yet, though what the block depends on may make it.
type Sought struct {
	Address   address.Address
	DependsOn []address.Address
	Problem   *hcl2.Diagnostic // what is to be said where nothing makes it
}

// lookLater has an actor looked for when its turn comes: its key is not known yet, or somebody else is to make it.
func (b *builder) lookLater(c *ActorChange) {
	c.Action, c.Reason = ActionRead, "it is looked for when what it depends on is done"
	if c.Key == nil {
		c.Reason = ReasonKeyUnknown
	}
	c.later = b
}

// refuseMissing says which actors do not exist, and will not do so when their turn comes: nothing that they depend on changes.
func (b *builder) refuseMissing(changes []Change) {
	needs, _ := b.references()
	working := map[address.Address]bool{}
	for _, c := range changes {
		working[c.Head().Address] = c.Head().Action != ActionNoOp || slices.ContainsFunc(StepsOf(c), func(s *StepChange) bool { return s.Decision == DecisionRun })
	}
	mayBeMade := func(dependsOn []address.Address) bool {
		set := map[address.Address]bool{}
		for _, a := range dependsOn {
			set[a] = true
		}
		spread(set, needs)
		return slices.ContainsFunc(slices.Collect(maps.Keys(set)), func(a address.Address) bool { return working[a] })
	}
	for _, c := range changes {
		if c, ok := c.(*ActorChange); ok && c.Action == ActionRead && c.Key != nil && !mayBeMade(c.Desired.DependsOn) {
			b.refuseAbsent(c)
		}
	}
	for _, s := range b.Sought {
		if !mayBeMade(s.DependsOn) {
			b.diags = append(b.diags, s.Problem)
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
