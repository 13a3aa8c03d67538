package client

import (
	"context"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
)

// ActorNames lists, in order, the actor names that registries of the namespace have
// announced, also those without any actor.
func (m Management) ActorNames(ctx context.Context) iter.Seq2[string, error] {
	const limit = 1000
	return func(yield func(string, error) bool) {
		query := url.Values{"limit": {strconv.Itoa(limit)}}
		for {
			var page struct{ Names map[string]struct{} }
			if err := m.ask(ctx, get("/actors/names", query), nil, &page); err != nil {
				yield("", err)
				return
			}
			names := slices.Sorted(maps.Keys(page.Names))
			for _, name := range names {
				if !yield(name, nil) {
					return
				}
			}
			if len(names) < limit {
				return
			}
			query.Set("cursor", names[len(names)-1])
		}
	}
}
