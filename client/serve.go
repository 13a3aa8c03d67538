package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// openSession opens a WebSocket to the actor, subscribes to what is subscribed to and waits
// until the connection is accepted. What the actor sends before that it sent in its onConnect.
func (c *Conn) openSession(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, c.h.how.limit())
	defer cancel()
	s, err := c.h.dialSession(ctx)
	if err != nil {
		return nil, err
	}
	if !c.careful {
		s.follow(ctx, c.wanted(), c.newID)
	}
	greeting, err := c.awaitGreeting(ctx, s)
	if err == nil && c.careful {
		err = c.followOneByOne(ctx, s)
	}
	if err != nil {
		s.drop()
		c.lose(s, err)
		return nil, notSent(err)
	}
	c.attach(ctx, s, greeting)
	return s, nil
}

func (c *Conn) awaitGreeting(ctx context.Context, s *session) (initMessage, error) {
	for {
		message, err := s.read(ctx)
		if err != nil {
			return initMessage{}, err
		}
		switch m := message.(type) {
		case initMessage:
			return m, nil
		case eventMessage:
			c.deliver(m)
		case errorMessage:
			if err := s.refuse(m); err != nil {
				return initMessage{}, err
			}
		default:
			return initMessage{}, closedError(s.request, errors.New("the actor did not begin with a greeting"))
		}
	}
}

// attach subscribes to what is subscribed to by now, and only then lets calls use the session.
func (c *Conn) attach(ctx context.Context, s *session, greeting initMessage) {
	c.wire.Lock()
	s.follow(ctx, c.wanted(), c.newID)
	c.mu.Lock()
	c.greeting = greeting
	c.mu.Unlock()
	c.set(Connected, s)
	c.wire.Unlock()
	c.tell(StatusChange{Status: Connected})
}

// serve passes on what the actor sends until the session ends, and returns why.
func (c *Conn) serve(ctx context.Context, s *session) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var probes sync.WaitGroup
	probes.Go(func() { s.keepAlive(ctx, cancel, c.newID) })
	defer probes.Wait()
	defer cancel(nil)
	err := c.passOn(ctx, s)
	if c.isClosing() {
		err = notSent(fmt.Errorf("%w: the connection", ErrClosed))
	}
	c.mu.Lock()
	c.session = nil
	c.mu.Unlock()
	c.lose(s, err)
	if isDenial(err) {
		c.blame(s.awaited(), err) //nolint:contextcheck // what is said to the session of all callers heeds no caller's end
	}
	return err
}

// blame ends the subscriptions to the event that the actor has denied, or thrown about, which ends
// the whole session, and would do so again and again. It does not say which event that was: where
// several were on their way, the next session asks for one at a time.
func (c *Conn) blame(events []string, err error) {
	switch len(events) {
	case 0:
	case 1:
		c.deny(events[0], err)
	default:
		c.careful = true
	}
}

// followOneByOne subscribes to one event after the other.
func (c *Conn) followOneByOne(ctx context.Context, s *session) error {
	wanted := c.wanted()
	for n, event := range wanted {
		s.follow(ctx, wanted[:n+1], c.newID)
		for len(s.awaited()) > 0 {
			err := c.takeNext(ctx, s)
			if isDenial(err) {
				c.deny(event, err) //nolint:contextcheck // as above
			}
			if err != nil {
				return err
			}
		}
	}
	c.careful = false
	return nil
}

// isDenial tells the words of an actor's canSubscribe from others that end a session: those of
// the engine, which have a ray id, and of the runtime, about messages and its own end.
func isDenial(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code == "" || e.speaker == byEngine {
		return false
	}
	return !slices.Contains([]string{"actor", "message", "ws"}, e.Group)
}

func (c *Conn) passOn(ctx context.Context, s *session) error {
	for {
		if err := c.takeNext(ctx, s); err != nil {
			return err
		}
	}
}

// takeNext passes on one message.
func (c *Conn) takeNext(ctx context.Context, s *session) error {
	message, err := s.read(ctx)
	if err != nil {
		return err
	}
	switch m := message.(type) {
	case eventMessage:
		c.deliver(m)
	case responseMessage:
		s.settle(m.id, result{output: m.output})
	case errorMessage:
		return s.refuse(m)
	}
	return nil
}

// lose leaves nothing of a session that ended.
func (c *Conn) lose(s *session, err error) {
	s.end(err)
	c.h.forget(s.request.to.id) // the key may be another actor's by now
}
