package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/client"
	"riveter/plan"
)

// The limits of an operation with all of its repetitions, where the configuration sets none.
const (
	readyLimit   = 90 * time.Second // a start that the engine loses takes 30 s more (wire reference, section 17)
	callLimit    = 75 * time.Second // an action's own limit is 60 s
	destroyLimit = time.Minute
	doubtLimit   = 15 * time.Second // what an actor says that may be riveter's is worth no more
)

// Create implements apply.Executor by Rivet's get-or-create.
func (t *Target) Create(ctx context.Context, d *plan.Desired) (apply.Created, error) {
	options := []client.CreateOption{client.WithCrashPolicy(client.CrashPolicy(d.Settings.CrashPolicy))}
	if d.Settings.Pool != "" {
		options = append(options, client.WithPool(d.Settings.Pool))
	}
	if d.Settings.Region != "" {
		options = append(options, client.WithRegion(d.Settings.Region))
	}
	if d.Input != cty.NilVal {
		input, err := toGo(d.Input)
		if err != nil {
			return apply.Created{}, fmt.Errorf("input: %w", err)
		}
		options = append(options, client.WithInput(input))
	}
	ctx, cancel := within(ctx, "not created", d.Settings.CreateTimeout, apply.CreateLimit)
	defer cancel()
	actor, created, err := t.api.GetOrCreateActor(ctx, d.Address.Name, d.Key, options...)
	return apply.Created{ActorID: actor.ID, CreatedAt: actor.CreatedAt, New: created}, uncreated(err, func() (bool, error) {
		_, found, err := t.api.ActorByKey(ctx, d.Address.Name, d.Key)
		return found, err
	})
}

// uncreated marks the error of a creation after which it may have taken effect. Where somebody other than the engine answered that it
// will not have it, nothing is on its way any more: what is not there then was not created.
func uncreated(err error, isThere func() (bool, error)) error {
	if answer, ok := errors.AsType[*client.Error](err); ok && isInDoubt(err) &&
		answer.Status >= 300 && answer.Status < 500 && answer.Status != http.StatusRequestTimeout {
		if there, unseen := isThere(); unseen == nil && !there {
			return err
		}
	}
	return inDoubt(err)
}

// CheckInput implements operate.Server.
func (t *Target) CheckInput(declared cty.Value) error {
	input, err := toGo(declared)
	if err != nil {
		return err
	}
	return client.CheckInput(input)
}

// Ready implements apply.Executor by polling the actor's record.
func (t *Target) Ready(ctx context.Context, actorID string, timeout time.Duration, waits func(reason string)) error {
	limit := cmp.Or(timeout, readyLimit)
	ctx, cancel := within(ctx, "not started", limit)
	var wake sync.Once
	var waking sync.WaitGroup
	defer waking.Wait()
	defer cancel()
	reason := "it says nothing of it"
	for actor, err := range t.api.WatchStart(ctx, actorID) {
		switch {
		case err != nil && isLate(ctx):
			return fmt.Errorf("%w within %s, and its engine says: %s. The actor is left as it is, and starts when it can", apply.ErrNotStarted, limit, reason)
		case err != nil:
			return err
		case actor.Failure.IsCrash():
			return fmt.Errorf("%w: %s", apply.ErrStartFailed, ownWords(actor.Failure))
		case !actor.DestroyedAt.IsZero():
			return errors.New("somebody destroyed the actor before it had started")
		case actor.StartedAt.IsZero() && actor.Failure != nil:
			reason = actor.Failure.Error()
			waits(reason)
			wake.Do(func() { waking.Go(func() { t.wake(ctx, actorID) }) })
		}
	}
	return nil
}

// wake asks for the actor until the context ends. The engine may have lost its start and put it to sleep, from which only a
// request wakes it (seen on engine 2.3.19 under load).
func (t *Target) wake(ctx context.Context, actorID string) {
	for ctx.Err() == nil && t.client.ForID(actorID).Wake(ctx) != nil {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// ownWords cuts off what the engine puts before the actor's own error (wire reference, section 4.3).
func ownWords(failure *client.ActorFailure) string {
	text := failure.Error()
	if _, own, ok := strings.Cut(text, "runtime startup preamble: "); ok {
		return withoutEcho(own)
	}
	return withoutEcho(text)
}

// withoutEcho drops the code of an error where its message begins with it too.
func withoutEcho(text string) string {
	if code, message, ok := strings.Cut(text, ": "); ok && strings.HasPrefix(message, code+": ") {
		return message
	}
	return text
}

// Destroy implements apply.Executor.
func (t *Target) Destroy(ctx context.Context, actorID string, timeout time.Duration) error {
	ctx, cancel := within(ctx, "not gone", timeout, destroyLimit)
	defer cancel()
	err := t.api.DestroyActor(ctx, actorID)
	if errors.Is(err, client.ErrNotFound) {
		return nil
	}
	return err
}

// inDoubt marks the errors after which the request may have taken effect.
func inDoubt(err error) error {
	if isInDoubt(err) {
		return fmt.Errorf("%w: %w", apply.ErrInDoubt, err)
	}
	return err
}

func isInDoubt(err error) bool {
	return client.DeliveryOf(err) == client.InDoubt || errors.Is(err, client.ErrResultLost)
}
