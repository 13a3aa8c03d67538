package operate_test

import (
	"testing"

	"riveter/apply"
	"riveter/plan"
)

const late = `actor "counter" "late" {
  key = "late"
  action "increment" {}
}
actor "counter" "idle" { key = "idle" }
`

// waits notes what somebody waits for.
type waits struct {
	reasons map[string]string
}

func (w *waits) Observe(func() plan.Stats) func() { return func() {} }
func (w *waits) Begin(*plan.Plan)                 {}
func (w *waits) Event(e apply.Event) {
	if e, ok := e.(apply.Waiting); ok {
		w.reasons[short(e.Change.Address.String())] = e.Reason
	}
}

func TestARegistryThatComesLateIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, late)
	seen := &waits{map[string]string{}}
	w.watcher = seen
	w.rivet.StopRegistry()
	w.rivet.OnWait = w.rivet.StartRegistry
	w.applied()
	w.equal(seen.reasons, map[string]string{"counter.idle": "no_envoys"})
	w.equal(w.rivet.Actors("counter")["late"].State["count"], 1.0)
	w.settled()
}

func TestARegistryThatNeverComesLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, late)
	w.rivet.StopRegistry()
	a, diags := w.apply()
	w.fails(diags, "Actor has not started: actor.counter.late: the actor has not started: no_envoys", "Actor has not started: actor.counter.idle")
	w.equal(ended(a.Document), map[string]string{"counter.late": "failed", "counter.late.action.increment": "skipped", "counter.idle": "failed"})
	w.equal(w.keys("counter"), []string{"idle", "late"})
	w.rivet.StartRegistry()
	w.decides(map[string]string{"counter.late": "update", "counter.late.action.increment": "run", "counter.idle": "no-op"})
	w.applied()
	w.equal(w.rivet.Actors("counter")["late"].State["count"], 1.0)
	w.settled()
	w.plans.Mode = plan.ModeDestroy
	w.applied()
	w.equal(w.keys("counter"), []string(nil))
}
