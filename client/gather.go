package client

import (
	"context"
	"sync"
)

// gathered joins what is asked about one actor at a time: while a request is on its way, the next one gathers who else is asked
// about. So thousands of actors that are waited for cost the server few requests, and nobody waits for company.
type gathered struct {
	mu     sync.Mutex
	asking bool
	queue  []*inquiry
}

// An inquiry is one request about up to [maxLookup] actors. It ends early when nobody waits for it any more.
type inquiry struct {
	ids     []string
	waiting int
	left    chan struct{} // closed when nobody waits

	done  chan struct{} // closed when there is an answer
	found map[string]Actor
	err   error
}

// find looks up the actor of an id.
func (g *gathered) find(ctx context.Context, m Management, id string) (map[string]Actor, error) {
	joined := g.join(ctx, m, id)
	defer g.leave(joined)
	select {
	case <-joined.done:
	case <-ctx.Done():
		return nil, notSent(context.Cause(ctx))
	}
	own := map[string]Actor{}
	if actor, ok := joined.found[id]; ok {
		own[id] = actor
	}
	return own, joined.err
}

func (g *gathered) join(ctx context.Context, m Management, id string) *inquiry {
	g.mu.Lock()
	defer g.mu.Unlock()
	last := len(g.queue) - 1
	if last < 0 || len(g.queue[last].ids) == maxLookup {
		g.queue = append(g.queue, &inquiry{left: make(chan struct{}), done: make(chan struct{})})
		last++
	}
	joined := g.queue[last]
	joined.ids = append(joined.ids, id)
	joined.waiting++
	if !g.asking {
		g.asking = true
		go g.ask(context.WithoutCancel(ctx), m)
	}
	return joined
}

func (g *gathered) leave(i *inquiry) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i.waiting--; i.waiting == 0 {
		close(i.left)
	}
}

// ask asks until nobody is left to be asked about.
func (g *gathered) ask(ctx context.Context, m Management) {
	for next := g.next(); next != nil; next = g.next() {
		next.ask(ctx, m)
	}
}

func (i *inquiry) ask(ctx context.Context, m Management) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	go func() {
		select {
		case <-i.left:
			end()
		case <-ctx.Done():
		}
	}()
	i.found, i.err = m.lookup(ctx, i.ids)
	close(i.done)
}

func (g *gathered) next() *inquiry {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.asking = false
		return nil
	}
	next := g.queue[0]
	g.queue = g.queue[1:]
	return next
}
