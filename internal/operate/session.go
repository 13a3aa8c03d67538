package operate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply/ledger"
	"riveter/hcl"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/decide"
	"riveter/plan/value"
)

// Parts are what a session works with.
type Parts struct {
	Configuration *Configuration
	Server        Server
	Home          ledger.Home    // of the ledger
	Keeper        *Keeper        // of the ledger; nil where no actor keeps it
	Ledger        ledger.Options // how it is opened
	Watcher       Watcher        // may be nil
	Now           func() time.Time
	// Offline makes do without a server that cannot be reached, where the ledger is of one environment only.
	Offline bool
}

// Session is a configuration with the server and the ledger that it is about. It serves one use case, and no two at once.
type Session struct {
	config     *Configuration
	evaluation *hcl.Evaluation
	server     Server
	ledger     *ledger.Ledger
	document   string // where the ledger is, if that is a file
	watcher    Watcher
	keeper     *Keeper
	now        func() time.Time
	secrets    *redact.Set

	environment plan.Target
	recalled    *plan.Recalled
	results     *decide.Results // of the evaluation that is going on
}

// Open asks the server where it is and opens the ledger, whose lock is held until Close. After an error there is no
// session, and nothing to close.
func Open(ctx context.Context, p Parts) (*Session, hcl2.Diagnostics) {
	s := &Session{
		config: p.Configuration, evaluation: p.Configuration.Evaluation, secrets: p.Configuration.secrets,
		server: p.Server, watcher: p.Watcher, keeper: p.Keeper, now: p.Now, document: ledger.Document(p.Home),
	}
	if s.watcher == nil {
		s.watcher = unwatched{}
	}
	if s.now == nil {
		s.now = time.Now
	}
	diags, away := s.locate(ctx, p.Offline)
	if diags != nil {
		return nil, diags
	}
	var err error
	p.Ledger.Project, p.Ledger.Owner = s.config.Project(), plan.Owner(s.config.Project(), s.config.keyPrefix)
	if s.ledger, err = ledger.Open(ctx, p.Home, p.Ledger); err != nil {
		return nil, At(s.config.Settings().Ledger.Range, "Ledger cannot be opened", err).Diagnostics
	}
	if away != nil {
		s.environment.NamespaceID = s.ledger.Only()
	}
	if away != nil && s.environment.NamespaceID == "" {
		return nil, append(s.refuse(away), s.Close(ctx)...)
	}
	s.recalled = s.ledger.Recall(s.environment.NamespaceID)
	s.keepUnsealed()
	return s, nil
}

// locate asks the server where it is. Away is why it could not be asked, where that need not matter.
func (s *Session) locate(ctx context.Context, offline bool) (diags hcl2.Diagnostics, away error) {
	done := s.watcher.Observe(s.server.Stats)
	var err error
	s.environment, err = s.server.Environment(ctx)
	done()
	switch {
	case err != nil && offline && s.server.Explain(err).Kind == ErrorUnreachable:
		return nil, err
	case err != nil:
		return s.refuse(err), nil
	case s.environment.NamespaceID == "" && s.ownNamespace() == nil:
		return At(s.config.Settings().Rivet.Ranges["namespace"], "Namespace does not exist", fmt.Errorf(
			"the server has no namespace %q; declare it with a namespace block, and it is created", s.environment.Namespace)).Diagnostics, nil
	}
	return nil, nil
}

// Close gives the ledger back, also after an interrupt. What it could not write is an error, though nothing is lost by it.
func (s *Session) Close(ctx context.Context) hcl2.Diagnostics {
	err := s.ledger.Close(context.WithoutCancel(ctx))
	if unlock, ok := err.(*ledger.UnlockError); ok { //nolint:errorlint // joined with another one, it is less than that
		diags := At(s.config.Settings().Ledger.Range, "Ledger stays locked", unlock).Diagnostics
		diags[0].Severity = hcl2.DiagWarning
		return diags
	}
	if errors.Is(err, plan.ErrOvertaken) {
		return At(hcl2.Range{}, "Ledger taken over", err).Diagnostics
	}
	if err != nil {
		return At(hcl2.Range{}, "Ledger cannot be written", err).Diagnostics
	}
	return nil
}

// Environment returns where the session is.
func (s *Session) Environment() plan.Target { return s.environment }

// Ask evaluates the question of the configuration.
func (s *Session) Ask(ctx context.Context) (cty.Value, hcl2.Diagnostics) {
	diags := s.observe(ctx, s.against(PlanOptions{Mode: plan.ModeApply}, nil))
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	val, _ := s.evaluation.ExpressionValue()
	s.secrets.Add(value.Secrets(val)...)
	return val, diags
}

// observe evaluates with what the server has. Where something that an actor has said turns out to have a secret in it, everything is evaluated
// again, as nobody can tell what was made of it.
func (s *Session) observe(ctx context.Context, server hcl.Server) hcl2.Diagnostics {
	done := s.watcher.Observe(s.server.Stats)
	defer done()
	answers := answered(&server)
	defer answers.forget()
	for {
		known := s.secrets.Len()
		diags, err := s.evaluation.Observe(ctx, server)
		if err != nil {
			return append(diags, s.refuse(err)...)
		}
		if s.secrets.Len() == known || !s.evaluation.ConcealAgain() {
			return diags
		}
		answers.again()
		_ = s.config.evaluate() // of which everything has been said
		s.evaluation = s.config.Evaluation
	}
}

// whence says where the endpoint comes from.
const whence = "The endpoint comes from -endpoint, the rivet block, RIVET_ENDPOINT, or is http://localhost:6420"

// refuse says what an error of the server means for a person, and where the connection was given.
func (s *Session) refuse(err error) hcl2.Diagnostics {
	if isDiagnosed(err) {
		return Diagnose(err)
	}
	rivet := s.config.Settings().Rivet
	place := cmp.Or(rivet.Ranges["endpoint"], rivet.Ranges["token"])
	explained := s.server.Explain(err)
	switch explained.Kind {
	case ErrorDenied:
		return At(place, "Access denied", fmt.Errorf("%w. Give the secret token of this Rivet: in RIVET_TOKEN, as token in the rivet block, or in the endpoint's URL", err)).Diagnostics
	case ErrorUnreachable:
		return At(place, "Rivet cannot be reached", fmt.Errorf("%w. Is the engine running, and is %s its address? %s. How long an answer may take is said by timeouts in the rivet block",
			err, s.environment.Endpoint, whence)).Diagnostics
	case ErrorStranger:
		return At(place, "Rivet did not answer", fmt.Errorf("%w. Is %s the address of a Rivet engine? %s", err, s.environment.Endpoint, whence)).Diagnostics
	case ErrorUntrusted:
		return At(place, "Rivet is not trusted", fmt.Errorf("%w. The rivet block says where they may go: trusted_hosts lists hosts, and allow_insecure_http = true allows plain HTTP", err)).Diagnostics
	default:
		return At(hcl2.Range{}, "Rivet did not answer as expected", err).Diagnostics
	}
}
