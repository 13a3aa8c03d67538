package operate

import (
	"encoding/json"

	"riveter/apply"
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

// keepUnsealed makes secrets of what is unsealed.
func (s *Session) keepUnsealed() {
	unseal := s.recalled.Unseal
	s.recalled.Unseal = func(sealed string) ([]byte, error) {
		plain, err := unseal(sealed)
		if err != nil {
			return nil, err
		}
		if secret, err := value.Decode(plain); err == nil {
			s.secrets.Add(value.Secrets(secret.Mark(value.Sensitive))...)
		}
		return plain, nil
	}
}

// Bind implements apply.Ledger.
func (d *discreet) Bind(entry plan.Entry) error {
	entry.Input.Value, entry.Triggers.Value = d.harmless(entry.Input.Value), d.harmless(entry.Triggers.Value)
	return d.Ledger.Bind(entry)
}

// Started implements apply.Ledger.
func (d *discreet) Started(id plan.Identity, step address.StepAddress, actorID string, args value.Memo) error {
	args.Value = d.harmless(args.Value)
	return d.Ledger.Started(id, step, actorID, args)
}

// Finished implements apply.Ledger.
func (d *discreet) Finished(id plan.Identity, step address.StepAddress, status plan.StepStatus, output json.RawMessage, secret bool) error {
	return d.Ledger.Finished(id, step, status, output, secret || output != nil && d.harmless(output) == nil)
}

// harmless returns an encoded value, or nil if there is a secret in it.
func (d *discreet) harmless(value json.RawMessage) json.RawMessage {
	if d.secrets.Holds(string(value)) {
		return nil
	}
	return value
}
