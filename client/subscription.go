package client

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// Event is what an actor broadcast.
type Event struct {
	Name string
	Args []any
}

// maxUnread is how many events may wait in one subscription.
const maxUnread = 1 << 16

var errTooManyUnread = errors.New("the subscription ended: too many of its events were not read")

// Subscription receives the events of one name over a connection, in order. It outlasts
// the connection's failures; events that are broadcast meanwhile are lost.
type Subscription struct {
	conn *Conn
	name string

	mu     sync.Mutex
	unread []Event
	more   chan struct{} // closed, and replaced, when unread or err changes
	err    error         // no event follows
}

// Subscribe begins to receive an event. The actor knows of it before any later call over
// the connection; a call by other ways may come first, and its event be missed.
func (c *Conn) Subscribe(event string) *Subscription {
	s := &Subscription{conn: c, name: event, more: make(chan struct{})}
	c.wire.Lock()
	defer c.wire.Unlock()
	c.mu.Lock()
	first := len(c.subscriptions[event]) == 0
	if first {
		c.subscriptions[event] = map[*Subscription]bool{}
	}
	c.subscriptions[event][s] = true
	session, status, err := c.session, c.status, c.err
	c.mu.Unlock()
	switch {
	case status == Closed:
		s.end(err)
	case first && session != nil:
		session.subscribe(context.Background(), event, true)
	}
	return s
}

// Close ends the subscription.
func (s *Subscription) Close() {
	c := s.conn
	c.wire.Lock()
	defer c.wire.Unlock()
	c.mu.Lock()
	delete(c.subscriptions[s.name], s)
	last := c.subscriptions[s.name] != nil && len(c.subscriptions[s.name]) == 0
	if last {
		delete(c.subscriptions, s.name)
	}
	session := c.session
	c.mu.Unlock()
	if last && session != nil {
		session.subscribe(context.Background(), s.name, false)
	}
	s.end(errors.New("the subscription is closed"))
}

// Next waits for the next event. It fails when the context ends, or the subscription or
// its connection is closed and no event is left.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	for {
		s.mu.Lock()
		unread, more, err := s.unread, s.more, s.err
		if len(unread) > 0 {
			s.unread = unread[1:]
		}
		s.mu.Unlock()
		switch {
		case len(unread) > 0:
			return unread[0], nil
		case err != nil:
			return Event{}, err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Event{}, context.Cause(ctx)
		}
	}
}

// Events yields events as they come, until [Subscription.Next] fails, with its error at
// the end.
func (s *Subscription) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			event, err := s.Next(ctx)
			if !yield(event, err) || err != nil {
				return
			}
		}
	}
}

// deliver hands an event to all its subscriptions.
func (c *Conn) deliver(event Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := range c.subscriptions[event.Name] {
		s.push(event)
	}
}

func (s *Subscription) push(event Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.err != nil:
	case len(s.unread) == maxUnread:
		s.err = errTooManyUnread
	default:
		s.unread = append(s.unread, event)
	}
	s.wake()
}

func (s *Subscription) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.wake()
}

// wake lets all who wait look again; the caller holds the lock.
func (s *Subscription) wake() {
	close(s.more)
	s.more = make(chan struct{})
}
