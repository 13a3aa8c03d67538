package client

import (
	"context"
	"errors"
)

// explain adds what the actor's record knows to an error that says no more than that the
// actor did not come up: the actor's own words, and whether it ever ran.
//
// The gateway gives that answer also where an earlier attempt of its own reached the
// actor, whose registry then died. Only an actor that has never started surely got
// nothing.
func (h *Handle) explain(ctx context.Context, id string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.speaker != byEngine {
		return err
	}
	if m, _ := e.meaning(); !m.unready {
		return err
	}
	found, lookupErr := h.c.Management().ActorsByID(ctx, id)
	actor, ok := found[id]
	if lookupErr != nil || !ok {
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
