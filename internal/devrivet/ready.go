package devrivet

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	pollInterval = 20 * time.Millisecond
	// nobody is an actor name that no registry has.
	nobody = "riveter-dev-is-anybody-there"
)

// await asks until the answer is nil, a program ends, or it takes too long.
func (r *Rivet) await(ctx context.Context, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("not ready after %v", startTimeout))
	defer cancel()
	return r.poll(ctx, func() (bool, error) {
		err := ready(ctx)
		return err == nil, err
	})
}

// poll calls check until it says that it is done, whose error is then poll's. It gives up
// when a program ends, or ctx does: then the error has what the last check said.
func (r *Rivet) poll(ctx context.Context, check func() (done bool, err error)) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	var obstacle error
	for {
		done, err := check()
		if ended := r.ended(); ended != nil {
			return ended
		}
		if done {
			return err
		}
		if ctx.Err() == nil {
			obstacle = err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("start a Rivet: %w", context.Cause(ctx)), obstacle)
		}
	}
}

// ended has the last words of a program that should be running and does not.
func (r *Rivet) ended() error {
	for _, p := range []*process{r.registry, r.engine} {
		if p != nil {
			if err := p.failure(); err != nil {
				return err
			}
		}
	}
	return nil
}

// createsActors is nil when an order to start an actor goes all the way: through the
// engine's workflows and the connection to the registry, and back.
//
// It orders an actor by a name that no registry has, and takes the registry's refusal for
// the proof. That holds for any registry, and runs nobody's code: a real name would need
// an input that its author accepts, and would leave behind what its creation does elsewhere.
func (r *Rivet) createsActors(ctx context.Context) error {
	api := r.api()
	pool, err := api.connectedPool(ctx)
	if err != nil {
		return err
	}
	id, err := api.createActor(ctx, nobody, pool)
	if err != nil {
		return err
	}
	refusal := r.poll(ctx, func() (bool, error) { return api.refused(ctx, id) })
	return errors.Join(refusal, api.destroyActor(ctx, id))
}
