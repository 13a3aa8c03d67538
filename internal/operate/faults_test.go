package operate_test

import (
	"fmt"
	"strings"
	"testing"

	"riveter/apply/ledger/ledgertest"
	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// everything has every kind of step, results that others refer to, guards, a pool, and an actor that is not declared any more.
// No two steps send the same to one actor.
const everything = `
actor "probe" "base" {
  key   = "base"
  input = { open = false }
  read "report" {}
  action "report" { expect = { open = false } }
  action "call" { args = ["a"] }
  ensure "weight" {
    value = try(self.state.facts.weight, null)
    want  = 5
    call  = "establish"
    args  = ["weight", 5]
  }
  expect "seen" {
    value   = try(self.state.facts.weight, null)
    want    = 5
    timeout = "5ms"
  }
}
actor "counter" "next" {
  key   = ["next", actor.probe.base.id]
  input = { start = 2 }
  action "increment" { args = [4] }
  action "get" {
    args    = [step.increment.output]
    run     = "on_change"
    only_if = step.increment.output > 0
  }
}
actor "jobs" "worker" {
  key        = "worker"
  depends_on = [actor.counter.next]
  message "work" {
    body = { id = "first" }
    wait = true
  }
}
actor "httpApi" "api" {
  key = "api"
  request "limits" {
    method = "PUT"
    path   = "/items/limits"
    json   = { n = 1 }
  }
}
actor "chatRoom" "room" {
  key        = "room"
  depends_on = [actor.jobs.worker]
  action "addMember" {
    args = ["ada"]
    await "memberAdded" { timeout = "5ms" }
  }
}
runner_config "mine" {
  datacenter "default" {
    normal {}
  }
}
output "count" { value = actor.counter.next.step.increment.output }
`

const former = "actor \"values\" \"former\" {\n  key = \"former\"\n}\n"

// sent lists the calls of everything, by the address of the step.
var sent = []struct{ step, name, what string }{
	{"probe.base.action.report", "probe", "report"},
	{"probe.base.action.call", "probe", "call"},
	{"probe.base.ensure.weight", "probe", "establish"},
	{"counter.next.action.increment", "counter", "increment"},
	{"counter.next.action.get", "counter", "get"},
	{"jobs.worker.message.work", "jobs", "work"},
	{"httpApi.api.request.limits", "httpApi", "PUT"},
	{"chatRoom.room.action.addMember", "chatRoom", "addMember"},
}

// arrived says how often each step took effect.
func (w *world) arrived() map[string]int {
	all := map[string]int{}
	for _, s := range sent {
		for _, a := range w.rivet.Actors(s.name) {
			all[s.step] += w.rivet.Arrived(a.ID, s.what)
		}
	}
	return all
}

// TestNothingIsLostAndNothingIsRepeated lets one write of the ledger or one request fail, and holds what is said then
// against what happened.
func TestNothingIsLostAndNothingIsRepeated(t *testing.T) {
	t.Parallel()
	requests := func(f operatetest.Fault) func(*world, int) {
		return func(w *world, k int) {
			w.rivet.OnRequest = operatetest.FailAt(len(w.rivet.Requests())+k, f)
		}
	}
	for name, fail := range map[string]func(w *world, k int){
		"a record is not written": func(w *world, k int) {
			_, appends := w.memory.Writes()
			w.memory.OnAppend = ledgertest.FailAt(appends + k)
		},
		"the document is not written": func(w *world, k int) {
			saves, _ := w.memory.Writes()
			w.memory.OnSave = ledgertest.FailAt(saves + k)
		},
		"a request is refused":             requests(operatetest.Refused),
		"a request is lost":                requests(operatetest.LostBefore),
		"the answer of a request is lost":  requests(operatetest.LostAfter),
		"every request is lost from there": from(operatetest.LostBefore),
	} {
		for _, parallelism := range []int{1, 4} {
			t.Run(fmt.Sprintf("%s, %d at a time", name, parallelism), func(t *testing.T) {
				t.Parallel()
				k := 1
				for ; disturbed(t, k, parallelism, fail); k++ {
					if t.Failed() {
						t.Fatalf("at %d", k)
					}
				}
				t.Logf("%d places", k-1)
			})
		}
	}
}

func from(f operatetest.Fault) func(*world, int) {
	return func(w *world, k int) {
		first := len(w.rivet.Requests()) + k
		w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
			if r.Number >= first {
				return f
			}
			return operatetest.Delivered
		}
	}
}

// disturbed applies everything with one fault, and then without. It reports whether the fault was reached.
func disturbed(t *testing.T, k, parallelism int, fail func(*world, int)) (reached bool) {
	t.Helper()
	w := newWorld(t, former)
	w.applied()
	w.write(everything)
	w.plans.Orders.Prune = true
	w.applies.Parallelism = parallelism
	fail(w, k)
	a, diags := w.apply()
	w.rivet.OnRequest, w.memory.OnAppend, w.memory.OnSave = nil, nil, nil
	if !diags.HasErrors() {
		return false
	}
	w.recover(w.compare(a))
	return true
}

// needed is the step whose result others need, so that it has to be made again where nobody has seen it.
const needed = "counter.next.action.increment"

// compare holds a report, and the plan that comes next, against what happened. It returns the steps that are in doubt, with
// whether they took effect.
func (w *world) compare(a *operate.Applied) (unsure map[string]bool) {
	w.Helper()
	reported := map[string]string{}
	if a != nil {
		reported = ended(a.Document)
	}
	p, diags := w.plan()
	w.fine(diags)
	next, arrived := decided(p.Document), w.arrived()
	unsure = map[string]bool{}
	for _, s := range sent {
		n, outcome, decision := arrived[s.step], reported[s.step], next[s.step]
		switch {
		case n > 1:
			w.Errorf("%s took effect %d times", s.step, n)
		case outcome == "done" && n != 1, (outcome == "skipped" || outcome == "not_started") && n != 0:
			w.Errorf("%s is reported %s and took effect %d times", s.step, outcome, n)
		case decision == "done" && n != 1, strings.HasPrefix(decision, "run") && n != 0:
			w.Errorf("%s took effect %d times, and the next plan says %q", s.step, n, decision)
		case outcome == "done" && decision != "done":
			w.Errorf("%s is reported done, and the next plan says %q", s.step, decision)
		case decision == "unknown":
			unsure[s.step] = n == 1
			if outcome != "in_doubt" && outcome != "failed" {
				w.Errorf("%s is reported %q, and in doubt in the next plan", s.step, outcome)
			}
		}
	}
	if most := w.applies.Parallelism; len(unsure) > most {
		w.Errorf("%d steps are in doubt, and at most %d ran at once", len(unsure), most)
	}
	return unsure
}

// recover applies what is left to do. Then everything is there, everything was made once, and riveter knows that it made it.
func (w *world) recover(unsure map[string]bool) {
	w.Helper()
	want := map[string]int{}
	for _, s := range sent {
		want[s.step] = 1
	}
	for step, arrived := range unsure {
		decision := &w.plans.Orders.MarkDone
		if !arrived || step == needed {
			decision = &w.plans.Orders.Rerun
		}
		if arrived && step == needed {
			want[step] = 2
		}
		*decision = append(*decision, patterns("actor."+step)...)
	}
	a, diags := w.apply()
	if diags.HasErrors() {
		w.Fatalf("what is left to do fails: %sin doubt were %v", told(diags), unsure)
	}
	if a.Report.Failed() {
		w.Errorf("what is left to do fails: %v", ended(a.Document))
	}
	w.equal(w.arrived(), want)
	w.plans.Orders = plan.Orders{Prune: true}
	w.settled()
	w.plans = operate.PlanOptions{Mode: plan.ModeDestroy}
	w.applied()
	for _, name := range []string{"probe", "counter", "jobs", "httpApi", "chatRoom", "values"} {
		if keys := w.keys(name); len(keys) > 0 {
			w.Errorf("a destroy leaves %s %v", name, keys)
		}
	}
}
