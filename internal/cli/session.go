package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply/ledger"
	"riveter/hcl"
	"riveter/internal/target"
	"riveter/plan"
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
	orders      plan.Orders
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
	if ses.orders, err = o.orders(); err != nil {
		return ses, ses.fail(err)
	}
	ses.evaluation, more = ses.config.Evaluate(values, hcl.Options{Workdir: workdir, Env: a.env.lookup, Selection: o.selection(ses.orders)})
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

// refuse shows an error that the server answered with, or why it did not answer.
func (s *session) refuse(err error) error {
	return s.fail(explain(err, &s.evaluation.Settings().Rivet))
}

// observe evaluates with what the server has, and shows the problems of that.
func (s *session) observe(ctx context.Context, server hcl.Server) error {
	diags, err := s.evaluation.Observe(ctx, server)
	if err != nil {
		return s.refuse(err)
	}
	return s.show(diags)
}

// open connects to the server and opens the ledger, whose lock is held until close.
func (s *session) open(ctx context.Context, operation string, readOnly bool) error {
	settings := s.evaluation.Settings()
	var err error
	if s.target, err = s.app.connect(&settings.Rivet); err != nil {
		return s.fail(err)
	}
	if s.environment, err = s.target.Environment(ctx); err != nil {
		return s.refuse(err)
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
