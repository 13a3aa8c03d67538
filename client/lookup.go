package client

import (
	"context"
	"maps"
	"net/url"
	"slices"
)

// maxLookup is how many ids the server takes in one request.
const maxLookup = 32

// ActorByKey returns the live actor of a name and key; found is false when there is
// none.
func (m Management) ActorByKey(ctx context.Context, name string, key Key) (actor Actor, found bool, err error) {
	if err := checkKey(key); err != nil {
		return Actor{}, false, err
	}
	actors, err := m.readActors(ctx, url.Values{"name": {name}, "key": {key.String()}})
	if err != nil || len(actors) == 0 {
		return Actor{}, false, err
	}
	return actors[0], true, nil
}

// ActorsByID returns those of the actors that the namespace has, destroyed ones
// included, by their ids. It sends a request for every 32 of them. Calls about one actor
// that are made while another one waits for its answer share a request.
func (m Management) ActorsByID(ctx context.Context, ids ...string) (map[string]Actor, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	found := make(map[string]Actor, len(ids))
	for _, id := range ids {
		if err := checkID(id); err != nil {
			return nil, err
		}
	}
	if len(ids) == 1 && m.c != nil && checkContext(ctx) == nil && ctx.Err() == nil {
		return m.c.lookups.find(ctx, m, ids[0])
	}
	for chunk := range slices.Chunk(ids, maxLookup) {
		some, err := m.lookup(ctx, chunk)
		if err != nil {
			return nil, err
		}
		maps.Copy(found, some)
	}
	return found, nil
}

// lookup returns those of at most [maxLookup] actors that the namespace has.
func (m Management) lookup(ctx context.Context, ids []string) (map[string]Actor, error) {
	actors, err := m.readActors(ctx, url.Values{"actor_id": ids})
	if err != nil {
		return nil, err
	}
	found := make(map[string]Actor, len(actors))
	for _, actor := range actors {
		found[actor.ID] = actor
	}
	return found, nil
}

// checkKey reports a key that the server would not take as an *Error.
func checkKey(key Key) error {
	if err := key.Validate(); err != nil {
		return &Error{Err: err, delivery: NotDelivered}
	}
	return nil
}
