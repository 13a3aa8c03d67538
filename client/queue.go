package client

import (
	"context"
	"fmt"
	"time"

	"riveter/client/internal/wire"
)

// Send puts a message into a queue of the actor and returns when it is stored. An actor
// takes messages for queues that it does not have, and nothing becomes of them.
//
// Like a call, it is repeated only where that surely sends nothing twice.
func (h *Handle) Send(ctx context.Context, queue string, body any) error {
	_, err := h.enqueue(ctx, queue, body, nil)
	return err
}

// SendWait puts a message into a queue and waits until the actor has completed it, for
// as long as limit; completed tells, and reply is what the actor completed it with,
// [Undefined] for nothing. A message that is not completed in time stays in the queue.
func (h *Handle) SendWait(ctx context.Context, queue string, body any, limit time.Duration) (reply any, completed bool, err error) {
	if limit < 0 {
		return nil, false, notSent(fmt.Errorf("a limit of %s leaves no time", limit))
	}
	// The server waits; our own limit must not cut it short.
	patient := h
	if h != nil && h.how.timeout == 0 {
		patient = h.With(WithTimeout(max(actorTimeout, limit, limit+15*time.Second)))
	}
	got, err := patient.enqueue(ctx, queue, body, &limit)
	if err != nil {
		return nil, false, err
	}
	return got.Response, got.Status == "completed", nil
}

// enqueue sends a message; a limit makes the server wait for its completion.
func (h *Handle) enqueue(ctx context.Context, queue string, body any, limit *time.Duration) (wire.Queued, error) {
	if err := h.check(); err != nil {
		return wire.Queued{}, err
	}
	encoding := h.how.encoding
	data, err := wire.MarshalQueued(encoding, queue, body, limit)
	if err != nil {
		return wire.Queued{}, &Error{Err: fmt.Errorf("encode the message to %s: %w", queue, err), delivery: NotDelivered}
	}
	got, err := h.post(ctx, "/queue/", queue, data)
	if err != nil {
		return wire.Queued{}, err
	}
	answer, err := wire.UnmarshalQueued(encoding, got.body)
	if err != nil {
		return wire.Queued{}, got.lost(fmt.Errorf("decode the answer of %s: %w", queue, err))
	}
	return answer, nil
}
