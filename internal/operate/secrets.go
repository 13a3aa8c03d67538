package operate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/cores"
	"riveter/plan/value"
)

// keepSecrets makes secrets of the sensitive values that are sent, in case that a server sends them back.
func (s *Session) keepSecrets(desired []*plan.Desired) {
	var secrets []string
	for _, d := range desired {
		secrets = append(secrets, d.Secrets()...)
	}
	for _, c := range s.evaluation.RunnerConfigs() {
		secrets = append(secrets, value.Secrets(c.Datacenters)...)
	}
	s.secrets.Add(secrets...)
}

// keepUnsealed makes secrets of what is unsealed: of all that is sealed, as an actor may say it again whether anything refers to it or
// not. What cannot be opened is told where it is needed. Results in which there is a secret by now are secret in part.
func (s *Session) keepUnsealed() {
	unseal := s.recalled.Unseal
	s.recalled.Holds = s.secrets.Holds
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
	var sealed []string
	for _, entry := range s.recalled.Actors {
		for _, e := range slices.Concat(entry.Doubles, []*plan.Entry{entry}) {
			for _, step := range e.Steps {
				if step.Sealed != "" {
					sealed = append(sealed, step.Sealed)
				}
			}
		}
	}
	cores.Split(len(sealed), func(from, to int) {
		for _, text := range sealed[from:to] {
			_, _ = s.recalled.Unseal(text)
		}
	})
}

// resolver evaluates what is known only while applying, and keeps what is secret of it out of everything that is printed.
type resolver struct {
	*hcl.Evaluation
	secrets *redact.Set
}

// Resolve implements apply.Resolver.
func (r *resolver) Resolve(a address.Address) (*plan.Desired, hcl2.Diagnostics) {
	d, diags := r.Evaluation.Resolve(a)
	r.secrets.Add(d.Secrets()...)
	return d, diags
}

// ResolveStep implements apply.Resolver.
func (r *resolver) ResolveStep(s address.StepAddress) (*plan.Step, hcl2.Diagnostics) {
	step, diags := r.Evaluation.ResolveStep(s)
	if step != nil {
		r.secrets.Add(step.Secrets()...)
	}
	return step, diags
}

// ExpandStep implements apply.Resolver.
func (r *resolver) ExpandStep(s address.StepAddress) (steps []*plan.Step, whole *plan.Step, diags hcl2.Diagnostics) {
	steps, whole, diags = r.Evaluation.ExpandStep(s)
	for _, step := range steps {
		r.secrets.Add(step.Secrets()...)
	}
	return steps, whole, diags
}

// SettleStep implements apply.Resolver.
func (r *resolver) SettleStep(s address.StepAddress, output cty.Value) {
	r.secrets.Add(value.Secrets(output)...)
	r.Evaluation.SettleStep(s, output)
}
