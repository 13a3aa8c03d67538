package plan

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// UnkeptError says that something is to be done for which the result of a step is needed that is done, and that nobody kept.
type UnkeptError struct{ Step string }

// Error says what can be done about it.
func (e *UnkeptError) Error() string {
	return fmt.Sprintf("needs the result of %s. That step is not made in this run, and there is no result that was kept: it is sensitive, "+
		"nothing referred to it when it was made, the step was only recorded as done, or it was never made, as it runs only when it is asked for "+
		"or its guard does not let it. Make it with -rerun='%[1]s', or with -invoke where it runs only when it is asked for, or do without its result", e.Step)
}

// Unkept returns an error where what the step is made of is not known, as nobody kept it.
func (s *Step) Unkept() error {
	if steps := s.unkept(false); len(steps) > 0 {
		return &UnkeptError{steps[0]}
	}
	return nil
}

// unkept are the steps whose results, which nobody kept, the step cannot be made without. Whether one that is conditional is made at
// all turns out when the rest of what is sent is known; what tells that must be known in any case.
func (s *Step) unkept(conditional bool) []string {
	var steps []string
	for _, f := range s.fields() {
		steps = append(steps, unkeptIn(*f.value, conditional && f.use != live)...)
	}
	return steps
}

// unkeptIn are the steps whose results nobody kept and an unknown value is made of, or of them alone.
func unkeptIn(v cty.Value, alone bool) []string {
	if value.IsKnown(v) || alone && !value.IsLasting(v) {
		return nil
	}
	return value.UnkeptIn(v)
}

// IsComparable reports whether it can be told from now on whether the step has become another one: what makes it another one is
// known, or unknown only because nobody kept it.
func (s *Step) IsComparable() bool { return s.IsKnown() || s.isUnkept() }

// isUnkept reports whether all that is unknown of what makes a call another one is so because nobody kept it.
func (s *Step) isUnkept() bool {
	unkept := false
	for _, part := range s.compared() {
		if !value.IsLasting(part) {
			return false
		}
		unkept = unkept || !value.IsKnown(part)
	}
	return unkept
}

// needsResults refuses a step that is to be made of what nobody kept.
func (d *decider) needsResults(s *StepChange) {
	if s.Decision != DecisionRun || d.desired == nil {
		return
	}
	fact := s.Desired.Fact()
	conditional := s.Conditional && (fact == nil || !value.IsLost(fact.Wanted())) // which tells whether it is due
	if results := append(s.Desired.unkept(conditional), d.unkeptParams(s)...); len(results) > 0 {
		d.refuseUnkept(s.Desired.Settings.Range, s.Address.String(), results[0])
	}
}

// unkeptParams are the steps whose results the actor's own parameters are made of, where a call is made with these.
func (d *decider) unkeptParams(s *StepChange) []string {
	if s.isLook() || s.Desired.Params != cty.NilVal {
		return nil
	}
	return unkeptIn(d.desired.Params, s.Conditional)
}

// refuseUnkept says that something needs the result of a step that is done, and that nobody kept.
func (b *builder) refuseUnkept(place hcl2.Range, what, step string) {
	b.report(hcl2.DiagError, place.Ptr(), "Result is not known", "%s %s.", what, &UnkeptError{step})
}

// Result returns what a step gave as expressions see it. What will not be kept says so.
func (d *Desired) Result(s *Step, output cty.Value) cty.Value {
	secret := s.Settings.Sensitive
	if s.Call() == nil || secret || value.HasSensitive(output) {
		output = output.Mark(d.source(s))
	}
	if secret {
		output = output.Mark(value.Sensitive)
	}
	return output
}

// source says whose result it is. Which actor that is, and what it was asked, stay the same when they are called something else.
func (d *Desired) source(s *Step) value.Source {
	id := d.Identity()
	to, _ := s.Sends()
	return value.Source{
		Step:   s.Address.String(),
		Recipe: fmt.Sprintf("%q", []string{id.Name, id.Key, string(s.Address.Kind), to, s.Address.Key.String()}),
	}
}

// UnkeptResult stands for what a step gave that nobody kept.
func (d *Desired) UnkeptResult(s *Step) cty.Value {
	return d.Result(s, cty.DynamicVal).Mark(d.source(s))
}
