package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"riveter/client/internal/wire"
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
		s.follow(ctx, c.wanted())
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

func (c *Conn) awaitGreeting(ctx context.Context, s *session) (wire.Init, error) {
	for {
		message, err := s.read(ctx)
		if err != nil {
			return wire.Init{}, err
		}
		switch m := message.(type) {
		case wire.Init:
			if err := s.request.to.answeredBy(m.ActorID); err != nil {
				return wire.Init{}, closedError(s.request, err)
			}
			return m, nil
		case arrival:
			c.deliver(m)
		case wire.Error:
			if err := s.refuse(m); err != nil {
				return wire.Init{}, err
			}
		default:
			return wire.Init{}, closedError(s.request, errors.New("the actor did not begin with a greeting"))
		}
	}
}

// attach subscribes to what is subscribed to by now, and only then lets calls use the session.
func (c *Conn) attach(ctx context.Context, s *session, greeting wire.Init) {
	c.wire.Lock()
	s.follow(ctx, c.wanted())
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
	c.careful = isDenial(err)
	return err
}

// followOneByOne subscribes to one event after the other, and ends the subscriptions to the one that the
// actor denies, or throws about, which ends the whole session, and would do so again and again. The actor does not
// say which event that was.
func (c *Conn) followOneByOne(ctx context.Context, s *session) error {
	wanted := c.wanted()
	for n, event := range wanted {
		s.follow(ctx, wanted[:n+1])
		err := c.confirm(ctx, s)
		if isDenial(err) {
			c.deny(event, err) //nolint:contextcheck // what is said to the session of all callers heeds no caller's end
		}
		if err != nil {
			return err
		}
	}
	c.careful = false
	return nil
}

// confirm returns when the actor has taken what was sent, as it takes one message after the other.
//
// It is for a session that carries no calls yet: of calls that are under way side by side, the runtime (2.3.19) notes for its sleep
// the one that it answered last. When that is not the one that was sent last, it closes the connection as
// it wakes up, with ws.message_index_skip, and loses a call.
func (c *Conn) confirm(ctx context.Context, s *session) error {
	id, answer := c.newID(), make(chan result, 1)
	s.expect(id, answer)
	if err := s.probe(ctx, id); err != nil {
		return err
	}
	for len(answer) == 0 {
		if err := c.takeNext(ctx, s); err != nil {
			return err
		}
	}
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
	case arrival:
		c.deliver(m)
	case wire.Response:
		s.settle(m.ID, result{output: m.Output})
	case wire.Error:
		return s.refuse(m)
	}
	return nil
}

// lose leaves nothing of a session that ended.
func (c *Conn) lose(s *session, err error) {
	s.end(err)
	c.h.forget(s.request.to.id) // the key may be another actor's by now
}
