package target

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"riveter/client"
	"riveter/plan"
)

const (
	// listFactor is how many actors of a name a list may bring for each one asked for before looking them up by key is
	// cheaper (wire reference, section 14: about 1.1 ms by key, 0.1 ms for an actor of a list).
	listFactor = 10
	// fewKeys are looked up one by one without trying a list.
	fewKeys   = 3
	batchSize = 32 // ids that one request may ask for
	lookups   = 8  // requests at a time, where nobody says another limit
)

// Observe implements plan.Observer. Actors whose id the ledger knows are looked up by it. The others of a name are sought
// in the list of that name, as far as that is cheaper than asking key by key, which is what happens to the rest.
func (t *Target) Observe(ctx context.Context, declared []*plan.Desired, recalled *plan.Recalled) ([]plan.Observed, error) {
	s := &search{
		Target:   t,
		declared: declared,
		observed: make([]plan.Observed, len(declared)),
	}
	t.meter.resolved.Add(int64(len(declared)))
	if err := s.byID(ctx, recalled); err != nil {
		return nil, err
	}
	byName := map[string][]int{}
	for i, d := range declared {
		if d.Key != nil && !s.observed[i].Exists {
			byName[d.Address.Name] = append(byName[d.Address.Name], i)
		}
	}
	names, ctx := errgroup.WithContext(ctx)
	names.SetLimit(t.lookups)
	for name, wanted := range byName {
		names.Go(func() error { return s.byNameAndKey(ctx, name, wanted) })
	}
	return s.observed, names.Wait()
}

// search writes what it finds into observed, each index by one goroutine.
type search struct {
	*Target
	declared []*plan.Desired
	observed []plan.Observed
}

func (s *search) byID(ctx context.Context, recalled *plan.Recalled) error {
	ids := make([]string, 0, len(s.declared))
	index := make(map[string][]int, len(s.declared))
	for i, d := range s.declared {
		id := d.ID
		if entry := recalled.Of(d, ""); entry != nil {
			id = entry.ActorID
		}
		if id != "" {
			ids = append(ids, id)
			index[id] = append(index[id], i)
		}
	}
	batches, ctx := errgroup.WithContext(ctx)
	batches.SetLimit(s.lookups)
	for batch := range slices.Chunk(ids, batchSize) {
		batches.Go(func() error {
			actors, err := s.api.ActorsByID(ctx, batch...)
			if err != nil {
				return fmt.Errorf("look up %d actors by id: %w", len(batch), err)
			}
			for id, actor := range actors {
				for _, i := range index[id] {
					if s.isLive(i, actor) {
						s.observed[i] = observed(actor)
					}
				}
			}
			return nil
		})
	}
	return batches.Wait()
}

// isLive reports whether actor is the one that is declared at i, and exists.
func (s *search) isLive(i int, actor client.Actor) bool {
	d := s.declared[i]
	sameKey := d.ID != "" || actor.WireKey == client.Key(d.Key).String()
	return actor.DestroyedAt.IsZero() && actor.Name == d.Address.Name && sameKey
}

func (s *search) byNameAndKey(ctx context.Context, name string, wanted []int) error {
	if len(wanted) > fewKeys {
		var err error
		if wanted, err = s.inList(ctx, name, wanted); err != nil {
			return fmt.Errorf("list the actors named %q: %w", name, err)
		}
	}
	keys, ctx := errgroup.WithContext(ctx)
	keys.SetLimit(s.lookups)
	for _, i := range wanted {
		keys.Go(func() error {
			actor, found, err := s.api.ActorByKey(ctx, name, s.declared[i].Key)
			if err != nil {
				return fmt.Errorf("look up %s: %w", s.declared[i].Address, err)
			}
			if found {
				s.observed[i] = observed(actor)
			}
			return nil
		})
	}
	return keys.Wait()
}

// inList seeks the wanted in the list of their name and returns those that it has not got to when the list stops paying.
func (s *search) inList(ctx context.Context, name string, wanted []int) (rest []int, err error) {
	index := make(map[string]int, len(wanted))
	for _, i := range wanted {
		index[client.Key(s.declared[i].Key).String()] = i
	}
	budget := listFactor * len(wanted)
	for actor, err := range s.api.Actors(ctx, name, client.ListOptions{PageSize: min(budget, 10_000)}) {
		if err != nil {
			return nil, err
		}
		if i, ok := index[actor.WireKey]; ok {
			s.observed[i] = observed(actor)
			delete(index, actor.WireKey)
		}
		budget--
		if budget == 0 || len(index) == 0 {
			return slices.Sorted(maps.Values(index)), nil
		}
	}
	return nil, nil
}

func observed(actor client.Actor) plan.Observed {
	o := plan.Observed{
		Exists: true, Asleep: actor.Status() == client.Sleeping,
		ActorID: actor.ID, Key: actor.Key, CreatedAt: actor.CreatedAt, Pool: actor.Pool,
	}
	if actor.Failure != nil {
		o.Failing = actor.Failure.Error()
	}
	return o
}
