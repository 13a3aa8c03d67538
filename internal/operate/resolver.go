package operate

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
func (r *resolver) ExpandStep(s address.StepAddress) ([]*plan.Step, hcl2.Diagnostics) {
	steps, diags := r.Evaluation.ExpandStep(s)
	for _, step := range steps {
		r.secrets.Add(step.Secrets()...)
	}
	return steps, diags
}

// SettleStep implements apply.Resolver.
func (r *resolver) SettleStep(s address.StepAddress, output cty.Value) {
	r.secrets.Add(value.Secrets(output)...)
	r.Evaluation.SettleStep(s, output)
}
