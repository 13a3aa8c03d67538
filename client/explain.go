package client

import (
	"context"
	"errors"
	"time"
)

// explainTimeout bounds how long a call that has failed already waits to learn why.
const explainTimeout = 5 * time.Second

// explain adds what the actor's record knows to an error that says no more than that the
// actor did not come up: the actor's own words, and whether it ever ran.
//
// The gateway gives that answer also where an earlier attempt of its own reached the
// actor, whose registry then died. Only an actor that has never started surely got
// nothing.
func (h *Handle) explain(ctx context.Context, to target, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.speaker != byEngine {
		return err
	}
	if m, _ := e.meaning(); !m.unready {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, explainTimeout)
	defer cancel()
	actor, found := h.record(ctx, to.id, e)
	if !found {
		return err
	}
	if actor.StartedAt.IsZero() {
		e.delivery = NotDelivered
	}
	if actor.Failure != nil {
		e.Err = actor.Failure
	}
	return e
}

// isLostStart recognizes, once it is explained, that the engine has lost the start of an actor that has
// never run, as it does with one of some hundreds (seen on 2.3.19): nothing hinders the next try.
func isLostStart(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.delivery != NotDelivered {
		return false
	}
	why, failed := errors.AsType[*ActorFailure](e.Err)
	m, _ := e.meaning()
	return m.unready && m.passes && (!failed || why.Kind == "envoy_no_response")
}

// record looks the actor of an error up. Whoever may not use the management API finds none.
func (h *Handle) record(ctx context.Context, id string, e *Error) (Actor, bool) {
	if metadata, ok := e.Metadata.(map[string]any); ok && id == "" {
		id, _ = metadata["actor_id"].(string)
	}
	if id == "" {
		actor, found, err := h.c.Management().ActorByKey(ctx, h.name, h.key)
		return actor, found && err == nil
	}
	found, err := h.c.Management().ActorsByID(ctx, id)
	actor, ok := found[id]
	return actor, ok && err == nil
}
