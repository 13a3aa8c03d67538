package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
)

// Event is what an actor broadcast, or sent to a connection.
type Event struct {
	Name string
	Args []any
}

// arrival is an event as it came.
type arrival struct {
	event Event
	size  int // in bytes
}

// Subscription receives the events of one or more names over a connection, in order. It
// outlasts the connection's failures; events that are broadcast meanwhile are lost.
//
// It ends when an actor denies one of the names, or throws when it is asked, which leaves the
// connection's other subscriptions alone, and when nobody reads its events.
type Subscription struct {
	names []string

	mu     sync.Mutex
	conn   *Conn // nil until it joined one
	unread []arrival
	size   int           // of unread
	more   chan struct{} // closed, and replaced, when unread or err changes
	err    error         // no event follows
}

// On makes a subscription for a connection that is about to be opened, which misses none of
// the events that the actor sends from the beginning: it is handed to [Handle.Connect].
func On(events ...string) *Subscription {
	return &Subscription{names: slices.Compact(slices.Sorted(slices.Values(events))), more: make(chan struct{})}
}

func (s *Subscription) join(c *Conn) error {
	if s == nil || s.more == nil {
		return errNilOption
	}
	if err := s.belong(c); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range s.names {
		if c.subscriptions[name] == nil {
			c.subscriptions[name] = map[*Subscription]bool{}
		}
		c.subscriptions[name][s] = true
	}
	return nil
}

// maxEventName is what an actor takes as the name of an event, in bytes. More would end the
// connection, and every one that follows it.
const maxEventName = 60_000

func (s *Subscription) belong(c *Conn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.conn != nil:
		return errors.New("a subscription belongs to one connection")
	case len(s.names) == 0:
		return errors.New("a subscription without a name receives nothing")
	}
	for _, name := range s.names {
		if err := checkName(name); err != nil {
			return err
		}
		if len(name) > maxEventName {
			return fmt.Errorf("the name of an event takes no more than %d bytes", maxEventName)
		}
	}
	s.conn = c
	return nil
}

// Subscribe begins to receive events. The actor knows of it before any later call over the
// connection; a call by other ways may come first, and its event be missed: see [Conn.Flush].
func (c *Conn) Subscribe(events ...string) *Subscription {
	s := On(events...)
	if err := c.check(); err != nil {
		s.end(err)
		return s
	}
	c.wire.Lock()
	defer c.wire.Unlock()
	if err := s.join(c); err != nil {
		s.end(notSent(err))
		return s
	}
	c.mu.Lock()
	session, status, err := c.session, c.status, c.err
	c.mu.Unlock()
	switch {
	case status == Closed:
		s.end(err)
	case session != nil:
		session.follow(context.Background(), c.wanted())
	}
	return s
}

// wanted are the names that are subscribed to.
func (c *Conn) wanted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.subscriptions))
}

// Close ends the subscription.
func (s *Subscription) Close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c != nil {
		c.leave(s)
	}
	s.end(notSent(fmt.Errorf("%w: the subscription", ErrClosed)))
}

// leave takes a subscription off the connection.
func (c *Conn) leave(s *Subscription) {
	c.wire.Lock()
	defer c.wire.Unlock()
	c.mu.Lock()
	for _, name := range s.names {
		delete(c.subscriptions[name], s)
		if len(c.subscriptions[name]) == 0 {
			delete(c.subscriptions, name)
		}
	}
	session := c.session
	c.mu.Unlock()
	if session != nil {
		session.follow(context.Background(), c.wanted())
	}
}

// deny ends the subscriptions to an event that the actor lets them not have.
func (c *Conn) deny(name string, err error) {
	c.mu.Lock()
	denied := slices.Collect(maps.Keys(c.subscriptions[name]))
	c.mu.Unlock()
	for _, s := range denied {
		c.leave(s)
		s.end(err)
	}
}

// Next waits for the next event. It fails when the context ends, or the subscription or
// its connection is closed and no event is left.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	if err := checkContext(ctx); err != nil {
		return Event{}, err
	}
	if s == nil {
		return Event{}, notSent(errNoSubscription)
	}
	for {
		s.mu.Lock()
		event, ok := s.take()
		more, err := s.more, s.err
		s.mu.Unlock()
		switch {
		case ok:
			return event, nil
		case err != nil:
			return Event{}, err
		case more == nil:
			return Event{}, notSent(errNoSubscription)
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Event{}, notSent(context.Cause(ctx))
		}
	}
}

var errNoSubscription = errors.New("the subscription was made neither by On nor by a connection")

// take removes the first event; the caller holds the lock.
func (s *Subscription) take() (Event, bool) {
	if len(s.unread) == 0 {
		return Event{}, false
	}
	first := s.unread[0]
	s.unread[0] = arrival{}
	s.unread = s.unread[1:]
	s.size -= first.size
	return first.event, true
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

// Next waits for the next event of a subscription and decodes it into a T, as [Convert] does:
// its argument where it has one, and otherwise the list of them.
func Next[T any](ctx context.Context, s *Subscription) (T, error) {
	event, err := s.Next(ctx)
	if err != nil {
		var none T
		return none, err
	}
	var content any = event.Args
	if len(event.Args) == 1 {
		content = event.Args[0]
	}
	result, err := Convert[T](content)
	if err != nil {
		return result, &Error{Err: fmt.Errorf("decode the event %s: %w", event.Name, err), delivery: Delivered}
	}
	return result, nil
}

// deliver hands an event to all its subscriptions.
func (c *Conn) deliver(m arrival) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := range c.subscriptions[m.event.Name] {
		s.push(m, c.buffer)
	}
}

// eventOverhead is what an event takes besides its content, in bytes.
const eventOverhead = 64

func (s *Subscription) push(m arrival, limit int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.size += eventOverhead
	switch {
	case s.err != nil:
	case s.size+m.size > limit:
		s.err = notSent(ErrSlowConsumer)
	default:
		s.size += m.size
		s.unread = append(s.unread, m)
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
	if s.more != nil {
		close(s.more)
		s.more = make(chan struct{})
	}
}
