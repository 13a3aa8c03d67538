package operate_test

import (
	"strings"
	"testing"

	"riveter/plan"
)

// odd are steps that see to it that a counter is odd, by when they run.
var odd = map[string]string{
	"a fact":            "ensure \"odd\" {\n  value = self.state.count % 2\n  want = 1\n  call = \"increment\"\n  args = [1]\n}",
	"a guard":           "action \"odd\" {\n  call = \"increment\"\n  run = \"on_change\"\n  triggers = BY\n  only_if = self.state.count % 2 == 0\n}",
	"a guard that lets": "action \"odd\" {\n  call = \"increment\"\n  run = \"on_change\"\n  triggers = BY\n  unless = self.state.count % 2 == 1\n}",
}

// writeOdd declares a counter that counts by a number before it is made odd, and others that are made of what that gave.
func (w *world) writeOdd(step, run, by string) {
	w.Helper()
	w.write(strings.NewReplacer("STEP", strings.ReplaceAll(step, "BY", by), "RUN", run, "BY", by).Replace(`
actor "counter" "c" {
  key = "c"
  action "increment" {
    args = [BY]
    run  = "RUN"
  }
  STEP
}
actor "probe" "p" {
  key = "after-${actor.counter.c.step.odd.output}"
}
actor "probe" "called" {
  key = "called"
  action "call" {
    args = ["with-${actor.counter.c.step.odd.output}"]
    run  = "on_change"
  }
}
`))
}

// TestAStepThatMayRunSaysWhatItWillSay has keys and calls be made of the result of a step that is made only if it is due after one before it.
func TestAStepThatMayRunSaysWhatItWillSay(t *testing.T) {
	t.Parallel()
	for name, step := range odd {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.writeOdd(step, "on_change", "2")
			w.applied()
			w.settled()
			keys, calls := []string{"after-3", "after-5", "called"}, []string{"called with-3", "called with-5"}
			for _, by := range []string{"1", "4"} { // after which it is even, and odd still, so that nothing more is called
				w.writeOdd(step, "on_change", by)
				a := w.applied()
				w.equal(decided(a.Document)["probe.p"], string(plan.ActionRead))
				w.settled()
				w.equal(w.keys("probe"), keys)
				w.called(calls...)
			}
		})
	}
}

// TestAStepAfterOneThatRunsAlwaysSaysWhatItSaid has the same come to rest.
func TestAStepAfterOneThatRunsAlwaysSaysWhatItSaid(t *testing.T) {
	t.Parallel()
	for name, step := range odd {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.writeOdd(step, "always", "2")
			for range 3 {
				w.applied()
				w.settled()
			}
			w.equal(w.keys("probe"), []string{"after-3", "called"})
			w.called("called with-3")
		})
	}
}
