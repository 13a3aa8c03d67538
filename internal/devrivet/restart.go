package devrivet

import (
	"context"
	"errors"
)

var errStopped = errors.New("this Rivet was stopped")

// StopRegistry asks the registry to end: it finishes the actions that are running and saves
// its actors. The engine goes on without it.
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

// StartRegistry starts the registry again, and returns when actors can be created.
//
// If it is running, this is a rolling restart: the new registry is connected before the old
// one is told to go, so that its actors move over at once. If the new one cannot start, the
// old one stays, and the error has the new one's last words. After [Rivet.StopRegistry] or
// [Rivet.KillRegistry], on the other hand, the actors that were running have been without a
// registry, and the engine takes its time to try them again: seconds at first, then ever
// longer.
func (r *Rivet) StartRegistry(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return errStopped
	}
	return r.startRegistry(ctx)
}

// RestartEngine stops the engine and starts it again, on the same ports and with the
// same data, and returns when the registry has found back to it and actors can be created:
// after a second or two, twice as long with every repetition, since rivetkit waits longer
// each time.
func (r *Rivet) RestartEngine(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return errStopped
	}
	for attempt := 1; ; attempt++ {
		r.stopEngine()
		err := r.startEngine(ctx)
		if err == nil {
			return r.await(ctx, r.createsActors)
		}
		if !errors.Is(err, errPortTaken) || attempt == portAttempts {
			return err
		}
	}
}

// KillEngine ends the engine as a crash would. RestartEngine starts it again.
func (r *Rivet) KillEngine() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.engine != nil {
		r.engine.kill()
		r.engine = nil
	}
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
