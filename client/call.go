package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"riveter/client/internal/wire"
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
	if err := h.check(); err != nil {
		return nil, err
	}
	body, err := wire.MarshalArgs(h.how.encoding, args)
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("encode the arguments of %s: %w", action, err), delivery: NotDelivered}
	}
	got, err := h.post(ctx, "/action/", action, body)
	if err != nil {
		return nil, err
	}
	output, err := wire.UnmarshalOutput(h.how.encoding, got.body)
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
	var none T
	if actor == nil {
		return none, notSent(errors.New("there is nothing to call"))
	}
	output, err := actor.Call(ctx, action, args...)
	if err != nil {
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

// post sends a body to what the actor has under a name.
func (h *Handle) post(ctx context.Context, path, name string, body []byte) (answer, error) {
	if err := checkName(name); err != nil {
		return answer{}, err
	}
	return h.ask(ctx, request{method: http.MethodPost, path: path + escape(name), body: body, safe: h.how.idempotent})
}

// ask sends a request to the actor, and once more where the engine has lost the actor's start.
func (h *Handle) ask(ctx context.Context, what request) (answer, error) {
	got, err := h.askAnew(ctx, what)
	if isLostStart(err) && h.c.retries > 0 && ctx.Err() == nil {
		got, err = h.askAnew(ctx, what)
	}
	return got, err
}

// askAnew finds the new id, once, where a remembered one turns out to be stale.
func (h *Handle) askAnew(ctx context.Context, what request) (answer, error) {
	to, got, err := h.askOnce(ctx, what)
	if errors.Is(err, ErrNotFound) && h.forget(to.id) {
		to, got, err = h.askOnce(ctx, what)
	}
	return got, h.explain(ctx, to, err)
}

func (h *Handle) askOnce(ctx context.Context, what request) (target, answer, error) {
	req, r, err := h.address(ctx, what.method, what.path)
	if err != nil {
		return target{}, answer{}, err
	}
	req.body, req.safe = what.body, what.safe
	got, err := h.c.send(ctx, r, req)
	return req.to, got, err
}
