package plan

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// UnkeptError says that something is to be done for which the result of a step is needed that is done, and that nobody kept.
type UnkeptError struct {
	Step     string // whose result it is
	Farewell string // what needs it, where that comes before its actor is destroyed; empty for others
}

// Error says what can be done about it.
func (e *UnkeptError) Error() string {
	step, err := address.ParseStep(e.Step)
	isEnsure := err == nil && step.Kind == address.StepEnsure
	switch {
	case e.Farewell != "" && isEnsure:
		return fmt.Sprintf("needs the result of %s, and there is none that was kept: it is sensitive, nothing referred to it when it was made, it was in doubt, "+
			"or it was never made. Leave out what comes before the actor is destroyed with -mark-done='%s', or do without that result. One that is sensitive is kept "+
			"where the ledger seals it: see the block seal, or RIVETER_LEDGER_PASSPHRASE", e.Step, e.Farewell)
	case e.Farewell != "":
		return fmt.Sprintf("needs the result of %s, and there is none that was kept: it is sensitive, nothing referred to it when it was made, the step was only recorded as done, "+
			"or it was never made, as it runs only when it is asked for or its guard does not let it. Leave out what comes before the actor is destroyed with -mark-done='%s', "+
			"or have an apply make it, with -rerun='%[1]s', or with -invoke where it runs only when it is asked for. One that is sensitive is kept only "+
			"where the ledger seals it: see the block seal, or RIVETER_LEDGER_PASSPHRASE", e.Step, e.Farewell)
	case isEnsure:
		return fmt.Sprintf("needs the result of %s. That step is not made in this run, as what it ensures holds, and there is no result that was kept: it is sensitive, "+
			"nothing referred to it when it was made, it was in doubt, or it was never made. Record what needs it as done with -mark-done, or do without its result", e.Step)
	default:
		return fmt.Sprintf("needs the result of %s. That step is not made in this run, and there is no result that was kept: it is sensitive, "+
			"nothing referred to it when it was made, the step was only recorded as done, or it was never made, as it runs only when it is asked for "+
			"or its guard does not let it. Make it with -rerun='%[1]s', or with -invoke where it runs only when it is asked for, or do without its result", e.Step)
	}
}

// Unkept returns an error where what the step is made of is not known, as nobody kept it.
func (s *Step) Unkept() error {
	if steps := s.UnkeptResults(false); len(steps) > 0 {
		return s.unkept(steps[0])
	}
	return nil
}

// WillLack returns an error where the step is made of a result that nobody keeps, so that no later run can make it. One that its guard keeps
// from being made lacks nothing.
func (s *Step) WillLack() error {
	if c := s.Call(); c != nil && c.Allowed().IsKnown() && c.Allowed().False() {
		return nil
	}
	for _, f := range s.fields() {
		if steps := value.UnkeptIn(*f.value); len(steps) > 0 {
			return s.unkept(steps[0])
		}
	}
	return nil
}

func (s *Step) unkept(step string) *UnkeptError {
	err := &UnkeptError{Step: step}
	if s.Policy() == RunOnDestroy {
		err.Farewell = s.Address.String()
	}
	return err
}

// UnkeptResults are the steps whose results, which nobody kept, the step cannot be made without. Whether one that is conditional is made at
// all turns out when the rest of what is sent is known; what tells that must be known in any case.
func (s *Step) UnkeptResults(conditional bool) []string {
	var steps []string
	for _, f := range s.fields() {
		steps = append(steps, value.LostIn(*f.value, conditional && f.use != live)...)
	}
	return steps
}

// IsComparable reports whether it can be told from now on whether the step has become another one: what makes it another one is
// known, or unknown only because nobody kept it.
func (s *Step) IsComparable() bool { return s.IsKnown() || s.isUnkept() }

// isUnkept reports whether all that is unknown of what makes a call another one is so because nobody kept it.
func (s *Step) isUnkept() bool {
	unkept := false
	for _, part := range s.compared() {
		if value.IsKnown(part) {
			continue
		}
		if !value.IsLasting(part) {
			return false
		}
		unkept = true
	}
	return unkept
}

// Result returns what a step gave as expressions see it. What will not be kept says so, and which result it is.
func (d *Desired) Result(s *Step, output cty.Value, digest string) cty.Value {
	source := d.source(s, digest)
	if s.Settings.Sensitive {
		return s.Hide(output.Mark(source))
	}
	return value.Placed(value.MarkSecrets(output, source, value.Found))
}

// Hide marks what a step gave if that is a secret.
func (s *Step) Hide(output cty.Value) cty.Value {
	if s.Settings.Sensitive {
		return output.Mark(value.Sensitive)
	}
	return output
}

// source says whose result it is, and which one where a digest tells. Which actor that is, and what it was asked, stay the same when they
// are called something else.
func (d *Desired) source(s *Step, digest string) value.Source {
	id := d.Identity()
	to, _ := s.Sends()
	made := []string{id.Name, id.Key, string(s.Address.Kind), to, s.Address.Key.String()}
	if digest != "" {
		made = append(made, digest)
	}
	source := value.Source{Step: s.Address.String(), Recipe: fmt.Sprintf("%q", made)}
	if s.Call() != nil { // for an ensure may never be called, and nobody can have it be
		source.Origin = source.Recipe
	}
	return source
}

// UnkeptResult stands for what a step gave that nobody kept. It is a secret where a digest tells which it is, and another one than before where
// nobody has seen it, as that of a step which is only recorded as done.
func (d *Desired) UnkeptResult(s *Step, digest string) cty.Value {
	source := d.source(s, digest)
	if source.Another = strings.HasPrefix(digest, unseen); source.Another {
		source.Origin = ""
	}
	result := s.Hide(cty.DynamicVal.Mark(source))
	if digest != "" && !source.Another && !s.Settings.Sensitive {
		result = result.Mark(value.Sensitive).Mark(value.Found)
	}
	return result
}

// DoubtedResult stands for what a step gave that was no secret, and that was begun again since it was made.
func (d *Desired) DoubtedResult(s *Step) cty.Value {
	source := d.source(s, "")
	source.Doubted, source.Origin = true, ""
	return s.Hide(cty.DynamicVal.Mark(source))
}
