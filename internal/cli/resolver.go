package cli

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// resolver evaluates what is known only while applying, and keeps what is secret of it out of everything that is printed.
type resolver struct {
	*hcl.Evaluation
	secrets *redact.Set
}

// Resolve implements apply.Resolver.
func (r *resolver) Resolve(a address.Address) (*plan.Desired, hcl2.Diagnostics) {
	d, diags := r.Evaluation.Resolve(a)
	r.secrets.Add(secretsOf(d)...)
	return d, diags
}

// ResolveStep implements apply.Resolver.
func (r *resolver) ResolveStep(s address.StepAddress) (*plan.DesiredStep, hcl2.Diagnostics) {
	step, diags := r.Evaluation.ResolveStep(s)
	if step != nil {
		r.secrets.Add(secretsOfStep(step)...)
	}
	return step, diags
}

// SettleStep implements apply.Resolver.
func (r *resolver) SettleStep(s address.StepAddress, output cty.Value) {
	r.secrets.Add(value.Secrets(output)...)
	r.Evaluation.SettleStep(s, output)
}

// secretsOf returns what is sensitive of all that is sent to an actor.
func secretsOf(d *plan.Desired) []string {
	secrets := append(value.Secrets(d.Input), value.Secrets(d.Params)...)
	for _, step := range d.Steps {
		secrets = append(secrets, secretsOfStep(step)...)
	}
	return secrets
}

func secretsOfStep(s *plan.DesiredStep) []string {
	secrets := append(value.Secrets(s.Args), value.Secrets(s.Expect)...)
	if s.Fact != nil {
		secrets = append(append(secrets, value.Secrets(s.Fact.Want)...), value.Secrets(s.Fact.Value)...)
	}
	return secrets
}
