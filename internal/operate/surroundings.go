package operate

import (
	"context"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/value"
)

// ownNamespace returns the block that declares the namespace of the actors, or nil.
func (s *Session) ownNamespace() *plan.DesiredNamespace {
	for _, n := range s.evaluation.Namespaces() {
		if n.Name == s.environment.Namespace {
			return n
		}
	}
	return nil
}

// nothing is what there is in a namespace that does not exist yet.
type nothing struct{}

// Observe implements plan.Observer.
func (nothing) Observe(_ context.Context, declared []*plan.Desired, _ *plan.Recalled) ([]plan.Observed, error) {
	return make([]plan.Observed, len(declared)), nil
}

// surroundings looks at the declared namespaces of the server, and at its pools if any are declared or remembered.
func (s *Session) surroundings(ctx context.Context) (plan.Surroundings, error) {
	var found plan.Surroundings
	var names []string
	for _, n := range s.evaluation.Namespaces() {
		names = append(names, n.Name)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		found.Namespaces, err = s.server.Namespaces(ctx, names)
		return err
	})
	if s.environment.NamespaceID != "" && s.concernsPools() {
		group.Go(func() (err error) {
			found.Pools, err = s.server.Pools(ctx)
			return err
		})
	}
	err := group.Wait()
	return found, err
}

func (s *Session) concernsPools() bool {
	return len(s.evaluation.RunnerConfigs())+len(s.recalled.Pools) > 0
}

// founder is a server that learns where it is when it creates the namespace that a session is about.
type founder struct {
	Server
	session *Session
	memory  *discreet // of nothing until then
}

// CreateNamespace implements [apply.Surroundings].
func (f founder) CreateNamespace(ctx context.Context, name, displayName string) error {
	s := f.session
	if err := f.Server.CreateNamespace(ctx, name, displayName); err != nil || name != s.environment.Namespace {
		return err
	}
	environment, err := f.Environment(ctx)
	if err == nil && environment.NamespaceID == "" {
		err = fmt.Errorf("the namespace %q was created, but it is not there", name)
	}
	if err != nil {
		return err
	}
	s.environment = environment
	s.evaluation.SettleNamespace(environment.NamespaceID)
	f.memory.Ledger = s.memory().Ledger
	return nil
}

// Call implements [apply.Executor]. What a step gives that is sensitive is a secret at once, whoever says it again, and so are the parts of
// what any step gives in which there is a secret.
func (f founder) Call(ctx context.Context, actorID string, d *plan.Desired, step *plan.Step, matches apply.EventMatcher) (cty.Value, error) {
	output, err := f.Server.Call(ctx, actorID, d, step, matches)
	switch {
	case output == cty.NilVal:
	case step.Settings.Sensitive:
		f.session.secrets.Add(value.Secrets(output.Mark(value.Sensitive))...)
	case step.Settings.KeepOutput:
		output = f.session.recalled.Conceal(output)
	}
	return output, err
}
