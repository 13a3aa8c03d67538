package cli

import (
	"context"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
	"riveter/plan/view"
)

// plan observes, builds the plan and shows it.
func (s *session) plan(ctx context.Context) (*plan.Plan, error) {
	began := time.Now()
	var diags hcl2.Diagnostics
	s.recalled, diags = s.recalled.Move(s.config.Moves())
	replacements := plan.NewReplacements(s.recalled, s.orders)
	done := s.screen.observe(s.target.Stats)
	more, err := s.evaluation.Observe(ctx, s.server(replacements))
	done()
	if err != nil {
		return nil, s.refuse(err)
	}
	if diags = append(diags, more...); diags.HasErrors() {
		return nil, s.show(diags)
	}
	in, more, err := s.inputs(ctx)
	if err != nil {
		return nil, s.refuse(err)
	}
	diags = append(diags, more...)
	in.Replacements, in.Stats.Elapsed = replacements, time.Since(began)
	p, more := plan.Build(in)
	diags = append(diags, more...)
	s.keepSecrets(in.Desired, in.Outputs)
	if !s.options.verify {
		s.screen.plan(s.describe(view.Describe(p), diags))
	}
	return p, s.show(diags)
}

// inputs gathers what a plan is built from when what is declared has been observed, and looks at the rest of the server.
func (s *session) inputs(ctx context.Context) (in plan.Inputs, diags hcl2.Diagnostics, err error) {
	in = plan.Inputs{
		Mode:          s.options.mode(),
		Target:        s.environment,
		Desired:       s.evaluation.Desired(),
		LeftOut:       s.evaluation.LeftOut(),
		Observed:      s.evaluation.Observed(),
		Recalled:      s.recalled,
		Orders:        s.orders,
		Removals:      s.config.Removals(),
		Pool:          s.target.Pool(),
		Namespaces:    s.evaluation.Namespaces(),
		RunnerConfigs: s.evaluation.RunnerConfigs(),
	}
	var more hcl2.Diagnostics
	in.Outputs, diags = s.outputs()
	in.Checks, more = s.checks()
	diags = append(diags, more...)
	if in.Undeclared, err = s.undeclared(ctx, in.Desired); err != nil {
		return in, diags, err
	}
	if in.Surroundings, err = s.surroundings(ctx); err != nil {
		return in, diags, err
	}
	in.Stats = s.target.Stats()
	return in, diags, nil
}

// server is what the configuration is evaluated against; with replacements, as it is to be after an apply.
func (s *session) server(replacements *plan.Replacements) hcl.Server {
	server := hcl.Server{
		Observer:  s.target,
		Recalled:  s.recalled,
		Namespace: s.environment.NamespaceID,
		Redo:      s.orders.Redoes,
	}
	if s.environment.NamespaceID == "" {
		server.Observer = nothing{}
		return server
	}
	if s.options.readInputs {
		server.Observer = s.target.ReadInputs()
	}
	if replacements != nil && s.options.mode() == plan.ModeApply {
		server.Replaces = replacements.Decide
	}
	if !s.orders.NoRefresh && !s.options.destroy {
		server.Reader = s.target
	}
	return server
}

// undeclared looks for the actors that may be to go because they are not declared any more.
func (s *session) undeclared(ctx context.Context, desired []*plan.Desired) (map[address.Address]plan.Observed, error) {
	left := plan.Undeclared(s.options.mode(), s.recalled, desired, s.config.Removals(), s.orders)
	if len(left) == 0 {
		return nil, nil
	}
	observed, err := s.target.Observe(ctx, left, s.recalled)
	if err != nil {
		return nil, err
	}
	seen := make(map[address.Address]plan.Observed, len(left))
	for i, d := range left {
		seen[d.Address] = observed[i]
	}
	return seen, nil
}

// checks returns the check blocks as far as they are known, with a warning for each assertion that does not hold.
func (s *session) checks() ([]plan.Check, hcl2.Diagnostics) {
	checks, diags := s.evaluation.Checks()
	severity := hcl2.DiagWarning
	if s.options.verify {
		severity = hcl2.DiagError
	}
	for _, c := range checks {
		diags = append(diags, c.Broken(severity)...)
	}
	return checks, diags
}

// describe completes a document with what its maker leaves to the caller, and takes the secrets out of what servers said.
func (s *session) describe(d *view.Document, diags hcl2.Diagnostics) *view.Document {
	d.RiveterVersion = Version
	for i := range d.Changes {
		c := &d.Changes[i]
		c.Error = s.app.secrets.Redact(c.Error)
		for j := range c.Steps {
			c.Steps[j].Error = s.app.secrets.Redact(c.Steps[j].Error)
		}
	}
	for _, diag := range diags {
		d.Diagnostics = append(d.Diagnostics, view.DescribeDiagnostic(diag, s.config.Files()))
	}
	return d
}

func (s *session) outputs() (map[string]plan.Output, hcl2.Diagnostics) {
	list, diags := s.evaluation.Outputs()
	outputs := make(map[string]plan.Output, len(list))
	for _, o := range list {
		outputs[o.Name] = plan.Output{Value: o.Value, Sensitive: o.Sensitive}
	}
	return outputs, diags
}

// keepSecrets makes secrets of the sensitive values that are sent, in case that a server sends them back.
func (s *session) keepSecrets(desired []*plan.Desired, outputs map[string]plan.Output) {
	var secrets []string
	for _, d := range desired {
		secrets = append(secrets, d.Secrets()...)
	}
	for _, c := range s.evaluation.RunnerConfigs() {
		secrets = append(secrets, value.Secrets(c.Datacenters)...)
	}
	for _, o := range outputs {
		secrets = append(secrets, value.Secrets(o.Value)...)
	}
	s.app.secrets.Add(secrets...)
}
