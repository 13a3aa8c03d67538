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

// await asks until the answer is nil or errPortTaken, a program ends, or it takes too long.
func (r *Rivet) await(ctx context.Context, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("not ready after %v", startTimeout))
	defer cancel()
	return r.poll(ctx, func() (bool, error) {
		err := ready(ctx)
		return err == nil || errors.Is(err, errPortTaken), err
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

// ended has the last words of a program that should be running and does not. The engine
// is asked first: without it, the registry ends too.
func (r *Rivet) ended() error {
	if err := r.engine.failure(); err != nil {
		if r.portTaken() {
			return fmt.Errorf("%w: %w", errPortTaken, err)
		}
		return err
	}
	if r.registry == nil {
		return nil
	}
	return r.registry.failure()
}

// portTaken reports whether the engine complained that it did not get a port. It does not
// always end then, but tries again, while another program answers in its place.
func (r *Rivet) portTaken() bool {
	return r.engine.output.contains("address in use") || r.engine.output.contains("address already in use")
}

// engineAnswers is nil when the engine does, and not another one that took a port of ours:
// then the public and the peer port would not agree on the id of the default namespace.
// The namespace is there a little later than the engine.
func (r *Rivet) engineAnswers(ctx context.Context) error {
	if r.portTaken() {
		return errPortTaken
	}
	public, err := r.api(r.ports.public).namespaceID(ctx)
	if err != nil {
		return err
	}
	peer, err := r.api(r.ports.peer).namespaceID(ctx)
	if err != nil {
		return err
	}
	if public != peer {
		return errors.New("another engine answers")
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
	api := r.api(r.ports.public)
	registries, err := api.connected(ctx)
	if err != nil {
		return err
	}
	if len(registries) == 0 {
		return errors.New("no registry is connected to the engine")
	}
	id, err := api.createActor(ctx, nobody, registries[0].Pool)
	if err != nil {
		return err
	}
	refusal := r.poll(ctx, func() (bool, error) { return api.refused(ctx, id) })
	return errors.Join(refusal, api.destroyActor(ctx, id))
}
