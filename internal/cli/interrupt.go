package cli

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

// interrupts turns signals into what a run understands. The first one cancels, or, from [interrupts.graceful] on, asks
// for a stop that lets running calls finish; the second one cancels always. After that, signals kill the process.
type interrupts struct {
	mu     sync.Mutex
	count  int
	lost   bool          // an output is closed, which counts as the first signal where there was none
	stop   chan struct{} // non-nil while a stop is graceful
	notice func()        // called when a graceful stop begins
	cancel context.CancelFunc
}

// errCutOff is what a request that is running ends with when signals cancel it.
var errCutOff = &cutOffError{}

type cutOffError struct{}

// Error implements error.
func (*cutOffError) Error() string { return "an interrupt cut it off" }

// Unwrap returns what the standard library calls it.
func (*cutOffError) Unwrap() error { return context.Canceled }

// watch returns a context that signals cancel. The caller calls done when the run is over.
func (e *Env) watch() (ctx context.Context, i *interrupts, done func()) {
	ctx, cancelCause := context.WithCancelCause(context.Background())
	cancel := func() { cancelCause(errCutOff) }
	i = &interrupts{cancel: cancel}
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
func (i *interrupts) signal() bool {
	notice := i.begin()
	if notice == nil {
		i.cancel()
		return true
	}
	notice() // unlocked, since it writes, and what cannot be written is told to unread
	return false
}

// begin counts a signal, and begins a graceful stop where it is the first one. It returns what tells of that.
func (i *interrupts) begin() (notice func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count++
	if i.stop == nil || i.count > 1 || i.lost {
		return nil
	}
	close(i.stop)
	return i.notice
}

// unread says why an output cannot be written. That nobody reads it any more is like a signal, but only like the first one.
func (i *interrupts) unread(err error) {
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

// graceful makes the first signal from now on close the returned channel, and say so by notice.
func (i *interrupts) graceful(notice func()) <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop, i.notice = make(chan struct{}), notice
	return i.stop
}

// abrupt makes the first signal cancel again.
func (i *interrupts) abrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop = nil
}

// happened reports whether there was any signal, or anything like it.
func (i *interrupts) happened() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.count > 0 || i.lost
}
