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
	// cheaper (wire reference, section 14: about 1.1 ms by key, 0.1 ms for an actor of a list), and knownFactor the same for
	// looking them up by id (0.04 ms for an actor of a list of a thousand, 0.1 ms by id).
	listFactor  = 10
	knownFactor = 2
	// fewKeys are looked up one by one without trying a list, and fewIDs in two requests.
	fewKeys   = 3
	fewIDs    = 2 * batchSize
	batchSize = 32 // ids that one request may ask for
	lookups   = 8  // requests at a time, where nobody says another limit
)

// Observe implements plan.Observer. Many actors of a name are sought in the list of that name, as far as that is cheaper than
// asking for them. Those that are left are looked up by id where the ledger knows it, and else by key.
func (t *Target) Observe(ctx context.Context, declared []*plan.Desired, recalled *plan.Recalled) ([]plan.Observed, error) {
	s := &search{
		Target:   t,
		declared: declared,
		observed: make([]plan.Observed, len(declared)),
		ids:      knownIDs(declared, recalled),
		listed:   make([]bool, len(declared)),
	}
	t.meter.resolved.Add(int64(len(declared)))
	known := s.byName(func(i int) bool { return s.ids[i] != "" })
	maps.DeleteFunc(known, func(_ string, wanted []int) bool { return len(wanted) <= fewIDs })
	if err := s.each(ctx, known, s.listKnown); err != nil {
		return nil, err
	}
	if err := s.byID(ctx); err != nil {
		return nil, err
	}
	return s.observed, s.each(ctx, s.byName(func(int) bool { return true }), s.byNameAndKey)
}

// search writes what it finds into observed, each index by one goroutine.
type search struct {
	*Target
	declared []*plan.Desired
	ids      []string // that the actors had when they were last seen, or ""
	observed []plan.Observed
	listed   []bool // what a whole list would have shown
}

func knownIDs(declared []*plan.Desired, recalled *plan.Recalled) []string {
	ids := make([]string, len(declared))
	for i, d := range declared {
		ids[i] = d.ID
		if entry := recalled.Of(d, &plan.Observed{}); entry != nil {
			ids[i] = entry.ActorID
		}
	}
	return ids
}

// byName returns those that are still sought and have a key, by the name of the actors.
func (s *search) byName(among func(i int) bool) map[string][]int {
	found := map[string][]int{}
	for i, d := range s.declared {
		if d.Key != nil && !s.observed[i].Exists && !s.listed[i] && among(i) {
			found[d.Address.Name] = append(found[d.Address.Name], i)
		}
	}
	return found
}

// each seeks the actors of several names at once.
func (s *search) each(ctx context.Context, wanted map[string][]int, seek func(context.Context, string, []int) error) error {
	names, ctx := errgroup.WithContext(ctx)
	names.SetLimit(s.lookups)
	for name, indices := range wanted {
		names.Go(func() error { return seek(ctx, name, indices) })
	}
	return names.Wait()
}

// listKnown seeks actors whose ids are known in the list of their name.
func (s *search) listKnown(ctx context.Context, name string, wanted []int) error {
	_, err := s.inList(ctx, name, wanted, knownFactor*len(wanted))
	return err
}

// byID looks up those whose ids are known.
func (s *search) byID(ctx context.Context) error {
	var ids []string
	index := map[string][]int{}
	for i, id := range s.ids {
		if id != "" && !s.observed[i].Exists && !s.listed[i] {
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
		if wanted, err = s.inList(ctx, name, wanted, listFactor*len(wanted)); err != nil {
			return err
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

// inList seeks the wanted among so many actors of their name, and returns those that it has not got to when it ends before the list
// does.
func (s *search) inList(ctx context.Context, name string, wanted []int, budget int) (rest []int, err error) {
	index := make(map[string][]int, len(wanted)) // more than one block may be about an actor
	for _, i := range wanted {
		key := client.Key(s.declared[i].Key).String()
		index[key] = append(index[key], i)
	}
	for actor, err := range s.api.Actors(ctx, name, client.ListOptions{PageSize: min(budget, 10_000)}) {
		if err != nil {
			return nil, fmt.Errorf("list the actors named %q: %w", name, err)
		}
		for _, i := range index[actor.WireKey] {
			s.observed[i] = observed(actor)
		}
		delete(index, actor.WireKey)
		budget--
		if budget == 0 || len(index) == 0 {
			return slices.Concat(slices.Collect(maps.Values(index))...), nil
		}
	}
	for _, i := range wanted {
		s.listed[i] = true
	}
	return nil, nil
}

func observed(actor client.Actor) plan.Observed {
	o := plan.Observed{
		Exists: true, Asleep: actor.Status() == client.Sleeping,
		ActorID: actor.ID, Key: actor.Key, CreatedAt: actor.CreatedAt, Pool: actor.Pool,
	}
	if actor.Failure.IsCrash() {
		o.Failing = actor.Failure.Error()
	}
	return o
}
