package client

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// ListOptions narrow a list of actors; the zero value lists the live ones.
type ListOptions struct {
	IncludeDestroyed bool
	// PageSize is how many actors one request asks for; 1000 when zero.
	PageSize int
}

// Actors lists the actors of a name, newest first, a page at a time as the sequence
// is consumed. Each actor that exists from the first page to the last is in it once.
// After an error the sequence ends.
func (m Management) Actors(ctx context.Context, name string, opts ListOptions) iter.Seq2[Actor, error] {
	return func(yield func(Actor, error) bool) {
		pages := pager{limit: opts.PageSize}
		if pages.limit <= 0 {
			pages.limit = 1000
		}
		for !pages.done {
			page, err := m.actorPage(ctx, name, opts, pages)
			if err != nil {
				yield(Actor{}, err)
				return
			}
			fresh, err := pages.take(page)
			if err != nil {
				yield(Actor{}, &Error{Method: http.MethodGet, Path: "/actors", Err: err})
				return
			}
			for _, actor := range fresh {
				if !yield(actor, nil) {
					return
				}
			}
		}
	}
}

func (m Management) actorPage(ctx context.Context, name string, opts ListOptions, pages pager) ([]Actor, error) {
	query := url.Values{"name": {name}, "limit": {strconv.Itoa(pages.limit)}}
	if opts.IncludeDestroyed {
		query.Set("include_destroyed", "true")
	}
	if !pages.last.IsZero() {
		// The server wants strictly older rows; one millisecond more includes those
		// that share the last row's.
		query.Set("cursor", strconv.FormatInt(pages.last.UnixMilli()+1, 10))
	}
	return m.readActors(ctx, query)
}

type actorPage struct {
	asked  url.Values
	Actors []actorRecord
}

func (p *actorPage) isThere() bool {
	return p.Actors != nil && !slices.ContainsFunc(p.Actors, func(r actorRecord) bool { return !r.isAsked(p.asked) })
}

// isAsked reports whether a record is of an actor that a query asks for: a cache that does not look at the query may answer with another one.
func (r actorRecord) isAsked(query url.Values) bool {
	ids, byID := query["actor_id"]
	return (!byID || slices.Contains(ids, r.ActorID)) &&
		(!query.Has("name") || query.Get("name") == r.Name) &&
		(!query.Has("key") || r.Key != nil && query.Get("key") == *r.Key)
}

func (m Management) readActors(ctx context.Context, query url.Values) ([]Actor, error) {
	page := actorPage{asked: query}
	got, err := m.consult(ctx, get("/actors", query), nil, &page)
	if err != nil {
		return nil, err
	}
	actors := make([]Actor, len(page.Actors))
	for i, record := range page.Actors {
		if actors[i], err = record.checked(got); err != nil {
			return nil, err
		}
	}
	return actors, nil
}

// pager walks a list that is cut by creation time, in which the server's own cursor
// would lose actors: those created in the same millisecond as the last row of a page.
type pager struct {
	limit int
	last  time.Time       // creation of the last row
	seen  map[string]bool // rows taken that share it
	taken int             // rows
	done  bool
}

// How much of one list is believed, and how much of it from one millisecond. No engine has or makes so many actors, and the
// list of whoever tells more may have no end.
const (
	maxListed = 10_000_000
	maxAlike  = 1 << 17
)

var errEndless = errors.New("the list does not come to an end")

// take returns what a page adds, in its place, and moves on.
func (p *pager) take(page []Actor) ([]Actor, error) {
	p.done = len(page) < p.limit
	before := p.last
	fresh := page[:0]
	for _, actor := range page {
		if p.seen[actor.ID] {
			continue
		}
		if !before.IsZero() && actor.CreatedAt.After(before) { // the list begins again
			return nil, errEndless
		}
		if p.seen == nil || !actor.CreatedAt.Equal(p.last) {
			p.last, p.seen = actor.CreatedAt, map[string]bool{}
		}
		p.seen[actor.ID] = true
		fresh = append(fresh, actor)
	}
	if len(fresh) == 0 {
		p.limit *= 2 // more actors share one millisecond than fit a page
	}
	if p.taken += len(fresh); p.taken > maxListed || len(p.seen) > maxAlike || len(fresh) == 0 && p.limit > 2*maxAlike {
		return nil, errEndless
	}
	return fresh, nil
}
