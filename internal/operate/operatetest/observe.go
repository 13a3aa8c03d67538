package operatetest

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/internal/export"
	"riveter/plan"
	"riveter/plan/value"
)

// Observe implements plan.Observer.
func (s *server) Observe(ctx context.Context, declared []*plan.Desired, _ *plan.Recalled) ([]plan.Observed, error) {
	observed := make([]plan.Observed, len(declared))
	s.resolved.Add(int64(len(declared)))
	err := s.request(ctx, "observe", "", "", func() error {
		n, err := s.place()
		if err != nil {
			return err
		}
		for i, d := range declared {
			if a := s.rivet.declared(n, d); a != nil {
				observed[i] = a.observed()
			}
		}
		return nil
	})
	return observed, err
}

// declared returns the actor that a declaration means, or nil. The caller holds the Rivet.
func (r *Rivet) declared(n *namespace, d *plan.Desired) *actor {
	switch {
	case d.ID != "":
		if a := r.actor(d.ID); a != nil && !a.destroyed && a.name == d.Address.Name && a.namespace == n {
			return a
		}
		return nil
	case d.Key == nil:
		return nil
	default:
		return r.find(n, d.Address.Name, d.Key)
	}
}

func (a *actor) observed() plan.Observed {
	return plan.Observed{Exists: true, Asleep: a.asleep, ActorID: a.id, Key: slices.Clone(a.key), CreatedAt: a.created, Pool: a.pool, Failing: a.failing}
}

// ReadInputs implements operate.Server.
func (s *server) ReadInputs(all bool) plan.Observer { return inputReader{s, all} }

type inputReader struct {
	*server
	all bool
}

// Observe implements plan.Observer.
func (r inputReader) Observe(ctx context.Context, declared []*plan.Desired, recalled *plan.Recalled) ([]plan.Observed, error) {
	observed, err := r.server.Observe(ctx, declared, recalled)
	if err != nil {
		return nil, err
	}
	for i, d := range declared {
		o := &observed[i]
		isKnown := !r.all || recalled.Of(d, o).KnowsInput(o.ActorID)
		if !o.Exists || o.Failing != "" || isKnown && !recalled.Doubts(d, o) {
			continue
		}
		if o.Asleep {
			r.woken.Add(1)
			o.Asleep = false
		}
		input, err := r.Input(ctx, o.ActorID)
		if err == nil {
			o.Input, err = value.Remember(recalled.DigestKey, input)
		}
		if err != nil {
			o.InputFault = err.Error()
		}
	}
	return observed, nil
}

// Input implements apply.Executor.
func (s *server) Input(ctx context.Context, id string) (input cty.Value, err error) {
	s.reads.Add(1)
	err = s.request(ctx, "read", id, "its input", func() error {
		a, err := s.existing(id)
		if err == nil && a.hasInput {
			input = fromJSON(a.input)
		}
		return err
	})
	return input, err
}

// Names implements operate.Server.
func (s *server) Names(ctx context.Context) (names []string, err error) {
	err = s.request(ctx, "names", "", "", func() error {
		names = slices.Sorted(maps.Keys(registry))
		return nil
	})
	return names, err
}

// List implements operate.Server.
func (s *server) List(ctx context.Context, names, prefix []string) (found []export.Actor, err error) {
	err = s.request(ctx, "list", "", "", func() error {
		n, err := s.place()
		if err != nil {
			return err
		}
		for _, a := range s.rivet.actors {
			wanted := len(names) == 0 && registry[a.name] != nil || slices.Contains(names, a.name)
			if wanted && a.namespace == n && !a.destroyed && len(a.key) >= len(prefix) && slices.Equal(a.key[:len(prefix)], prefix) {
				found = append(found, a.existing())
			}
		}
		return nil
	})
	return found, err
}

func (a *actor) existing() export.Actor {
	e := export.Actor{Name: a.name, Key: slices.Clone(a.key), ID: a.id, Pool: a.pool}
	if a.failing != "" {
		e.Unfit = "it has never started: " + a.failing
	}
	return e
}

// Actions implements operate.Server.
func (s *server) Actions(ctx context.Context, actorID string) (actions []string, err error) {
	s.reads.Add(1)
	err = s.request(ctx, "read", actorID, "actions", func() error {
		a, err := s.existing(actorID)
		if err == nil {
			a.wake()
			actions = slices.Sorted(maps.Keys(a.definition.actions))
		}
		return err
	})
	return actions, err
}

// Inspect implements operate.Server.
func (s *server) Inspect(ctx context.Context, actors []export.Actor, state, input bool) error {
	for i := range actors {
		a := &actors[i]
		if a.Unfit != "" || !state && a.InputKnown {
			continue
		}
		s.woken.Add(1)
		var err error
		if state {
			if a.State, err = s.state(ctx, a.ID); err != nil {
				a.State, a.StateFault = cty.NilVal, err.Error()
			}
		}
		if input && !a.InputKnown {
			a.Input, err = s.Input(ctx, a.ID)
			a.InputKnown = err == nil
			if err != nil {
				a.InputFault = err.Error()
			}
		}
	}
	return ctx.Err()
}

// Namespaces implements operate.Server.
func (s *server) Namespaces(ctx context.Context, names []string) (map[string]string, error) {
	found := map[string]string{}
	if len(names) == 0 {
		return found, nil
	}
	err := s.request(ctx, "look up namespaces", "", "", func() error {
		for _, name := range names {
			if n := s.rivet.namespaces[name]; n != nil {
				found[name] = n.displayName
			}
		}
		return nil
	})
	return found, err
}

// CreateNamespace implements apply.Surroundings.
func (s *server) CreateNamespace(ctx context.Context, name, displayName string) error {
	return s.request(ctx, "create namespace", name, "", func() error {
		if s.rivet.namespaces[name] == nil {
			s.rivet.addNamespace(name, displayName)
		}
		return nil
	})
}

// Pools implements operate.Server.
func (s *server) Pools(ctx context.Context) (pools map[string]cty.Value, err error) {
	pools = map[string]cty.Value{}
	err = s.request(ctx, "look up pools", "", "", func() error {
		n, err := s.place()
		if err != nil {
			return err
		}
		maps.Copy(pools, n.pools)
		return nil
	})
	return pools, err
}

// CreatePool implements apply.Surroundings.
func (s *server) CreatePool(ctx context.Context, name string, datacenters cty.Value) error {
	return s.changePool(ctx, "create pool", name, func(n *namespace) error {
		if _, exists := n.pools[name]; exists {
			return errors.New("somebody else created the pool after the plan was made; plan again to change it")
		}
		n.pools[name], _ = datacenters.UnmarkDeep()
		return nil
	})
}

// UpdatePool implements apply.Surroundings.
func (s *server) UpdatePool(ctx context.Context, name string, datacenters cty.Value) error {
	return s.changePool(ctx, "update pool", name, func(n *namespace) error {
		former, exists := n.pools[name]
		if !exists {
			return errors.New("somebody else deleted the pool after the plan was made; plan again to create it")
		}
		all := former.AsValueMap()
		datacenters, _ = datacenters.UnmarkDeep()
		maps.Copy(all, datacenters.AsValueMap())
		n.pools[name] = cty.ObjectVal(all)
		return nil
	})
}

// DeletePool implements apply.Surroundings.
func (s *server) DeletePool(ctx context.Context, name string) error {
	return s.changePool(ctx, "delete pool", name, func(n *namespace) error {
		delete(n.pools, name)
		return nil
	})
}

func (s *server) changePool(ctx context.Context, verb, name string, do func(*namespace) error) error {
	return s.request(ctx, verb, name, "", func() error {
		n, err := s.place()
		if err != nil {
			return err
		}
		return do(n)
	})
}
