package cli

import (
	"context"
	"sync"
)

// interrupts turns signals into what a run understands. The first one cancels, or, from [interrupts.graceful] on, asks
// for a stop that lets running calls finish; the second one cancels always. After that, signals kill the process.
type interrupts struct {
	mu     sync.Mutex
	count  int
	stop   chan struct{} // non-nil while a stop is graceful
	notice func()        // called when a graceful stop begins
	cancel context.CancelFunc
}

// watch returns a context that signals cancel. The caller calls done when the run is over.
func (e *Env) watch() (ctx context.Context, i *interrupts, done func()) {
	ctx, cancel := context.WithCancel(context.Background())
	i = &interrupts{cancel: cancel}
	finished := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-e.Interrupts:
				if i.signal() {
					e.Release()
				}
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

// signal reports whether this was the last signal that is to be handled.
func (i *interrupts) signal() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count++
	if i.stop != nil && i.count == 1 {
		close(i.stop)
		i.notice()
		return false
	}
	i.cancel()
	return true
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

// happened reports whether there was any signal.
func (i *interrupts) happened() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.count > 0
}
