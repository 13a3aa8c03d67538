package operate

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"riveter/plan"
	"riveter/plan/address"
)

// ownNamespace returns the block that declares the namespace of the actors, or nil.
func (s *Session) ownNamespace() *plan.DesiredNamespace {
	for _, n := range s.evaluation.Namespaces() {
		if n.Address.Label == s.environment.Namespace {
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
		names = append(names, n.Address.Label)
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

// settleNamespace creates the namespace of the actors if it does not exist yet and the plan is to create it, as nothing can
// be remembered before it has its id. It returns the address of what it has made.
func (s *Session) settleNamespace(ctx context.Context, p *plan.Plan) (made address.Address, err error) {
	if s.environment.NamespaceID != "" {
		return made, nil
	}
	n := s.ownNamespace()
	if !slices.ContainsFunc(p.Changes, func(c *plan.Change) bool { return c.Address == n.Address }) {
		return made, nil
	}
	if err := s.server.CreateNamespace(ctx, n.Address.Label, n.DisplayName); err != nil {
		return made, At(n.Range, "Namespace cannot be created", err)
	}
	if s.environment, err = s.server.Environment(ctx); err == nil && s.environment.NamespaceID == "" {
		err = fmt.Errorf("the namespace %q was created, but it is not there", n.Address.Label)
	}
	s.evaluation.SettleNamespace(s.environment.NamespaceID)
	return n.Address, err
}
