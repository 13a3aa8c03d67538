package operatetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/value"
)

// server is a namespace as a client sees it.
type server struct {
	rivet     *Rivet
	namespace string

	resolved, woken, reads, requests atomic.Int64
}

// Errors of requests that do not get through.
var (
	errRefused = errors.New("connection refused")
	errLost    = errors.New("connection lost")
)

// request carries out a request: do, if it arrives. What is lost is in doubt. It holds the Rivet.
func (s *server) request(ctx context.Context, verb, on, what string, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.requests.Add(1)
	s.rivet.mu.Lock()
	defer s.rivet.mu.Unlock()
	switch s.rivet.begin(verb, on, what) {
	case Refused:
		return errRefused
	case LostBefore:
		return fmt.Errorf("%w: %w", apply.ErrInDoubt, errLost)
	case LostAfter:
		_ = do() // nobody sees it
		return fmt.Errorf("%w: %w", apply.ErrInDoubt, errLost)
	case Unseen:
		return nil
	case Delivered:
	}
	err := do()
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", apply.ErrInDoubt, ctx.Err())
	}
	return err
}

// place returns the namespace. The caller holds the Rivet.
func (s *server) place() (*namespace, error) {
	n := s.rivet.namespaces[s.namespace]
	if n == nil {
		return nil, fmt.Errorf("namespace.not_found: there is no namespace %q", s.namespace)
	}
	return n, nil
}

// Environment implements operate.Server.
func (s *server) Environment(ctx context.Context) (plan.Target, error) {
	t := plan.Target{Endpoint: "http://rivet.test", Namespace: s.namespace}
	err := s.request(ctx, "look up namespace", s.namespace, "", func() error {
		if n := s.rivet.namespaces[s.namespace]; n != nil {
			t.NamespaceID = n.id
		}
		return nil
	})
	return t, err
}

// Pool implements operate.Server.
func (s *server) Pool() string { return usualPool }

// usualPool is where actors go that name none.
const usualPool = "default"

// Prepare implements operate.Server: nothing is needed.
func (s *server) Prepare(context.Context) error { return nil }

// CheckInput implements operate.Server as Rivet does.
func (s *server) CheckInput(input cty.Value) error {
	const limit = 1 << 20
	encoded, err := value.Encode(input)
	if err == nil && len(encoded) > limit {
		err = fmt.Errorf("it takes %d bytes when encoded, the limit is %d", len(encoded), limit)
	}
	return err
}

// Pressure implements apply.Executor: there is never too much.
func (s *server) Pressure() int64 { return 0 }

// ServerTime implements apply.Executor.
func (s *server) ServerTime() (earliest time.Time, known bool) {
	s.rivet.mu.Lock()
	defer s.rivet.mu.Unlock()
	return s.rivet.now, true
}

// Stats implements operate.Server.
func (s *server) Stats() plan.Stats {
	return plan.Stats{
		Resolved: int(s.resolved.Load()), Woken: int(s.woken.Load()), Reads: int(s.reads.Load()), Requests: int(s.requests.Load()),
	}
}

// Explain implements operate.Server.
func (s *server) Explain(err error) operate.Explanation {
	e := operate.Explanation{Text: err.Error()}
	if errors.Is(err, errRefused) {
		e.Kind = operate.ErrorUnreachable
	}
	if said, ok := errors.AsType[*actorError](err); ok && said.metadata != nil {
		e.Text += fmt.Sprintf("\n\nMetadata: %s", encoded(said.metadata))
	}
	return e
}

// Create implements apply.Executor.
func (s *server) Create(ctx context.Context, d *plan.Desired) (created apply.Created, err error) {
	err = s.request(ctx, "create", d.Address.Name, fmt.Sprint(d.Key), func() error {
		n, err := s.place()
		if err != nil {
			return err
		}
		input, err := toJSON(d.Input)
		if err != nil {
			return fmt.Errorf("input: %w", err)
		}
		existing := s.rivet.find(n, d.Address.Name, d.Key)
		a := s.rivet.create(n, d.Address.Name, d.Key, input)
		if existing == nil {
			a.pool, a.hasInput = cmp.Or(d.Settings.Pool, usualPool), d.Input != cty.NilVal
		}
		created = apply.Created{ActorID: a.id, CreatedAt: a.created, New: existing == nil}
		return nil
	})
	return created, err
}

// Ready implements apply.Executor.
func (s *server) Ready(ctx context.Context, actorID string, _ time.Duration, waits func(reason string)) error {
	err := s.started(ctx, actorID)
	if !errors.Is(err, apply.ErrNotStarted) {
		return err
	}
	waits("no_envoys")
	if s.rivet.OnWait != nil {
		s.rivet.OnWait()
	}
	return s.started(ctx, actorID)
}

func (s *server) started(ctx context.Context, actorID string) error {
	return s.request(ctx, "await", actorID, "", func() error {
		a, err := s.existing(actorID)
		switch {
		case err != nil:
			return err
		case a.waiting:
			return fmt.Errorf("%w: no_envoys", apply.ErrNotStarted)
		case a.failing != "":
			return fmt.Errorf("%w: %s", apply.ErrStartFailed, a.failing)
		}
		return nil
	})
}

// Destroy implements apply.Executor.
func (s *server) Destroy(ctx context.Context, actorID string, _ time.Duration) error {
	return s.request(ctx, "destroy", actorID, "", func() error {
		if a := s.rivet.actor(actorID); a != nil {
			a.destroyed = true
		}
		return nil
	})
}

// existing returns the actor with this id.
func (s *server) existing(id string) (*actor, error) {
	a := s.rivet.actor(id)
	if a == nil || a.destroyed {
		return nil, errors.New("actor.not_found: there is no actor " + id)
	}
	return a, nil
}
