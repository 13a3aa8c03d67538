package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// destroyTimeout bounds one attempt: the server may never answer one, and then
// answers the next.
const destroyTimeout = 15 * time.Second

// lookTimeout bounds a look that nobody waited for.
const lookTimeout = 5 * time.Second

// maxDestroys is how often an actor is found alive after its destruction was answered.
const maxDestroys = 5

// DestroyActor destroys an actor and returns when the server's record says that it is
// gone and its key is free. To destroy one again is no error; one that never was is
// [ErrNotFound]. Where every answer was lost, that there is no record proves nothing.
func (m Management) DestroyActor(ctx context.Context, id string) error {
	if err := checkID(id); err != nil {
		return err
	}
	req := request{method: http.MethodDelete, path: "/actors/" + id, safe: true, timeout: destroyTimeout}
	for attempt := range maxDestroys {
		gone, err := m.remove(ctx, req, "actor "+id, func(ctx context.Context, answered bool) (bool, error) {
			return m.isGone(ctx, id, attempt, answered)
		})
		if gone || err != nil {
			return err
		}
	}
	return &Error{Method: req.method, Path: req.path, ActorID: id, Message: "the server reports success, yet the actor stays"}
}

// remove sends the deletion of something, and looks whether that is gone: also where the answer was lost, and where there is no time
// left, since it may have been done.
func (m Management) remove(ctx context.Context, req request, what string, isGone func(ctx context.Context, answered bool) (bool, error)) (bool, error) {
	lost := m.ask(ctx, req, nil, nil)
	if lost != nil && DeliveryOf(lost) != InDoubt {
		return false, lost
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
		defer cancel()
		ctx = late
	}
	switch gone, err := isGone(ctx, lost == nil); {
	case gone:
		return true, nil
	case lost != nil:
		return false, lost
	case err != nil:
		return false, fmt.Errorf("confirm that %s is gone: %w", what, err)
	default:
		return false, nil
	}
}

func (m Management) isGone(ctx context.Context, id string, attempt int, answered bool) (bool, error) {
	if err := pause(ctx, m.untilLook(attempt)); err != nil {
		return false, &Error{Err: err, ActorID: id}
	}
	found, err := m.ActorsByID(ctx, id)
	if err != nil {
		return false, err
	}
	actor, ok := found[id]
	return !ok && answered || actor.Status() == Destroyed, nil
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
