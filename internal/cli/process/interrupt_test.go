package process

import (
	"context"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"
)

func TestOnlyTheFirstOfSignalsIsGraceful(t *testing.T) {
	t.Parallel()
	cancelled := 0
	i := &Interrupts{cancel: func() { cancelled++ }}
	stop := i.Graceful(func() { i.Unread(syscall.EPIPE) }) // which cannot be said either
	if i.signal() || cancelled != 0 {
		t.Fatal("the first one aborts")
	}
	<-stop
	if !i.signal() || cancelled != 1 || !i.Happened() {
		t.Error("the second one does not")
	}
	i = &Interrupts{cancel: func() { cancelled++ }}
	i.Graceful(func() {})
	if i.signal() || !i.signal() || cancelled != 2 {
		t.Error("the second one waits too")
	}
	i = &Interrupts{cancel: func() { cancelled++ }}
	stop = i.Graceful(nil)
	i.Unread(io.ErrShortWrite)
	if i.Happened() {
		t.Error("any failure counts")
	}
	i.Unread(syscall.EPIPE)
	i.Unread(syscall.EPIPE)
	<-stop
	if !i.signal() || cancelled != 3 {
		t.Error("a signal after a closed output does not abort")
	}
	i.Abrupt()
	i = &Interrupts{cancel: func() { cancelled++ }}
	if i.Unread(syscall.EPIPE); cancelled != 4 {
		t.Error("a closed output does not end what has no end of its own")
	}
}

func TestWhatHoldsSomethingIsNotLeftBehind(t *testing.T) {
	t.Parallel()
	for held, want := range map[bool]error{false: ErrAbandoned, true: io.EOF} {
		ctx, cancel := context.WithCancel(t.Context())
		i, release := &Interrupts{}, make(chan struct{})
		err := i.Run(ctx, func(context.Context) error {
			if held {
				i.Hold()
				time.AfterFunc(2*patience, func() { close(release) })
			}
			cancel()
			<-release
			return io.EOF
		})
		if !errors.Is(err, want) {
			t.Errorf("held: %t: ends with %v", held, err)
		}
		if !held {
			close(release)
		}
	}
}
