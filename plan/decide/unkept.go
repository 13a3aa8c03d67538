package decide

import (
	"fmt"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// needsResults refuses a step that is to be made of what nobody kept. One that is looked at only because one before it runs always is made of
// nothing until it turns out to be due: else no plan would ever be without that error.
func (d *decider) needsResults(s *plan.StepChange) {
	if s.Decision != plan.DecisionRun || s.AfterAlways || d.desired == nil {
		return
	}
	fact, call, others := s.Desired.Fact(), s.Desired.Call(), len(d.diags)
	conditional := s.Conditional && (fact == nil || !value.IsLost(fact.Wanted())) // which tells whether it is due
	d.refuseLost(s, append(s.Desired.UnkeptResults(conditional), d.unkeptParams(s)...))
	for _, wrong := range d.diags[others:] {
		if conditional && (call == nil || !value.IsLost(call.Allowed())) {
			wrong.Extra = ifDue{s}
		}
	}
}

// ifDue is noted with what is wrong with a step only if that turns out to be due.
type ifDue struct{ step *plan.StepChange }

// isExcused reports whether something is wrong only with a step that is looked at because something before it runs always.
func isExcused(wrong *hcl2.Diagnostic) bool {
	noted, ok := wrong.Extra.(ifDue)
	return ok && noted.step.AfterAlways
}

// refuseLost refuses a step that is to be made of results that nobody kept, or of what its actor was created with, where nobody kept that: no call
// that is made again gives the same.
func (d *decider) refuseLost(s *plan.StepChange, results []string) {
	isOfInput := s.IsFarewell() && s.Desired.Settings.NamesInput
	switch {
	case isOfInput && d.desired.InputLost:
		d.refuseInput(s, "That is not the declared input, and as it is sensitive the ledger has only its digest. Put the input back, name")
	case len(results) == 0:
	case isOfInput && slices.Contains(value.LostIn(d.desired.Input, false), results[0]):
		d.refuseInput(s, "That is made of the result of "+results[0]+", which nobody kept. Have such results sealed in the ledger from now on. For this actor, name")
	case s.IsFarewell():
		d.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Result is not known",
			"%s %s.", s.Address, &plan.UnkeptError{Step: results[0], Farewell: s.Address.String()})
	default:
		d.refuseUnkept(s.Desired.Settings.Range, s.Address.String(), results[0])
	}
}

func (d *decider) refuseInput(s *plan.StepChange, why string) {
	without := fmt.Sprintf("leave the step out with -mark-done='%s'", s.Address)
	if s.Desired.Deferred { // so that nobody knows what there is to mark
		without = "remove the step"
	}
	d.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Input is not known",
		"%s is about what %s was created with. %s what the actor itself says of it, with a read, or %s.", s.Address, d.desired.Address, why, without)
}

// warnOfFarewells warns of what comes before actors are destroyed that stay as yet, where that could not be made now: by then nothing can be done
// about it any more. It is said once of a block. The changes are those of the actors that are declared, in their order.
func (b *builder) warnOfFarewells(changes []plan.Change) {
	said, more := map[hcl2.Range]*hcl2.Diagnostic{}, map[hcl2.Range]int{}
	for i, change := range changes {
		c, ok := change.(*plan.ActorChange)
		if !ok || c.Action == plan.ActionReplace {
			continue
		}
		for _, s := range c.Steps {
			wrong := b.foretell(c, s, &b.Observed[i])
			if wrong == nil {
				continue
			}
			place := s.Desired.Settings.Range
			if said[place] != nil {
				more[place]++
				continue
			}
			wrong.Severity = hcl2.DiagWarning
			said[place], b.diags = wrong, append(b.diags, wrong)
		}
	}
	for place, n := range more {
		said[place].Detail += fmt.Sprintf(" The same goes for %d more.", n)
	}
}

// foretell returns why a step could not be made if its actor were destroyed now, nil where it could be, or comes at another time.
func (b *builder) foretell(c *plan.ActorChange, s *plan.StepChange, o *plan.Observed) *hcl2.Diagnostic {
	if !s.IsFarewell() {
		return nil
	}
	then := &builder{Inputs: Inputs{Recalled: b.Recalled}, used: map[string]bool{}}
	d := &decider{builder: then, desired: c.Desired, entry: b.Recalled.Of(c.Desired, o), actorID: c.ActorID, goes: true}
	d.decide(&plan.StepChange{Address: s.Address, Desired: s.Desired})
	if !then.diags.HasErrors() {
		return nil
	}
	return then.diags[0]
}

// isUnkept reports whether nobody can tell whether a fact holds on an actor that was there before, as nobody kept what its values
// are made of. What is known of them tells that it does not, unless it may be another when its turn comes.
func (d *decider) isUnkept(fact plan.Fact) bool {
	isOpen := !fact.Holds().IsKnown() || d.called || d.repeated || d.ensured
	return isOpen && d.actorID != "" && len(fact.Lost()) > 0
}

// unkept leaves out a fact that held when what it is made of was known. One that nobody has looked at needs the results.
func (d *decider) unkept(s *plan.StepChange) {
	skip(s, plan.ReasonUnkept)
	if d.newLook(s) != "" {
		run(s, "nobody has looked at it yet")
	}
}

// newLook returns of which results that nobody keeps a fact is made, as the ledger remembers it of one that holds, so that it is left out when
// nobody can evaluate it again. It is empty where it is of none, and where that is remembered.
func (d *decider) newLook(s *plan.StepChange) string {
	recipe, err := s.Desired.LookRecipe(d.Recalled.DigestKey)
	if err != nil || d.recalls(s, recipe) {
		return ""
	}
	return recipe
}

// recalls reports whether the actor that is there is remembered to have had a step be settled that was made so.
func (d *decider) recalls(s *plan.StepChange, recipe string) bool {
	return recipe != "" && d.entry != nil && d.entry.ActorID == d.actorID && d.entry.Withheld[s.Address.Relative()] == recipe
}

// needsRepetition refuses a step that is to be made for each of what nobody kept.
func (d *decider) needsRepetition(s *plan.StepChange) {
	d.refuseLost(s, value.LostIn(s.Desired.Lost, false))
}

// wasRepeated reports whether a step was made for each of what nobody knows any more, in the same way, and each of these is done.
func (d *decider) wasRepeated(s *plan.StepChange) bool {
	if s.Desired.Policy() == plan.RunAlways || s.Desired.Policy() == plan.RunManual || d.selects("-rerun", d.Orders.Rerun, s) {
		return false
	}
	recipe, err := s.Desired.RepetitionRecipe(d.Recalled.DigestKey)
	if err != nil || !d.recalls(s, recipe) {
		return false
	}
	for name, memo := range d.entry.Steps {
		if strings.HasPrefix(name, s.Address.Relative()+"[") && memo.ActorID == d.actorID && memo.Status != plan.StepDone {
			return false
		}
	}
	return true
}

// unkeptParams are the steps whose results the actor's own parameters are made of, where a call is made with these.
func (d *decider) unkeptParams(s *plan.StepChange) []string {
	if s.IsLook() || s.Desired.Params != cty.NilVal {
		return nil
	}
	return value.LostIn(d.desired.Params, s.Conditional)
}

// refuseUnkept says that something needs the result of a step that is done, and that nobody kept.
func (b *builder) refuseUnkept(place hcl2.Range, what, step string) {
	b.report(hcl2.DiagError, place.Ptr(), "Result is not known", "%s %s.", what, &plan.UnkeptError{Step: step})
}
