package cli

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply/ledger"
	"riveter/hcl"
	"riveter/internal/cli/connect"
	"riveter/internal/cli/screen"
	"riveter/internal/operate"
)

// session is a session of package operate with the screen that shows it. Commands take it as far as they need.
type session struct {
	*operate.Session // nil before it is open
	app              *app
	screen           screen.Screen
	config           *operate.Configuration // nil before it is loaded
	server           server
	home             connect.Home
	errors           hcl2.Diagnostics // that were shown
}

// load reads and evaluates the configuration as far as that needs no server. It shows every problem. The session is
// never nil.
func (a *app) load(ctx context.Context, s screen.Screen, o operate.LoadOptions) (*session, error) {
	ses := &session{app: a, screen: s}
	return ses, ses.load(ctx, o)
}

// begin is load of a directory that has no configuration.
func (a *app) begin(display screen.Screen, o operate.LoadOptions) (*session, error) {
	s := &session{app: a, screen: display}
	o, err := a.loading(o)
	if err != nil {
		return s, err
	}
	var diags hcl2.Diagnostics
	s.config, diags = operate.Begin(o)
	return s, s.show(diags)
}

// configurationIn returns a file of the configuration that is in a directory; nothing where there is none.
func configurationIn(dir string) (file string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !e.IsDir() && hcl.IsConfiguration(e.Name()) {
			return filepath.Join(dir, e.Name()), err
		}
	}
	return "", err
}

func (s *session) load(ctx context.Context, o operate.LoadOptions) error {
	o, err := s.app.loading(o)
	if err != nil {
		return err
	}
	var diags hcl2.Diagnostics
	s.config, diags = operate.Load(ctx, o)
	s.app.guard.KeepSources(s.config.Config)
	return s.show(diags)
}

// loading completes the options with what is around this process.
func (a *app) loading(o operate.LoadOptions) (operate.LoadOptions, error) {
	o.Version, o.Env, o.Secrets = Version, a.env.Lookup, a.secrets
	workdir, err := os.Getwd()
	o.Workdir = workdir
	return o, err
}

// show shows problems, and returns an error that is shown already if one of them is an error.
func (s *session) show(diags hcl2.Diagnostics) error {
	var files map[string]*hcl2.File
	if s.config != nil {
		files = s.config.Files()
	}
	s.screen.Diagnostics(diags, files)
	s.noteErrors(diags)
	return s.outcome(diags)
}

// noteErrors remembers the errors among what was shown.
func (s *session) noteErrors(diags hcl2.Diagnostics) {
	for _, diag := range diags {
		if diag.Severity == hcl2.DiagError {
			s.errors = append(s.errors, diag)
		}
	}
}

// showPlan shows a plan, if there is one, with what is wrong with it.
func (s *session) showPlan(p *operate.Planned, diags hcl2.Diagnostics) error {
	if p == nil {
		return s.show(diags)
	}
	s.noteErrors(diags)
	s.screen.Plan(p.Document, diags, s.config.Files())
	return s.outcome(diags)
}

// outcome is the end of a run of which everything was shown.
func (s *session) outcome(diags hcl2.Diagnostics) error {
	if diags.HasErrors() {
		return exit(s.app.failed())
	}
	return nil
}

// open connects to the server and opens the ledger, whose lock is held until close.
func (s *session) open(ctx context.Context, l ledgerOptions, operation string, readOnly bool) error {
	settings := s.config.Settings()
	var err error
	if s.server, err = s.app.dial(&settings.Rivet); err != nil {
		return s.show(operate.Diagnose(err))
	}
	if err := s.locate(ctx, l, readOnly); err != nil {
		return s.show(operate.Diagnose(err))
	}
	if settings.Ledger.NoLock && l.path == "" {
		s.screen.Note("The ledger is not locked, as lock_address is null: nobody else must use it meanwhile.")
	}
	options := s.ledgerOptions(l, operation, readOnly)
	options.Seal = s.app.connector().Seal(settings, s.config.Dir())
	var diags hcl2.Diagnostics
	s.Session, diags = operate.Open(ctx, operate.Parts{
		Configuration: s.config,
		Server:        s.server,
		Home:          s.home.Home,
		Keeper:        s.home.Keeper,
		Ledger:        options,
		Watcher:       s.screen,
		Offline:       operation == "ledger" && readOnly,
	})
	return s.show(diags)
}

// locate finds the home of the ledger. From then on, it is known what must not be written to, and what is written beside the screen is
// opened.
func (s *session) locate(ctx context.Context, l ledgerOptions, readOnly bool) (err error) {
	connector := s.app.connector()
	connector.Note = s.screen.Note
	s.home, err = connector.Home(ctx, l.path, s.config.Settings(), s.config.Dir(), readOnly)
	if err != nil {
		return err
	}
	if here, ok := s.home.Home.(ledger.OnDisk); ok {
		s.app.guard.Keep(here.Files()...)
	} else if !readOnly { // a lock on a disk ends with the process
		s.app.interrupts.Hold()
	}
	return s.app.openOutlets()
}

// ledgerOptions say how the ledger is opened.
func (s *session) ledgerOptions(o ledgerOptions, operation string, readOnly bool) ledger.Options {
	return ledger.Options{
		TakenOver: func(h ledger.Holder) {
			s.screen.Note(fmt.Sprintf("The lock of the ledger had run out: %q had it for %q since %s and did not release it (lock %q). What that run has left is taken over.",
				h.Who, h.Operation, h.Since.Format(time.RFC3339), h.ID))
		},
		ReadOnly:    readOnly,
		NoLock:      !o.lock,
		LockTimeout: o.timeout,
		Holder:      ledger.Holder{Who: whoami(), PID: os.Getpid(), Operation: operation},
	}
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

// close gives everything back, also after an interrupt.
func (s *session) close(ctx context.Context) error {
	if s.server != nil {
		s.server.Close()
	}
	if s.home.Close != nil {
		defer s.home.Close()
	}
	if s.Session == nil {
		return nil
	}
	return s.show(s.Close(ctx))
}
