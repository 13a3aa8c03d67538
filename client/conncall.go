package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"riveter/client/internal/wire"
)

// Call runs an action over the connection; see [Handle.Call]. It waits for a connection
// that is being opened again. Where the connection breaks before the answer is there, or
// the answer takes longer than the handle's time limit, the call fails in doubt, unless the
// handle has the option [Idempotent].
func (c *Conn) Call(ctx context.Context, action string, args ...any) (any, error) {
	if err := cmp.Or(c.check(), checkContext(ctx)); err != nil {
		return nil, err
	}
	for attempt := 0; ; attempt++ {
		output, err := c.callOnce(ctx, action, args)
		again := c.h.how.idempotent && DeliveryOf(err) == InDoubt && attempt < c.h.c.retries
		if !again || ctx.Err() != nil {
			return output, err
		}
	}
}

// Flush returns when the actor has taken everything that was sent before over the
// connection. A subscription is in force then: every event that the actor broadcasts from
// there on is received, as long as the connection does not break.
//
// It asks the actor for an action that it does not have. The actor's runtime takes one
// message after the other (seen on 2.3.19, also with a canSubscribe that takes its time),
// and refuses it without a word to the actor's own code.
func (c *Conn) Flush(ctx context.Context) error {
	if err := cmp.Or(c.check(), checkContext(ctx)); err != nil {
		return err
	}
	for attempt := 0; ; attempt++ {
		_, err := c.callOnce(ctx, noAction, nil)
		switch {
		case DeliveryOf(err) == Delivered:
			return nil
		case DeliveryOf(err) == NotDelivered, errors.Is(err, ErrForbidden), attempt == c.h.c.retries, ctx.Err() != nil:
			return notSent(err)
		}
	}
}

func (c *Conn) callOnce(ctx context.Context, action string, args []any) (any, error) {
	if err := checkName(action); err != nil {
		return nil, err
	}
	id := c.newID()
	data, err := wire.MarshalAction(c.h.how.encoding, id, action, args)
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("encode the arguments of %s: %w", action, err), delivery: NotDelivered}
	}
	answer := make(chan result, 1)
	s, err := c.reserve(ctx, id, answer)
	if err != nil {
		return nil, notSent(err)
	}
	heard := s.heard.Load()
	if err := s.write(ctx, data); err != nil {
		s.drop() // which settles the call
	}
	limited, cancel := context.WithTimeoutCause(ctx, s.limit, errTimeout)
	defer cancel()
	select {
	case r := <-answer:
		if r.err != nil {
			return nil, s.about(action, r.err)
		}
		return r.output, nil
	case <-limited.Done():
		s.settle(id, result{})
		if ctx.Err() == nil && s.heard.Load() == heard {
			s.drop() // lest every call after this one is lost like it
		}
		return nil, s.about(action, s.lost(context.Cause(limited)))
	}
}

// about makes an error say which action it is about, as it does after a call over HTTP.
func (s *session) about(action string, e *Error) *Error {
	call := s.request
	call.method, call.path = http.MethodPost, "/action/"+escape(action)
	e.Method, e.Path = call.method, call.shownPath()
	return e
}

// reserve waits for a session that takes the call.
func (c *Conn) reserve(ctx context.Context, id uint64, answer chan<- result) (*session, error) {
	for {
		c.mu.Lock()
		s, changed, status, err := c.session, c.changed, c.status, c.err
		c.mu.Unlock()
		switch {
		case status == Closed:
			return nil, err
		case s != nil && s.expect(id, answer):
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the connection: %w", context.Cause(ctx))
		}
	}
}

func (c *Conn) newID() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nextID++
	return c.nextID - 1
}
