package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// Interrupts turns signals into what a run understands. Its methods may be called concurrently. The first one cancels, or, from [Interrupts.Graceful] on, asks
// for a stop that lets running calls finish; the second one cancels always. After that, signals kill the process.
type Interrupts struct {
	mu     sync.Mutex
	count  int
	lost   bool          // an output is closed, which counts as the first signal where there was none
	stop   chan struct{} // non-nil while a stop is graceful
	notice func()        // called when a graceful stop begins
	cancel context.CancelFunc
	held   bool // there is something that only the run itself can give back
}

// errCutOff is what a request that is running ends with when signals cancel it.
var errCutOff = &cutOffError{}

type cutOffError struct{}

// Error implements error.
func (*cutOffError) Error() string { return "an interrupt cut it off" }

// Unwrap returns what the standard library calls it.
func (*cutOffError) Unwrap() error { return context.Canceled }

// ErrAbandoned is the end of a run that went on although a signal had cancelled it.
var ErrAbandoned = fmt.Errorf("it was left behind: %w", errCutOff)

// patience is how long a run may take to end by itself once a signal has cancelled it.
const patience = 500 * time.Millisecond

// Run returns what work returns. Where a signal has cancelled ctx, as [Env.Watch] returns it, and work goes on, as what computes or waits for input does, it returns
// [ErrAbandoned] a moment later, and work ends with the process: but for work that holds something.
func (i *Interrupts) Run(ctx context.Context, work func(context.Context) error) error {
	ended := make(chan error, 1)
	go func() { ended <- work(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
	}
	if !i.isHeld() {
		return ErrAbandoned
	}
	return <-ended
}

// Hold says that the run has something from now on that it must give back itself, or has sent what it must tell the end of.
func (i *Interrupts) Hold() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.held = true
}

func (i *Interrupts) isHeld() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.held
}

// Watch returns a context that signals cancel, and what else can be made of them. The caller calls done when the run is over; no
// goroutine is left then.
func (e *Env) Watch() (ctx context.Context, i *Interrupts, done func()) {
	ctx, cancelCause := context.WithCancelCause(context.Background())
	cancel := func() { cancelCause(errCutOff) }
	i = &Interrupts{cancel: cancel}
	finished := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		var last arrival
		for {
			select {
			case s := <-e.Interrupts:
				now := arrival{s, time.Now()}
				if !now.echoes(last) && i.signal() {
					e.Release()
				}
				last = now
			case <-finished:
				return
			}
		}
	})
	return ctx, i, func() {
		close(finished)
		wg.Wait()
		cancel()
	}
}

// An arrival is a signal with its time.
type arrival struct {
	signal os.Signal
	at     time.Time
}

// sameMoment is shorter than a person takes to press a key again on purpose.
const sameMoment = 300 * time.Millisecond

// echoes reports whether a signal is another one once more: a terminal's Ctrl-C reaches every program in it, of which npm and our own
// package pass it on.
func (a arrival) echoes(last arrival) bool {
	return a.signal == last.signal && a.at.Sub(last.at) < sameMoment
}

// signal reports whether this was the last signal that is to be handled.
func (i *Interrupts) signal() bool {
	notice := i.begin()
	if notice == nil {
		i.cancel()
		return true
	}
	notice() // unlocked, since it writes, and what cannot be written is told to Unread
	return false
}

// begin counts a signal, and begins a graceful stop where it is the first one. It returns what tells of that.
func (i *Interrupts) begin() (notice func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count++
	if i.stop == nil || i.count > 1 || i.lost {
		return nil
	}
	close(i.stop)
	return i.notice
}

// Unread says why an output cannot be written. That nobody reads it any more is like a signal, but only like the first one.
func (i *Interrupts) Unread(err error) {
	if !errors.Is(err, syscall.EPIPE) {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.lost || i.count > 0:
	case i.stop != nil:
		close(i.stop)
	default:
		i.cancel()
	}
	i.lost = true
}

// Graceful makes the first signal from now on close the returned channel, and say so by notice.
func (i *Interrupts) Graceful(notice func()) <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop, i.notice = make(chan struct{}), notice
	return i.stop
}

// Abrupt makes the first signal cancel again.
func (i *Interrupts) Abrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop = nil
}

// Happened reports whether there was any signal, or anything like it.
func (i *Interrupts) Happened() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.count > 0 || i.lost
}
