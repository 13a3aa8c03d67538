package client

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// AwaitStart waits until each of the actors has started or crashed, and yields them
// as that becomes known. [Actor.Status] tells which it was, [Actor.Failure] why, in
// the actor's own words. An actor that the namespace does not have is yielded with
// only its ID, and [ErrNotFound].
//
// What keeps the engine from starting an actor is no end of the waiting: that it has no
// registry, or that a start got lost, it gets over by itself.
//
// When the context ends, or the server cannot be asked, the sequence ends with an
// error that names the actors left.
func (m Management) AwaitStart(ctx context.Context, ids ...string) iter.Seq2[Actor, error] {
	return func(yield func(Actor, error) bool) {
		for actor, err := range m.WatchStart(ctx, ids...) {
			if (err != nil || !actor.isUndecided()) && !yield(actor, err) {
				return
			}
		}
	}
}

// WatchStart does the same, and also yields an actor that is waited for whenever its
// Failure is another than before.
func (m Management) WatchStart(ctx context.Context, ids ...string) iter.Seq2[Actor, error] {
	return func(yield func(Actor, error) bool) {
		waiting := slices.Compact(slices.Sorted(slices.Values(ids)))
		told := map[string]string{}
		for attempt := 0; len(waiting) > 0; attempt++ {
			if err := pause(ctx, m.untilLook(attempt)); err != nil {
				yield(Actor{}, stillWaiting(waiting, notSent(err)))
				return
			}
			found, err := m.ActorsByID(ctx, waiting...)
			if err != nil {
				yield(Actor{}, stillWaiting(waiting, err))
				return
			}
			var rest []string
			for _, id := range waiting {
				actor, ok := found[id]
				if ok && actor.isUndecided() {
					rest = append(rest, id)
					if actor.reason() == told[id] {
						continue
					}
					told[id] = actor.reason()
				}
				if !yield(settled(id, actor, ok)) {
					return
				}
			}
			waiting = rest
		}
	}
}

// lookEvery is how often whoever waits for actors to start, or to be gone, looks at them. All look at once, so that they share requests.
const lookEvery = 50 * time.Millisecond

// untilLook is how long to wait before the next look, ever longer.
func (m Management) untilLook(attempt int) time.Duration {
	now := time.Now()
	earliest := now
	if attempt > 0 && m.c != nil {
		earliest = now.Add(m.c.wait(pollPace, attempt-1))
	}
	return earliest.Truncate(lookEvery).Add(lookEvery).Sub(now)
}

// isUndecided says that the actor has neither started nor crashed yet.
func (a Actor) isUndecided() bool {
	return a.StartedAt.IsZero() && !a.Failure.IsCrash() && a.DestroyedAt.IsZero()
}

func (a Actor) reason() string {
	if a.Failure == nil {
		return ""
	}
	return a.Failure.Error()
}

func settled(id string, actor Actor, ok bool) (Actor, error) {
	if !ok {
		return Actor{ID: id}, &Error{
			Group: "actor", Code: "not_found", ActorID: id,
			Message: "the namespace has no such actor", speaker: byEngine, delivery: NotDelivered,
		}
	}
	return actor, nil
}

func stillWaiting(ids []string, err error) error {
	shown := strings.Join(ids[:min(len(ids), 3)], ", ")
	if len(ids) > 3 {
		shown += fmt.Sprintf(" and %d more", len(ids)-3)
	}
	return fmt.Errorf("wait for the start of %s: %w", shown, err)
}
