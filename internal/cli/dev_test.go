package cli

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"riveter/internal/cli/process"
)

func TestAProgramEndsAsItEnds(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]exit{
		"true":          0,
		"exit 3":        3,
		"kill -TERM $$": signalled + 15,
		`test "$RIVET_ENDPOINT" = http://127.0.0.1:9 && test "$(cat)" = typed && exit 7`: 7,
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			a := newWorld(t, nil).app(process.Env{Stdin: strings.NewReader("typed"), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Environ: os.Environ()})
			a.interrupts = &process.Interrupts{}
			a.pointTo("http://127.0.0.1:9")
			err := a.runProgram(t.Context(), []string{"sh", "-c", script})
			if code, _ := err.(exit); code != want { //nolint:errorlint // it is never wrapped
				t.Errorf("ends with %v", err)
			}
		})
	}
	a := newWorld(t, nil).app(process.Env{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}})
	a.interrupts = &process.Interrupts{}
	if err := a.runProgram(t.Context(), []string{"no-such-program"}); err == nil || !strings.Contains(err.Error(), "Program cannot be run") {
		t.Errorf("got %v", err)
	}
}

func TestAChangedFileIsAppliedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"main.rivet.hcl": strings.Replace(probes, "want    = 1", "want    = 2", 1)})
	stderr := &notices{seen: make(chan string, 16)}
	a := w.app(process.Env{Stdout: &bytes.Buffer{}, Stderr: stderr})
	a.interrupts = &process.Interrupts{}
	o := &applyOptions{planOptions: planOptions{source: sourceOptions{path: w.dir}, ledger: ledgerOptions{path: "none"}}}
	o.approval.auto, o.orders.refresh, a.parallelism = true, true, 1
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan error)
	go func() { ended <- a.applyChanges(ctx, o) }()
	stderr.await(t, "Waiting for a file to change") // though the expectation did not hold
	w.write("main.rivet.hcl", "actor \"counter\" \"new\" {\n  key = \"new\"\n}\n")
	stderr.await(t, "has changed")
	stderr.await(t, "Waiting for a file to change")
	exist(w, "counter", 2)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// notices is an output of which somebody waits for a part.
type notices struct{ seen chan string }

// Write implements io.Writer.
func (n *notices) Write(data []byte) (int, error) {
	n.seen <- string(data)
	return len(data), nil
}

func (n *notices) await(t *testing.T, part string) {
	t.Helper()
	for {
		select {
		case text := <-n.seen:
			if strings.Contains(text, part) {
				return
			}
		case <-t.Context().Done():
		case <-time.After(time.Minute):
			t.Fatalf("%q is never said", part)
		}
	}
}
