package operate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl"
	"riveter/plan"
	"riveter/plan/decide"
	"riveter/plan/value"
)

// PlanOptions say what is planned.
type PlanOptions struct {
	Mode       plan.Mode
	Orders     plan.Orders
	ReadInputs bool // read back what actors were created with where the ledger does not know it
}

// Plan looks at the server and decides what is to be done. It changes nothing. Where there are errors, the plan may be nil,
// and must not be applied.
func (s *Session) Plan(ctx context.Context, o PlanOptions) (*Planned, hcl2.Diagnostics) {
	began := s.now()
	o.Orders = s.understood(o.Orders)
	replacements := decide.NewReplacements(s.recalled, o.Orders)
	server := s.against(o, replacements)
	server.Postpones = o.Mode == plan.ModeApply
	diags := s.observe(ctx, server)
	diags = append(diags, distinct(s.results.Diagnostics())...)
	if diags.HasErrors() {
		return nil, diags
	}
	p, more, err := s.build(ctx, o, replacements, began)
	if diags = append(diags, more...); err != nil {
		return nil, append(diags, s.refuse(err)...)
	}
	if p == nil {
		return nil, diags
	}
	diags = append(diags, s.checkInputs(p)...)
	return s.planned(p, o, diags)
}

// understood returns orders as they are to be read where there is what is declared and remembered, as far as nobody has asked
// the server.
func (s *Session) understood(orders plan.Orders) plan.Orders {
	known := decide.Inputs{
		Desired: s.evaluation.Desired(), Namespaces: s.evaluation.Namespaces(), RunnerConfigs: s.evaluation.RunnerConfigs(),
		Recalled: s.recalled, Orders: orders,
	}
	return known.Understood()
}

// checkInputs refuses actors that could not be created with their inputs, as far as these are known.
func (s *Session) checkInputs(p *plan.Plan) (diags hcl2.Diagnostics) {
	for _, change := range p.Changes {
		c, ok := change.(*plan.ActorChange)
		if !ok || c.Action != plan.ActionCreate && c.Action != plan.ActionReplace || c.Desired.Input == cty.NilVal || !value.IsKnown(c.Desired.Input) {
			continue
		}
		if err := s.server.CheckInput(c.Desired.Input); err != nil {
			diags = append(diags, At(c.Desired.Settings.Range, "Input cannot be sent", fmt.Errorf("the input of %s: %w", c.Address, err)).Diagnostics...)
		}
	}
	return diags
}

// build builds the plan from what is declared and observed. Data blocks that depend on what the plan changes are looked at when
// their turn comes, and what it changes itself is asked again after that: the plan is built anew without what they said. There is none where something is wrong with what it is built from.
func (s *Session) build(ctx context.Context, o PlanOptions, replacements *decide.Replacements, began time.Time) (*plan.Plan, hcl2.Diagnostics, error) {
	for {
		in, diags, err := s.inputs(ctx, o)
		if err != nil {
			return nil, diags, err
		}
		if s.keeper != nil {
			diags = append(diags, s.checkKeeper(in.Desired)...)
		}
		in.Replacements, in.Stats.Elapsed = replacements, s.now().Sub(began)
		p, more := decide.Plan(in)
		s.keepSecrets(in.Desired)
		diags = append(diags, more...)
		if o.Mode != plan.ModeApply {
			return p, diags, nil
		}
		postponed, wrong := s.evaluation.Postpone(p)
		if wrong.HasErrors() {
			return nil, wrong, nil // from which the rest may follow
		}
		if !postponed {
			return p, append(diags, wrong...), nil
		}
	}
}

// inputs gathers what a plan is built from when what is declared has been observed, and looks at the rest of the server.
func (s *Session) inputs(ctx context.Context, o PlanOptions) (in decide.Inputs, diags hcl2.Diagnostics, err error) {
	in = decide.Inputs{
		Mode:          o.Mode,
		Target:        s.environment,
		Desired:       s.evaluation.Desired(),
		LeftOut:       s.evaluation.LeftOut(),
		Observed:      s.evaluation.Observed(),
		Recalled:      s.memories(),
		Orders:        o.Orders,
		Removals:      s.config.removals(),
		Pool:          s.server.Pool(),
		Project:       s.config.Project(),
		KeyPrefix:     s.config.keyPrefix,
		Namespaces:    s.evaluation.Namespaces(),
		RunnerConfigs: s.evaluation.RunnerConfigs(),
	}
	in.Lookups, in.Consulted = s.evaluation.Lookups(), s.evaluation.Consulted()
	if o.Mode == plan.ModeDestroy {
		if diags, err = s.presume(ctx, &in); err != nil {
			return in, nil, err
		}
	}
	if in.Named, err = s.named(ctx, in.Desired); err != nil {
		return in, nil, err
	}
	var wrong, broken hcl2.Diagnostics
	in.Outputs, wrong = s.outputs()
	in.Checks, broken = s.checks(o.Mode)
	diags = slices.Concat(diags, wrong, broken)
	if in.Announced, err = s.announced(ctx, &in); err != nil {
		return in, diags, err
	}
	if in.Undeclared, err = s.undeclared(ctx, &in); err != nil {
		return in, diags, err
	}
	if in.Surroundings, err = s.surroundings(ctx); err != nil {
		return in, diags, err
	}
	in.Stats = s.server.Stats()
	return in, diags, nil
}

// against is what the configuration is evaluated against; with replacements, as it is to be after an apply.
func (s *Session) against(o PlanOptions, replacements *decide.Replacements) hcl.Server {
	s.results = decide.NewResults(s.recalled, o.Orders)
	server := hcl.Server{
		Observer:  s.server,
		Recalled:  s.recalled,
		Namespace: s.environment.NamespaceID,
		Results: func(d *plan.Desired, seen plan.Observed, goes bool) func(*plan.Step) cty.Value {
			return s.results.Of(d, seen, goes || o.Mode == plan.ModeDestroy)
		},
		Original: func(d *plan.Desired, seen plan.Observed, replaced bool) *cty.Value {
			if !replaced && o.Mode != plan.ModeDestroy {
				return nil
			}
			return decide.Original(s.recalled, d, seen)
		},
	}
	if o.Orders.IsPartial() {
		server.Selection = o.Orders
	}
	if s.environment.NamespaceID == "" {
		server.Observer = nothing{}
		return server
	}
	if !o.Orders.NoRefresh {
		server.Observer = s.server.ReadInputs(o.ReadInputs)
	}
	if replacements != nil && o.Mode == plan.ModeApply {
		server.Replaces = replacements.Decide
	}
	server.Later = s.server
	if !o.Orders.NoRefresh && o.Mode != plan.ModeDestroy {
		server.Reader = s.server
	}
	return server
}

// announced asks for the names of the actors that registries have, where some are to be created.
func (s *Session) announced(ctx context.Context, in *decide.Inputs) ([]string, error) {
	isMissing := func(o plan.Observed) bool { return !o.Exists }
	if in.Mode != plan.ModeApply || s.environment.NamespaceID == "" || !slices.ContainsFunc(in.Observed, isMissing) {
		return nil, nil
	}
	return s.server.Names(ctx)
}

// named lists the actors of the names of which some key that is declared is not known yet: what turns up under one of them later
// was made since.
func (s *Session) named(ctx context.Context, declared []*plan.Desired) (map[string]bool, error) {
	var names []string
	for _, d := range declared {
		if d.Key == nil && !slices.Contains(names, d.Address.Name) {
			names = append(names, d.Address.Name)
		}
	}
	if len(names) == 0 || s.environment.NamespaceID == "" {
		return nil, nil
	}
	actors, err := s.server.List(ctx, names, nil)
	if err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(actors))
	for _, a := range actors {
		there[a.ID] = true
	}
	return there, nil
}

// undeclared looks for the actors that may be to go because they are not declared any more.
func (s *Session) undeclared(ctx context.Context, in *decide.Inputs) (map[plan.Identity]plan.Observed, error) {
	doomed := in.Doomed()
	if len(doomed) == 0 {
		return nil, nil
	}
	observed, err := s.seek(ctx, in.Orders, doomed)
	if err != nil {
		return nil, err
	}
	seen := make(map[plan.Identity]plan.Observed, len(doomed))
	for i, e := range doomed {
		seen[e.Identity()] = observed[i]
	}
	return seen, nil
}

// presume looks for the actors whose keys are not known at what the ledger knows of them. It returns what is wrong with what is made of that.
func (s *Session) presume(ctx context.Context, in *decide.Inputs) (hcl2.Diagnostics, error) {
	presumed := in.Presume()
	if len(presumed) == 0 {
		return nil, nil
	}
	places := slices.Sorted(maps.Keys(presumed))
	entries := make([]*plan.Entry, len(places))
	for i, place := range places {
		entries[i] = presumed[place]
	}
	observed, err := s.seek(ctx, in.Orders, entries)
	if err != nil {
		return nil, err
	}
	declared := make([]*plan.Desired, len(places))
	for i, place := range places {
		declared[i] = in.Desired[place]
	}
	diags := s.evaluation.Presume(declared, observed)
	in.Desired, in.Observed = s.evaluation.Desired(), s.evaluation.Observed()
	return diags, nil
}

// seek looks for actors that are remembered.
func (s *Session) seek(ctx context.Context, orders plan.Orders, entries []*plan.Entry) ([]plan.Observed, error) {
	actors := make([]*plan.Desired, len(entries))
	for i, e := range entries {
		actors[i] = e.Sought()
	}
	var observer plan.Observer = s.server
	if !orders.NoRefresh {
		observer = s.server.ReadInputs(false)
	}
	return observer.Observe(ctx, actors, s.recalled)
}

// checks returns the check blocks as far as they are known, with a warning for each assertion that does not hold. Where that is
// what somebody wants to know, it is said later.
func (s *Session) checks(mode plan.Mode) ([]plan.Check, hcl2.Diagnostics) {
	checks, diags := s.evaluation.Checks()
	if mode == plan.ModeVerify {
		return checks, diags
	}
	for _, c := range checks {
		diags = append(diags, c.Broken(hcl2.DiagWarning)...)
	}
	return checks, diags
}

func (s *Session) outputs() (map[string]plan.Output, hcl2.Diagnostics) {
	list, diags := s.evaluation.Outputs()
	outputs := make(map[string]plan.Output, len(list))
	for _, o := range list {
		outputs[o.Name] = plan.Output{Value: o.Value, Sensitive: o.Sensitive}
	}
	return outputs, diags
}
