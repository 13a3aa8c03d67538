package cli

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"riveter/internal/cli/process"
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
	a := w.app(process.Env{Args: append([]string{"fixture", w.dir}, args...), Stdin: stdin, Stdout: stdout, Stderr: &h.stderr})
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

// fails waits until it has ended by itself, and looks for why.
func (h *held) fails(why string) {
	h.Helper()
	if h.stdout.Scan() {
		h.Errorf("says %q", h.stdout.Text())
	}
	h.ends(1)
	if !strings.Contains(h.stderr.String(), why) {
		h.Errorf("does not say why: %s", h.stderr.String())
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

func TestAFixtureThatIsLetGoBeforeItIsSeeded(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"observe", "call"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"main.rivet.hcl": probes})
			stdin, held := io.Pipe()
			w.env.Stdin = stdin
			w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
				if r.Verb == verb {
					held.Close()
					time.Sleep(100 * time.Millisecond) // until it is noticed
					return operatetest.LostAfter
				}
				return operatetest.Delivered
			}
			r := w.run("fixture", "DIR").ends(0).says("^Standard input has ended before everything was seeded")
			if r.without("rror", "Interrupted"); r.stdout != "" {
				t.Errorf("says %q", r.stdout)
			}
			exist(w, "probe", 0)
			exist(w, "counter", 0)
		})
	}
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
	w.fixture().fails("actor.probe.p")
	exist(w, "probe", 0)
	exist(w, "counter", 0)
}

// kept are actors that a person would rather keep, and that may be there before.
const kept = `actor "counter" "plain" { key = "plain" }
actor "counter" "kept" {
  key = "kept"
  lifecycle {
    prevent_destroy = true
  }
}
`

func TestAFixtureTakesNothingThatWasThereBefore(t *testing.T) {
	t.Parallel()
	made := func(name string) func(*world) {
		return func(w *world) { w.rivet.Create(name, []string{"mine", "k"}, nil) }
	}
	later := "actor \"probe\" \"later\" {\n  key = actor.counter.plain.step.count.output == 1 ? \"k\" : \"none\"\n}\n"
	for name, c := range map[string]struct {
		files  string
		before func(*world)
		there  map[string]int
	}{
		"of an apply": {kept, func(w *world) { w.run("apply", "-auto-approve", "-key-prefix=mine", "DIR").ends(0) }, map[string]int{"counter": 2}},
		"with steps":  {probes, made("probe"), map[string]int{"probe": 1, "counter": 0}},
		"that never is created": {
			"actor \"probe\" \"p\" {\n  key    = \"k\"\n  create = \"never\"\n}\n" + kept, made("probe"), map[string]int{"probe": 1, "counter": 0},
		},
		"that always is created": {
			"actor \"probe\" \"p\" {\n  key    = \"k\"\n  create = \"create\"\n}\n", made("probe"), map[string]int{"probe": 1},
		},
		"at a key that is known later": {
			"actor \"counter\" \"plain\" {\n  key = \"plain\"\n  action \"count\" {\n    call = \"increment\"\n    args = [1]\n  }\n}\n" + later,
			made("probe"),
			map[string]int{"probe": 1, "counter": 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"main.rivet.hcl": c.files})
			c.before(w)
			w.fixture("-key-prefix=mine").fails("Key prefix is in use")
			for name, n := range c.there {
				exist(w, name, n)
			}
		})
	}
}

// spawner makes an actor that another block declares.
const spawner = `actor "probe" "a" {
  key = "a"
  action "spawn" { args = ["spawn", [self.key[0], "b"]] }
  action "last" {
    call = "call"
    args = ["last"]
  }
}
actor "probe" "b" {
  key        = "b"
  create     = "never"
  depends_on = [actor.probe.a]
  action "call" { args = ["x"] }
}
`

func TestAFixtureTakesWhatItsActorsHaveMade(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{nil, {"-key-prefix=mine"}} {
		w := newWorld(t, map[string]string{"main.rivet.hcl": spawner})
		h := w.fixture(flags...)
		h.seeded()
		if _, err := h.stdin.Write([]byte("again\n")); err != nil {
			t.Fatal(err)
		}
		h.seeded()
		exist(w, "probe", 2)
		h.ends(0)
		exist(w, "probe", 0)
	}
}

// The first line has values, and those after it ask.
func TestAFixtureTakesVariablesFromStandardInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"main.rivet.hcl": `
variable "name" { type = string }
actor "probe" "p" { key = var.name }
output "key" { value = actor.probe.p.key }
`})
	h := w.fixture("-var-stdin", "-key-prefix=mine")
	for range 2 {
		if _, err := h.stdin.Write([]byte(`{"name": "${one}"}` + "\n")); err != nil {
			t.Fatal(err)
		}
		if key := string(h.seeded().Outputs["key"]); key != `["mine","${one}"]` {
			t.Errorf("the key is %s", key)
		}
	}
	h.ends(0)
	exist(w, "probe", 0)
}

func TestAFixtureThatFailsTakesWhatItsActorsHaveMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]string{"main.rivet.hcl": spawner})
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" && r.What == "call" {
			return operatetest.Refused
		}
		return operatetest.Delivered
	}
	w.fixture().fails("actor.probe.a")
	exist(w, "probe", 0)
}
