package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"riveter/client/internal/bare"
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
	return got.response, got.status == "completed", nil
}

// queued is the answer to a message.
type queued struct {
	status   string
	response any
}

// enqueue sends a message; a limit makes the server wait for its completion.
func (h *Handle) enqueue(ctx context.Context, queue string, body any, limit *time.Duration) (queued, error) {
	if err := h.check(); err != nil {
		return queued{}, err
	}
	encoding := h.how.encoding
	data, err := encoding.marshalMessageTo(queue, body, limit)
	if err != nil {
		return queued{}, &Error{Err: fmt.Errorf("encode the message to %s: %w", queue, err), delivery: NotDelivered}
	}
	got, err := h.post(ctx, "/queue/", queue, data)
	if err != nil {
		return queued{}, err
	}
	answer, err := encoding.unmarshalQueued(got.body)
	if err != nil {
		return queued{}, got.lost(fmt.Errorf("decode the answer of %s: %w", queue, err))
	}
	return answer, nil
}

func (e Encoding) marshalMessageTo(queue string, body any, limit *time.Duration) ([]byte, error) {
	if e == Bare {
		data, err := marshalCBOR(body)
		b := bare.AppendData(appendVersion(), data)
		b = bare.AppendStr(bare.AppendBool(b, true), queue)
		if limit == nil {
			return bare.AppendBool(bare.AppendBool(b, false), false), err
		}
		b = bare.AppendBool(bare.AppendBool(b, true), true)
		return bare.AppendU64(bare.AppendBool(b, true), uint64(limit.Milliseconds())), err
	}
	prepared, err := jsonForm.outgoing(body)
	if err != nil {
		return nil, err
	}
	message := map[string]any{"body": prepared}
	if limit != nil {
		message["wait"], message["timeout"] = true, limit.Milliseconds()
	}
	return e.marshalModel(message)
}

func (e Encoding) unmarshalQueued(data []byte) (queued, error) {
	if e == Bare {
		r, _, err := openBare(data)
		if err != nil {
			return queued{}, err
		}
		answer := queued{status: r.Str(), response: Undefined{}}
		response := bare.Optional(r, r.Data)
		if err := r.Close(); err != nil || response == nil {
			return answer, err
		}
		answer.response, err = unmarshalCBOR(*response)
		return answer, err
	}
	body, err := e.unmarshalModel(data)
	if err != nil {
		return queued{}, err
	}
	status, ok := body["status"].(string)
	if !ok {
		return queued{}, errors.New("body has no status")
	}
	response, ok := body["response"]
	if !ok {
		return queued{status, Undefined{}}, nil
	}
	read, err := incoming(response)
	return queued{status, read}, err
}
