package operate

import (
	"encoding/json"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/apply/ledger"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// discreet keeps the secrets of a run out of a ledger, also where an actor has sent them back: of a value that holds one, it
// remembers the digest only.
type discreet struct {
	apply.Ledger
	secrets *redact.Set
}

// memory is the part of the ledger that is about the environment.
func (s *Session) memory() *discreet {
	return &discreet{s.ledger.Environment(s.environment.NamespaceID), s.secrets}
}

// Bind implements apply.Ledger.
func (d *discreet) Bind(entry plan.Entry) error {
	return d.Ledger.Bind(d.harmlessly(entry))
}

// Foretell implements apply.Ledger.
func (d *discreet) Foretell(entry plan.Entry) error {
	return d.Ledger.Foretell(d.harmlessly(entry))
}

// Made implements apply.Ledger.
func (d *discreet) Made(entry plan.Entry) error {
	return d.Ledger.Made(d.harmlessly(entry))
}

func (d *discreet) harmlessly(entry plan.Entry) plan.Entry {
	entry.Input.Value, entry.Triggers.Value = d.harmless(entry.Input.Value), d.harmless(entry.Triggers.Value)
	return entry
}

// Started implements apply.Ledger.
func (d *discreet) Started(id plan.Identity, step address.StepAddress, actorID string, args value.Memo) error {
	args.Value = d.harmless(args.Value)
	return d.Ledger.Started(id, step, actorID, args)
}

// Farewell implements apply.Ledger.
func (d *discreet) Farewell(id plan.Identity, step address.StepAddress, actorID string, args value.Memo) error {
	args.Value = d.harmless(args.Value)
	return d.Ledger.Farewell(id, step, actorID, args)
}

// Remade implements apply.Ledger.
func (d *discreet) Remade(id plan.Identity, step address.StepAddress, args value.Memo) error {
	args.Value = d.harmless(args.Value)
	return d.Ledger.Remade(id, step, args)
}

// harmless returns an encoded value, or nil if there is a secret in it.
func (d *discreet) harmless(value json.RawMessage) json.RawMessage {
	if d.secrets.Holds(string(value)) {
		return nil
	}
	return value
}

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
	var c ledger.Concealed
	sent, answered := map[string]bool{}, map[string]bool{} // where that is secret, by the step
	if declared != nil {
		c.Input, c.Triggers = value.HasSensitive(declared.Input), value.HasSensitive(declared.Triggers)
		for _, step := range declared.Steps {
			if sendsSecret(step) {
				sent[step.Address.Relative()] = true
			}
			if step.Settings.Sensitive {
				answered[step.Address.Relative()] = true
			}
		}
	}
	c.Input = entry.Input.Value != nil && (c.Input || s.secrets.Holds(string(entry.Input.Value)))
	c.Triggers = entry.Triggers.Value != nil && (c.Triggers || s.secrets.Holds(string(entry.Triggers.Value)))
	outputs := map[string]*value.Kept{}
	for name, memo := range entry.Steps {
		if memo.Args.Value != nil && (sent[name] || s.secrets.Holds(string(memo.Args.Value))) {
			c.Args = append(c.Args, name)
		}
		if memo.Output != nil && (answered[name] || s.secrets.Holds(string(memo.Output))) {
			outputs[name] = s.withheld(memo, answered[name])
		}
	}
	if !c.Input && !c.Triggers && len(c.Args)+len(outputs) == 0 {
		return nil
	}
	slices.Sort(c.Args)
	return &ledger.Concealed{Input: c.Input, Triggers: c.Triggers, Args: c.Args, Outputs: outputs}
}

// withheld is what is to be remembered of a result that is secret as a whole, or in which there is a secret: nothing of one that nobody can
// read, nor of its parts that cannot be opened.
func (s *Session) withheld(memo *plan.StepMemo, whole bool) *value.Kept {
	result, _ := s.recalled.Result(memo)
	if result == cty.NilVal {
		return &value.Kept{}
	}
	if whole {
		result = result.Mark(value.Sensitive)
	}
	kept, err := value.Keep(s.recalled.DigestKey, result)
	if err != nil {
		return &value.Kept{}
	}
	return kept
}

func sendsSecret(step *plan.Step) bool {
	_, payload := step.Sends()
	return value.HasSensitive(payload)
}
