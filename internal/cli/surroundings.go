package cli

import (
	"context"
	"fmt"
	"slices"

	"riveter/plan"
)

// ownNamespace returns the block that declares the namespace of the actors, or nil.
func (s *session) ownNamespace() *plan.DesiredNamespace {
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

// surroundings looks at the server's namespaces and pools, if any are declared or remembered.
func (s *session) surroundings(ctx context.Context) (plan.Surroundings, error) {
	var names []string
	for _, n := range s.evaluation.Namespaces() {
		names = append(names, n.Address.Label)
	}
	concerned := len(names)+len(s.evaluation.RunnerConfigs()) > 0
	for address := range s.recalled.Entries {
		concerned = concerned || address.Kind == plan.KindRunnerConfig
	}
	if !concerned {
		return plan.Surroundings{}, nil
	}
	return s.target.Surroundings(ctx, names)
}

// settleNamespace creates the namespace of the actors if it does not exist yet and the plan is to create it, as nothing can
// be remembered before it has its id.
func (s *session) settleNamespace(ctx context.Context, p *plan.Plan) error {
	if s.environment.NamespaceID != "" {
		return nil
	}
	n := s.ownNamespace()
	if !slices.ContainsFunc(p.Changes, func(c *plan.Change) bool { return c.Address == n.Address }) {
		return nil
	}
	if err := s.target.CreateNamespace(ctx, n.Address.Label, n.DisplayName); err != nil {
		return at(n.Range, "Namespace cannot be created", err)
	}
	var err error
	if s.environment, err = s.target.Environment(ctx); err == nil && s.environment.NamespaceID == "" {
		err = fmt.Errorf("the namespace %q was created, but it is not there", n.Address.Label)
	}
	s.evaluation.SettleNamespace(s.environment.NamespaceID)
	return err
}
