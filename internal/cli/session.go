package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply/ledger"
	"riveter/hcl"
	"riveter/internal/target"
	"riveter/plan"
	"riveter/plan/view"
)

// session is a configuration with the server and the ledger that it is about. Commands take it as far as they need.
type session struct {
	app     *app
	options *runOptions
	screen  screen

	config     *hcl.Config
	evaluation *hcl.Evaluation
	target     *target.Target
	ledger     *ledger.Ledger

	environment plan.Target
	recalled    *plan.Recalled
}

// load reads and evaluates the configuration as far as that needs no server. It shows every problem.
func (a *app) load(ctx context.Context, o *runOptions, s screen, from hcl.VariableSources) (*session, error) {
	ses := &session{app: a, options: o, screen: s}
	var diags hcl2.Diagnostics
	ses.config, diags = o.source.load()
	if version := ses.config.CheckVersion(Version); version.HasErrors() {
		return ses, ses.show(version)
	}
	if diags.HasErrors() {
		return ses, ses.show(diags)
	}
	from.Env, from.Given = a.env.lookup, o.source.variables
	values, more := ses.config.Variables(from)
	diags = append(diags, more...)
	workdir, err := os.Getwd()
	if err != nil {
		return ses, err
	}
	ses.evaluation, more = ses.config.Evaluate(values, hcl.Options{Workdir: workdir, Env: a.env.lookup})
	diags = append(diags, more...)
	if diags.HasErrors() { // the rest has its errors too
		more, _ = ses.evaluation.Observe(ctx, hcl.Server{})
		diags = append(diags, more...)
	}
	hcl.SortDiagnostics(diags)
	return ses, ses.show(diags)
}

// show shows the problems, and returns an error that is shown already if one of them is an error.
func (s *session) show(diags hcl2.Diagnostics) error {
	s.screen.diagnostics(diags, s.config.Files())
	if diags.HasErrors() {
		return exit(s.app.failed())
	}
	return nil
}

// fail shows an error with its place.
func (s *session) fail(err error) error {
	if code := exit(0); errors.As(err, &code) {
		return err
	}
	return s.show(asDiagnostics(err))
}

// open connects to the server and opens the ledger, whose lock is held until close.
func (s *session) open(ctx context.Context, operation string, readOnly bool) error {
	settings := s.evaluation.Settings()
	var err error
	if s.target, err = s.app.connect(&settings.Rivet); err != nil {
		return s.fail(err)
	}
	if s.environment, err = s.target.Environment(ctx); err != nil {
		return s.fail(explain(err, &settings.Rivet))
	}
	if s.environment.NamespaceID == "" && s.ownNamespace() == nil {
		return s.fail(at(settings.Rivet.Ranges["namespace"], "Namespace does not exist", fmt.Errorf(
			"the server has no namespace %q; declare it with a namespace block, and it is created", s.environment.Namespace)))
	}
	home, err := s.home(&settings.Ledger)
	if err != nil {
		return s.fail(err)
	}
	s.ledger, err = ledger.Open(ctx, home, ledger.Options{
		ReadOnly:    readOnly,
		NoLock:      !s.options.lock,
		LockTimeout: s.options.lockTimeout,
		Holder:      ledger.Holder{Who: whoami(), PID: os.Getpid(), Operation: operation},
	})
	if err != nil {
		return s.fail(at(settings.Ledger.Range, "Ledger cannot be opened", err))
	}
	s.recalled = s.ledger.Recall(s.environment.NamespaceID)
	return nil
}

// home is where the ledger is kept: what -ledger says, or else the configuration.
func (s *session) home(l *hcl.Ledger) (ledger.Home, error) {
	switch {
	case s.options.ledger == "none":
		return ledger.None(), nil
	case s.options.ledger != "":
		return ledger.Local(s.options.ledger), nil
	case l.Kind == "none":
		return ledger.None(), nil
	case l.Kind != "local":
		return nil, at(l.Range, "Ledger is not supported", errors.New("this version of riveter keeps a ledger \"local\" or \"none\" only"))
	}
	path := l.Path
	if path == "" {
		path = "riveter.ledger.json"
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.config.Dir(), path)
	}
	return ledger.Local(path), nil
}

func whoami() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}

// close gives everything back, also after an interrupt. What the ledger could not write is an error, though nothing is lost
// by it.
func (s *session) close(ctx context.Context) error {
	if s.target != nil {
		s.target.Close()
	}
	if s.ledger == nil {
		return nil
	}
	if err := s.ledger.Close(context.WithoutCancel(ctx)); err != nil {
		return s.fail(at(hcl2.Range{}, "Ledger cannot be written", err))
	}
	return nil
}

// plan observes, builds the plan and shows it.
func (s *session) plan(ctx context.Context) (*plan.Plan, error) {
	began := time.Now()
	orders, err := s.options.orders()
	if err != nil {
		return nil, s.fail(err)
	}
	var moves hcl2.Diagnostics
	s.recalled, moves = s.recalled.Move(s.config.Moves())
	replacements := plan.NewReplacements(s.recalled, orders)
	diags, err := s.evaluation.Observe(ctx, s.server(orders, replacements))
	diags = append(moves, diags...)
	if err != nil {
		return nil, s.fail(explain(err, &s.evaluation.Settings().Rivet))
	}
	if diags.HasErrors() {
		return nil, s.show(diags)
	}
	outputs, more := s.outputs()
	diags = append(diags, more...)
	checks, more := s.checks()
	diags = append(diags, more...)
	desired := s.evaluation.Desired()
	undeclared, err := s.undeclared(ctx, desired, orders)
	if err != nil {
		return nil, s.fail(explain(err, &s.evaluation.Settings().Rivet))
	}
	surroundings, err := s.surroundings(ctx)
	if err != nil {
		return nil, s.fail(explain(err, &s.evaluation.Settings().Rivet))
	}
	stats := s.target.Stats()
	stats.Resolved, stats.Elapsed = len(desired), time.Since(began)
	p, more := plan.Build(plan.Inputs{
		Mode:     s.options.mode(),
		Target:   s.environment,
		Desired:  desired,
		Observed: s.evaluation.Observed(),
		Recalled: s.recalled,
		Outputs:  outputs,
		Checks:   checks,
		Orders:   orders,
		Stats:    stats,

		Namespaces:    s.evaluation.Namespaces(),
		RunnerConfigs: s.evaluation.RunnerConfigs(),
		Surroundings:  surroundings,

		Removals:     s.config.Removals(),
		Undeclared:   undeclared,
		Replacements: replacements,
	})
	diags = append(diags, more...)
	s.keepSecrets(desired, outputs)
	if !s.options.verify {
		s.screen.plan(s.describe(view.Describe(p), diags))
	}
	return p, s.show(diags)
}

// server is what the configuration is evaluated against; with replacements, as it is to be after an apply.
func (s *session) server(orders plan.Orders, replacements *plan.Replacements) hcl.Server {
	server := hcl.Server{
		Observer:  s.target,
		Recalled:  s.recalled,
		Namespace: s.environment.NamespaceID,
		Redo: func(step plan.StepAddress) bool {
			address := step.String()
			return slices.ContainsFunc(orders.Rerun, func(p plan.Pattern) bool { return p.MatchString(address) }) ||
				slices.ContainsFunc(orders.Invoke, func(p plan.Pattern) bool { return p.MatchString(address) })
		},
	}
	if s.environment.NamespaceID == "" {
		server.Observer = nothing{}
		return server
	}
	if replacements != nil && s.options.mode() == plan.ModeApply {
		server.Replaces = replacements.Decide
	}
	if !orders.NoRefresh && !s.options.destroy {
		server.Reader = s.target
	}
	return server
}

// undeclared looks for the actors that are to be destroyed because they are not declared any more.
func (s *session) undeclared(ctx context.Context, desired []*plan.Desired, orders plan.Orders) (map[plan.Address]plan.Observed, error) {
	left := plan.Undeclared(s.recalled, desired, s.config.Removals(), orders)
	if len(left) == 0 || s.options.mode() != plan.ModeApply {
		return nil, nil
	}
	observed, err := s.target.Observe(ctx, left, s.recalled)
	if err != nil {
		return nil, err
	}
	seen := make(map[plan.Address]plan.Observed, len(left))
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
		for _, assertion := range c.Assertions {
			if assertion.Broken() {
				diags = append(diags, assertion.Diagnostic(severity, "Check failed"))
			}
		}
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
		secrets = append(secrets, secretsOf(d)...)
	}
	for _, c := range s.evaluation.RunnerConfigs() {
		secrets = append(secrets, plan.Secrets(c.Datacenters)...)
	}
	for _, o := range outputs {
		secrets = append(secrets, plan.Secrets(o.Value)...)
	}
	s.app.secrets.Add(secrets...)
}
