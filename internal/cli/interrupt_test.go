package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"riveter/internal/cli/process"
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
	code := w.app(process.Env{Args: []string{"apply", "-auto-approve", "-json", "-parallelism=1", w.dir}, Stdout: &closing{writes: 8}, Stderr: &stderr}).run()
	if code != exitInterrupted || strings.Contains(stderr.String(), "rror") {
		t.Errorf("exit code %d\n%s", code, stderr.String())
	}
	if n := len(w.rivet.Actors("probe")) + len(w.rivet.Actors("counter")); n == 0 {
		t.Error("nothing was begun")
	}
	code = w.app(process.Env{Args: []string{"version"}, Stdout: &closing{}, Stderr: io.Discard}).run()
	if code != exitInterrupted {
		t.Errorf("exit code %d where nobody reads anything", code)
	}
}

func TestAReportThatNobodyReadsIsToldElsewhere(t *testing.T) {
	t.Parallel()
	w := probed(t)
	var stderr bytes.Buffer
	w.app(process.Env{Args: []string{"apply", "-auto-approve", w.dir}, Stdout: &closing{writes: 1}, Stderr: &stderr}).run()
	if !strings.Contains(stderr.String(), "Apply complete: 2 created") {
		t.Errorf("nobody learns what was done: %s", stderr.String())
	}
}

// interruptedAt returns the program whose runs are interrupted while the first request with a verb is under way, and the context of a run.
func (w *world) interruptedAt(verb string, stdout io.Writer) (context.Context, *app) {
	w.Helper()
	signals := make(chan os.Signal)
	a := w.app(process.Env{Stdout: stdout, Stderr: io.Discard, Interrupts: signals, Release: func() {}})
	ctx, interrupts, done := a.env.Watch()
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // of who does not end
	w.Cleanup(func() { cancel(); done() })
	a.interrupts = interrupts
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		for r.Verb == verb && !interrupts.Happened() {
			select {
			case signals <- os.Interrupt:
			case <-time.After(time.Millisecond):
			}
		}
		return operatetest.Delivered
	}
	return ctx, a
}

const oneCall = `actor "counter" "c" {
  key = "c"
  action "increment" { args = [1] }
}
`

func TestAnInterruptOfTheLastCallEndsWhatWouldGoOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		once    bool
		program []string
	}{
		"dev": {}, "dev -once": {once: true}, "dev -- PROGRAM": {program: []string{"sh", "-c", "echo ran"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"main.rivet.hcl": oneCall})
			var stdout bytes.Buffer
			ctx, a := w.interruptedAt("call", &stdout)
			o := &devOptions{once: c.once, program: c.program}
			o.run.source.path = w.dir
			if err := a.use(ctx, o, t.TempDir()); !errors.Is(err, exit(exitInterrupted)) {
				t.Errorf("ends with %v", err)
			}
			ran{w.T, nil, 0, stdout.String(), ""}.prints("^Apply complete: 1 created").without("^No changes", "^ran$")
		})
	}
}

func TestAnInterruptEndsAFixture(t *testing.T) {
	t.Parallel()
	for verb, says := range map[string]bool{"call": false, "destroy": true} { // while it seeds, and while it cleans up
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"main.rivet.hcl": oneCall + "actor \"counter\" \"d\" {\n  count = 5\n  key = [count.index]\n  depends_on = [actor.counter.c]\n}\n"})
			stdin, held := io.Pipe()
			defer held.Close()
			stdout := &notices{seen: make(chan string, 1)}
			ctx, a := w.interruptedAt(verb, stdout)
			a.process.Stdin, a.parallelism = stdin, 1
			if says {
				go func() { <-stdout.seen; held.Close() }()
			}
			o := &applyOptions{}
			o.source.path = w.dir
			if err := a.fixture(ctx, o); !errors.Is(err, exit(exitInterrupted)) || len(stdout.seen) > 0 {
				t.Errorf("ends with %v", err)
			}
			exist(w, "counter", 0)
		})
	}
}

// What sends nothing but reads has nothing to let finish: neither the first read, nor those of whoever waits for a fact.
func TestAnInterruptEndsAVerifyAtOnce(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 2} {
		w := newWorld(t, map[string]string{"main.rivet.hcl": `actor "counter" "c" {
  key = "c"
  read "get" {}
  expect "it" { condition = read.get == 5 }
}
`})
		w.rivet.Create("counter", []string{"c"}, nil)
		var stdout bytes.Buffer
		ctx, a := w.interruptedAt("read", &stdout)
		interrupt, reads := w.rivet.OnRequest, 0
		w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
			if r.Verb != "read" {
				return operatetest.Delivered
			}
			if reads++; reads < at {
				return operatetest.Delivered
			}
			interrupt(r)
			select {
			case <-ctx.Done():
			case <-time.After(time.Minute):
				t.Errorf("read %d goes on", at)
			}
			return operatetest.Delivered
		}
		o := &verifyOptions{}
		o.source.path = w.dir
		if err := a.verify(ctx, o); !errors.Is(err, exit(exitInterrupted)) {
			t.Errorf("read %d: ends with %v\n%s", at, err, stdout.String())
		}
		if at == 2 {
			ran{t, nil, 0, stdout.String(), ""}.prints(`^Verify interrupted: 0 hold, 0 do not hold, 1 not looked at\.$`)
		}
	}
}
