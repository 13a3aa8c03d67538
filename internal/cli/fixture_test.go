package cli

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// held is a fixture whose standard input and output the test has.
type held struct {
	*testing.T
	stdin  *io.PipeWriter
	stdout *bufio.Scanner
	stderr strings.Builder
	code   chan int
}

func (w *world) fixture(args ...string) *held {
	stdin, in := io.Pipe()
	out, stdout := io.Pipe()
	h := &held{T: w.T, stdin: in, stdout: bufio.NewScanner(out), code: make(chan int, 1)}
	a := w.app(Env{Args: append([]string{"fixture", w.dir}, args...), Stdin: stdin, Stdout: stdout, Stderr: &h.stderr})
	go func() {
		defer stdout.Close()
		h.code <- a.run()
	}()
	return h
}

// seeded returns what the next line says.
func (h *held) seeded() (line seeded) {
	h.Helper()
	if !h.stdout.Scan() {
		h.Fatalf("ends with %d\n%s", <-h.code, h.stderr.String())
	}
	if err := json.Unmarshal(h.stdout.Bytes(), &line); err != nil {
		h.Fatal(err)
	}
	return line
}

func (h *held) ends(code int) {
	h.Helper()
	h.stdin.Close()
	if got := <-h.code; got != code {
		h.Errorf("ends with %d, not %d\n%s", got, code, h.stderr.String())
	}
}

func TestAFixtureLivesAsLongAsItIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"main.rivet.hcl": probes + "actor \"counter\" \"kept\" {\n  key = \"kept\"\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n" +
		"output \"word\" {\n  value     = \"sesame\"\n  sensitive = true\n}\n"})
	one, other := w.fixture(), w.fixture("-key-prefix=mine/other")
	first := one.seeded()
	if second := other.seeded(); len(first.KeyPrefix) != 1 || strings.Join(second.KeyPrefix, "/") != "mine/other" || string(first.Outputs["word"]) != `"sesame"` {
		t.Errorf("says %v and %v", first, second)
	}
	exist(w, "counter", 4)
	probe := plan.WireKey([]string{first.KeyPrefix[0], "k"})
	id := w.rivet.Actors("probe")[probe].ID
	if _, err := one.stdin.Write([]byte("again\n")); err != nil {
		t.Fatal(err)
	}
	if again := one.seeded(); again.KeyPrefix[0] != first.KeyPrefix[0] || w.rivet.Actors("probe")[probe].ID == id {
		t.Errorf("says %v, and the actor is %s", again, id)
	}
	exist(w, "counter", 4)
	one.ends(0)
	exist(w, "counter", 2)
	other.ends(0)
	exist(w, "counter", 0)
}

func TestAFixtureThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"main.rivet.hcl": probes})
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			return operatetest.LostAfter
		}
		return operatetest.Delivered
	}
	h := w.fixture()
	if h.stdout.Scan() {
		t.Errorf("says %q", h.stdout.Text())
	}
	h.ends(1)
	if !strings.Contains(h.stderr.String(), "actor.probe.p") {
		t.Errorf("does not say why: %s", h.stderr.String())
	}
	exist(w, "probe", 0)
	exist(w, "counter", 0)
}
