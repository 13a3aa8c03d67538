package client

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

type namePage struct{ Names map[string]struct{} }

func (p *namePage) isThere() bool { return p.Names != nil }

// ActorNames lists, in order, the actor names that registries of the namespace have
// announced, also those without any actor.
func (m Management) ActorNames(ctx context.Context) iter.Seq2[string, error] {
	const limit = 1000
	return func(yield func(string, error) bool) {
		query := url.Values{"limit": {strconv.Itoa(limit)}}
		for last, taken := "", 0; ; {
			var page namePage
			if err := m.ask(ctx, get("/actors/names", query), nil, &page); err != nil {
				yield("", err)
				return
			}
			names := slices.Sorted(maps.Keys(page.Names))
			if taken += len(names); taken > maxListed || len(names) > 0 && last != "" && names[0] <= last {
				yield("", &Error{Method: http.MethodGet, Path: "/actors/names", Err: errEndless})
				return
			}
			for _, name := range names {
				if !yield(name, nil) {
					return
				}
			}
			if len(names) < limit {
				return
			}
			last = names[len(names)-1]
			query.Set("cursor", last)
		}
	}
}
