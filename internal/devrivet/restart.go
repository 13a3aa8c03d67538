package devrivet

import (
	"context"
	"errors"
)

var errStopped = errors.New("this Rivet was stopped")

// StopRegistry ends the registry as a deployment would: it finishes the actions
// that are running and puts its actors to sleep. The engine goes on without it.
func (r *Rivet) StopRegistry() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopRegistry()
}

// KillRegistry ends the registry as a crash would, in the middle of whatever it does.
func (r *Rivet) KillRegistry() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.registry != nil {
		r.registry.kill()
		r.registry = nil
	}
}

// StartRegistry starts the registry again after [Rivet.StopRegistry] or
// [Rivet.KillRegistry], and returns when actors can be created. Without a stop before
// it, it is a restart.
func (r *Rivet) StartRegistry(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return errStopped
	}
	r.stopRegistry()
	return r.startRegistry(ctx)
}

// RestartEngine stops the engine and starts it again, on the same ports and with the
// same data, and returns when the registry has found back to it and actors can be created.
func (r *Rivet) RestartEngine(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return errStopped
	}
	r.stopEngine()
	if err := r.startEngine(ctx); err != nil {
		return err
	}
	return r.awaitActors(ctx)
}

func (r *Rivet) stopRegistry() {
	if r.registry != nil {
		r.registry.stop()
		r.registry = nil
	}
}

func (r *Rivet) stopEngine() {
	if r.engine != nil {
		r.engine.stop()
		r.engine = nil
	}
}
