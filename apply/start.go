package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// patience is how long the first call of a created actor may take before anybody looks whether the actor has started. A busy
// engine takes seconds for each of many actors, and is not to be asked about all of them meanwhile.
const patience = 5 * time.Second

// errUnstarted ends a step whose actor has not started, so that nothing was sent.
var errUnstarted = errors.New("the actor has not started")

// asks reports whether the first step of the change is a call that tells whether the created actor has started. Where time is
// limited, that of the call is not to be spent on the start.
func (w *worker) asks() bool {
	if s := w.desired.Settings; s.ReadyTimeout+s.CallTimeout > 0 {
		return false
	}
	for _, s := range w.change.Steps {
		if s.Decision != plan.DecisionRun || s.IsFarewell() {
			continue
		}
		switch s.Desired.Spec.(type) {
		case *plan.Action, *plan.Message:
			return s.Desired.Settings.Timeout == 0 && len(s.Desired.Awaits)+len(s.Desired.Reads) == 0 && !s.Desired.ReadState
		case *plan.Request, *plan.Ensure, *plan.Expect:
		}
		return false
	}
	return false
}

// ready waits for the created actor.
func (w *worker) ready(ctx context.Context) error {
	err := w.awaitStart(ctx)
	if err == nil {
		return nil
	}
	return w.giveUp(ctx, err)
}

func (w *worker) awaitStart(ctx context.Context) error {
	return w.Executor.Ready(ctx, w.actorID, w.desired.Settings.ReadyTimeout, func(reason string) { w.tell(Waiting{w.change, reason}) })
}

// giveUp ends the waiting. An actor that cannot start is destroyed again: its key is taken and its input kept, so that a
// corrected input could never take effect. One that the engine has not started is left.
func (w *worker) giveUp(ctx context.Context, err error) error {
	if !errors.Is(err, ErrStartFailed) && !errors.Is(err, ErrNotStarted) { // which say that it is the start
		err = fmt.Errorf("start: %w", err)
	}
	if w.KeepFailed || !errors.Is(err, ErrStartFailed) {
		return err
	}
	if more := w.Executor.Destroy(ctx, w.actorID, w.desired.Settings.DestroyTimeout); more != nil {
		return fmt.Errorf("%w; it could not be destroyed again: %w", err, more)
	}
	w.actorID = ""
	return errors.Join(err, w.forget())
}

// first makes the first call of a created actor. The engine holds it back until the actor has started, or gives up on that: then
// it was surely not delivered, and is made once more when the actor has started. An actor that takes its time is looked at meanwhile.
func (w *worker) first(ctx context.Context, step *plan.Step) (cty.Value, error) {
	w.unseen = false
	watching, end := context.WithCancel(ctx)
	defer end()
	start := make(chan error, 1)
	look := func() { start <- w.safely(func() error { return w.awaitStart(watching) }) }
	later := time.AfterFunc(patience, look)
	output, err := w.callOnce(ctx, step)
	undelivered := errors.Is(err, ErrNotStarted)
	if !undelivered {
		end() // the call has told all that there is to know
	}
	if later.Stop() {
		if !undelivered {
			return output, err
		}
		look()
	}
	switch unstarted := <-start; {
	case !undelivered:
		return output, err
	case unstarted != nil:
		w.unstarted = w.giveUp(ctx, unstarted)
		return cty.NilVal, errUnstarted
	case w.isStopped(ctx):
		return cty.NilVal, errStopped
	}
	return w.callOnce(ctx, step)
}
