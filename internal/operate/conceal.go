package operate

import (
	"encoding/json"
	"maps"
	"slices"

	"riveter/apply/ledger"
	"riveter/plan"
	"riveter/plan/value"
)

// conceal has the ledger forget, but for their digests, the values that were no secrets yet when it came to remember them.
func (s *Session) conceal() error {
	declared := map[plan.Identity]*plan.Desired{}
	for _, d := range s.evaluation.Desired() {
		if d.Key != nil {
			declared[d.Identity()] = d
		}
	}
	memory := s.ledger.Environment(s.environment.NamespaceID)
	for id, entry := range s.recalled.Actors {
		if c := s.concealed(entry, declared[id]); c != nil {
			if err := memory.Conceal(id, *c); err != nil {
				return Problemf("Ledger cannot be written", "A value that is secret now stays there in clear, and nothing was applied: %s.", err)
			}
		}
	}
	return nil
}

// concealed returns which values of an entry are secret: by what is declared of the actor, which may be nil, or because there is a
// secret in them. It is nil where none is.
func (s *Session) concealed(entry *plan.Entry, declared *plan.Desired) *ledger.Concealed {
	steps := map[string]*plan.Step{}
	c := &ledger.Concealed{Outputs: map[string]json.RawMessage{}}
	if declared != nil {
		c.Input, c.Triggers = value.HasSensitive(declared.Input), value.HasSensitive(declared.Triggers)
		for _, step := range declared.Steps {
			steps[step.Address.Relative()] = step
		}
	}
	c.Input = entry.Input.Value != nil && (c.Input || s.secrets.Holds(string(entry.Input.Value)))
	c.Triggers = entry.Triggers.Value != nil && (c.Triggers || s.secrets.Holds(string(entry.Triggers.Value)))
	for _, name := range slices.Sorted(maps.Keys(entry.Steps)) {
		memo, step := entry.Steps[name], steps[name]
		if memo.Args.Value != nil && (sendsSecret(step) || s.secrets.Holds(string(memo.Args.Value))) {
			c.Args = append(c.Args, name)
		}
		if memo.Output != nil && (step != nil && step.Settings.Sensitive || s.secrets.Holds(string(memo.Output))) {
			c.Outputs[name] = memo.Output
		}
	}
	if !c.Input && !c.Triggers && len(c.Args)+len(c.Outputs) == 0 {
		return nil
	}
	return c
}

func sendsSecret(step *plan.Step) bool {
	if step == nil {
		return false
	}
	_, payload := step.Sends()
	return value.HasSensitive(payload)
}
