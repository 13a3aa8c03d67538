package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"riveter/internal/operate/operatetest"
)

// closing is an output that is closed after so many writes.
type closing struct {
	writes int
	kept   bytes.Buffer
}

// Write implements io.Writer.
func (c *closing) Write(data []byte) (int, error) {
	if c.writes == 0 {
		return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
	}
	c.writes--
	return c.kept.Write(data)
}

func TestAClosedOutputIsLikeAnInterrupt(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			time.Sleep(50 * time.Millisecond) // until it is noticed
		}
		return operatetest.Delivered
	}
	var stderr bytes.Buffer
	code := w.app(Env{Args: []string{"apply", "-auto-approve", "-json", "-parallelism=1", w.dir}, Stdout: &closing{writes: 8}, Stderr: &stderr}).run()
	if code != exitInterrupted || strings.Contains(stderr.String(), "rror") {
		t.Errorf("exit code %d\n%s", code, stderr.String())
	}
	if n := len(w.rivet.Actors("probe")) + len(w.rivet.Actors("counter")); n == 0 {
		t.Error("nothing was begun")
	}
	code = w.app(Env{Args: []string{"version"}, Stdout: &closing{}, Stderr: io.Discard}).run()
	if code != exitInterrupted {
		t.Errorf("exit code %d where nobody reads anything", code)
	}
}

func TestAReportThatNobodyReadsIsToldElsewhere(t *testing.T) {
	t.Parallel()
	w := probed(t)
	var stderr bytes.Buffer
	w.app(Env{Args: []string{"apply", "-auto-approve", w.dir}, Stdout: &closing{writes: 1}, Stderr: &stderr}).run()
	if !strings.Contains(stderr.String(), "Apply complete: 2 created") {
		t.Errorf("nobody learns what was done: %s", stderr.String())
	}
}

func TestOnlyTheFirstOfSignalsIsGraceful(t *testing.T) {
	t.Parallel()
	cancelled := 0
	i := &interrupts{cancel: func() { cancelled++ }}
	stop := i.graceful(func() { i.unread(syscall.EPIPE) }) // which cannot be said either
	if i.signal() || cancelled != 0 {
		t.Fatal("the first one aborts")
	}
	<-stop
	if !i.signal() || cancelled != 1 || !i.happened() {
		t.Error("the second one does not")
	}
	i = &interrupts{cancel: func() { cancelled++ }}
	i.graceful(func() {})
	if i.signal() || !i.signal() || cancelled != 2 {
		t.Error("the second one waits too")
	}
	i = &interrupts{cancel: func() { cancelled++ }}
	stop = i.graceful(nil)
	i.unread(io.ErrShortWrite)
	if i.happened() {
		t.Error("any failure counts")
	}
	i.unread(syscall.EPIPE)
	i.unread(syscall.EPIPE)
	<-stop
	if !i.signal() || cancelled != 3 {
		t.Error("a signal after a closed output does not abort")
	}
	i.abrupt()
	i = &interrupts{cancel: func() { cancelled++ }}
	if i.unread(syscall.EPIPE); cancelled != 4 {
		t.Error("a closed output does not end what has no end of its own")
	}
}
