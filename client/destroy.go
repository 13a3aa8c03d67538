package client

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// destroyTimeout bounds one attempt: the server may never answer one, and then
// answers the next.
const destroyTimeout = 15 * time.Second

// maxDestroys is how often an actor is found alive after its destruction was answered.
const maxDestroys = 5

// DestroyActor destroys an actor and returns when the server's record says that it is
// gone and its key is free. To destroy one again is no error; one that never was is
// [ErrNotFound].
func (m Management) DestroyActor(ctx context.Context, id string) error {
	if err := checkID(id); err != nil {
		return err
	}
	for attempt := range maxDestroys {
		req := request{method: http.MethodDelete, path: "/actors/" + id, safe: true, timeout: destroyTimeout}
		if err := m.ask(ctx, req, nil, nil); err != nil {
			return err
		}
		if err := pause(ctx, m.untilLook(attempt)); err != nil {
			return &Error{Err: err, ActorID: id}
		}
		found, err := m.ActorsByID(ctx, id)
		if err != nil {
			return fmt.Errorf("confirm that actor %s is destroyed: %w", id, err)
		}
		if actor, ok := found[id]; !ok || actor.Status() == Destroyed {
			return nil
		}
	}
	return &Error{
		Method: http.MethodDelete, Path: "/actors/" + id, ActorID: id,
		Message: "the server reports success, yet the actor stays",
	}
}

// SleepActor puts an actor to sleep; it is asleep some 60 milliseconds later. The next
// request to it wakes it.
func (m Management) SleepActor(ctx context.Context, id string) error {
	if err := checkID(id); err != nil {
		return err
	}
	req := request{method: http.MethodPost, path: "/actors/" + id + "/sleep", safe: true}
	return m.ask(ctx, req, struct{}{}, nil)
}
