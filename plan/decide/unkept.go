package decide

import (
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// needsResults refuses a step that is to be made of what nobody kept.
func (d *decider) needsResults(s *plan.StepChange) {
	if s.Decision != plan.DecisionRun || d.desired == nil {
		return
	}
	fact := s.Desired.Fact()
	conditional := s.Conditional && (fact == nil || !value.IsLost(fact.Wanted())) // which tells whether it is due
	results := append(s.Desired.UnkeptResults(conditional), d.unkeptParams(s)...)
	switch {
	case len(results) == 0:
	case s.IsFarewell():
		d.report(hcl2.DiagError, s.Desired.Settings.Range.Ptr(), "Result is not known",
			"%s %s. Only apply makes it; -mark-done='%[1]s' leaves out what comes before the actor is destroyed.", s.Address, &plan.UnkeptError{Step: results[0]})
	default:
		d.refuseUnkept(s.Desired.Settings.Range, s.Address.String(), results[0])
	}
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
	if lost := s.Desired.Lost; value.IsLost(lost) {
		d.refuseUnkept(s.Desired.Settings.Range, s.Address.String(), value.UnkeptIn(lost)[0])
	}
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
