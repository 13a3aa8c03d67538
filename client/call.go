package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// actorTimeout bounds one attempt at a request to an actor, whose own limit is a
// minute.
const actorTimeout = 75 * time.Second

// Call runs an action and returns its result as one of the values of the package
// documentation. A nested action is named by its path, as in "users.add".
//
// A call is sent again by itself only where it surely did not reach the actor, or where
// the handle has the option [Idempotent]. After any other error [DeliveryOf] tells
// whether the action may have run.
func (h *Handle) Call(ctx context.Context, action string, args ...any) (any, error) {
	body, err := h.how.encoding.marshalArgs(args)
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("encode the arguments of %s: %w", action, err), delivery: NotDelivered}
	}
	got, err := h.post(ctx, "/action/"+escape(action), body)
	if err != nil {
		return nil, err
	}
	output, err := h.how.encoding.unmarshalOutput(got.body)
	if err != nil {
		return nil, got.lost(fmt.Errorf("decode the result of %s: %w", action, err))
	}
	return output, nil
}

// Caller runs actions: a [*Handle] does, by one request each, and a [*Conn].
type Caller interface {
	Call(ctx context.Context, action string, args ...any) (any, error)
}

// Call runs an action and decodes its result into a T, as [Convert] does.
func Call[T any](ctx context.Context, actor Caller, action string, args ...any) (T, error) {
	output, err := actor.Call(ctx, action, args...)
	if err != nil {
		var none T
		return none, err
	}
	result, err := Convert[T](output)
	if err != nil {
		return result, &Error{Err: fmt.Errorf("decode the result of %s: %w", action, err), delivery: Delivered}
	}
	return result, nil
}

// Convert turns a value of this package into a Go value of one's own. A value that is a
// T already is returned as it is; for all others the rules of [encoding/json] hold, so
// that struct tags count, and undefined reads as null.
func Convert[T any](value any) (T, error) {
	if result, ok := value.(T); ok {
		return result, nil
	}
	var result T
	data, err := json.Marshal(value)
	if err != nil {
		return result, err
	}
	err = json.Unmarshal(data, &result)
	return result, err
}

// post sends a body to the actor. Where a remembered id turns out to be stale, it finds
// the new one, once.
func (h *Handle) post(ctx context.Context, path string, body []byte) (answer, error) {
	id, got, err := h.postOnce(ctx, path, body)
	if id != "" && errors.Is(err, ErrNotFound) && h.forget(id) {
		id, got, err = h.postOnce(ctx, path, body)
	}
	return got, h.explain(ctx, id, err)
}

func (h *Handle) postOnce(ctx context.Context, path string, body []byte) (id string, got answer, err error) {
	req, r, err := h.address(ctx, http.MethodPost, path)
	if err != nil {
		return "", answer{}, err
	}
	req.body = body
	got, err = h.c.send(ctx, r, req)
	return req.actorID, got, err
}

// address prepares a request to the actor, which it finds first if need be.
func (h *Handle) address(ctx context.Context, method, path string) (request, route, error) {
	id, err := h.Resolve(ctx)
	if err != nil {
		return request{}, route{}, notSent(err)
	}
	r, err := h.c.route(ctx)
	if err != nil {
		return request{}, route{}, notSent(err)
	}
	header := http.Header{"X-Rivet-Encoding": {h.how.encoding.String()}}
	if h.how.params != nil {
		params, err := encodeParams(*h.how.params)
		if err != nil {
			return request{}, route{}, notSent(err)
		}
		header.Set("X-Rivet-Conn-Params", params)
	}
	return request{
		method: method, actorID: id, path: path, header: header, encoding: h.how.encoding,
		safe: h.how.idempotent, timeout: h.how.limit(),
	}, r, nil
}

// notSent marks an error as one that came before the request to the actor, whatever
// became of an earlier request on its behalf.
func notSent(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return &Error{Err: err, delivery: NotDelivered}
	}
	unsent := *e
	unsent.delivery = NotDelivered
	return &unsent
}
