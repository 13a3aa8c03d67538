package operate_test

import (
	"strings"
	"testing"

	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// leaving has steps of a probe that come before it is destroyed, among others. They are seen in a second probe, which stays.
func leaving(attributes string) string {
	return `actor "counter" "stays" {
  key = "stays"
  lifecycle { prevent_destroy = true }
}
actor "account" "a" {
  key   = "a"
  input = { owner = "ada", balance = 1 }
  action "welcome" {
    call = "deposit"
    args = [2]
  }
  action "empty" {
    call = "withdraw"
    args = [3]
    run  = "on_destroy"
` + attributes + `
  }
  action "last" {
    call = "deposit"
    args = [1]
    run  = "on_destroy"
  }
}
`
}

// TestWhatComesBeforeAnActorIsDestroyed has the ways in which an actor goes, and how the steps before that end.
func TestWhatComesBeforeAnActorIsDestroyed(t *testing.T) {
	t.Parallel()
	destroy := func(w *world) {
		w.plans.Mode, w.plans.Orders.Exclude = plan.ModeDestroy, patterns("actor.counter.stays")
		w.selection = w.plans.Orders
	}
	replace := func(w *world) { w.plans.Orders.Replace = patterns("actor.account.a") }
	lost := func(w *world) {
		w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
			if r.What == "withdraw" {
				return operatetest.LostAfter
			}
			return operatetest.Delivered
		}
	}
	poor := func(w *world) { w.rivet.Tamper(w.id("account", "a"), "balance", 0.0) }
	for name, tt := range map[string]struct {
		attributes string
		before     func(*world)
		goes       func(*world)
		want       map[string]string // how the steps end
		sent       string            // to the actor that went, after its creation
		left       bool              // it does not go
	}{
		"destroy": {goes: destroy, want: map[string]string{"empty": "done", "last": "done"}, sent: "withdraw deposit destroy"},
		"replace": {goes: replace, want: map[string]string{"welcome": "done", "empty": "done", "last": "done"}, sent: "withdraw deposit destroy"},
		"its guard does not let it": {
			attributes: "only_if = false", goes: destroy, want: map[string]string{"empty": "done", "last": "done"}, sent: "deposit destroy",
		},
		"it fails": {before: poor, goes: destroy, want: map[string]string{"empty": "failed", "last": "skipped"}, sent: "withdraw", left: true},
		"it fails, before a replacement": {
			before: poor, goes: replace, want: map[string]string{"welcome": "skipped", "empty": "failed", "last": "skipped"}, sent: "withdraw", left: true,
		},
		"it fails, and says continue": {
			attributes: `on_failure = "continue"`, before: poor, goes: destroy, want: map[string]string{"empty": "failed", "last": "done"}, sent: "withdraw deposit destroy",
		},
		"it fails with what it accepts": {
			attributes: `accept = ["insufficient_funds"]`, before: poor, goes: destroy, want: map[string]string{"empty": "done", "last": "done"}, sent: "withdraw deposit destroy",
		},
		"it is in doubt": {before: lost, goes: destroy, want: map[string]string{"empty": "in_doubt", "last": "skipped"}, sent: "withdraw", left: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, leaving(tt.attributes))
			w.decides(map[string]string{
				"counter.stays": "create", "account.a": "create", "account.a.action.welcome": "run", "account.a.action.empty": "skip", "account.a.action.last": "skip",
			})
			w.applied()
			w.settled()
			id, first := w.id("account", "a"), len(w.rivet.Requests())
			if tt.before != nil {
				tt.before(w)
			}
			tt.goes(w)
			a, _ := w.apply()
			got := map[string]string{}
			for address, outcome := range ended(a.Document) {
				if step, ok := strings.CutPrefix(address, "account.a.action."); ok {
					got[step] = outcome
				}
			}
			w.equal(got, tt.want)
			var sent []string
			for _, r := range w.rivet.Requests()[first:] {
				switch {
				case r.On == id && r.Verb == "call":
					sent = append(sent, r.What)
				case r.On == id && r.Verb == "destroy":
					sent = append(sent, r.Verb)
				}
			}
			w.equal(strings.Join(sent, " "), tt.sent)
			if left := w.rivet.Actors("account")["a"].ID == id; left != tt.left {
				t.Errorf("left: %t", left)
			}
		})
	}
}

func TestADestroyThatWasCutOffRepeatsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(leaving(""), "args = [1]", "args = [step.welcome.output]", 1))
	w.applied()
	w.plans.Mode, w.plans.Orders.Exclude = plan.ModeDestroy, patterns("actor.counter.stays")
	w.selection = w.plans.Orders
	w.breaks("destroy", operatetest.Refused)
	_, diags := w.apply()
	w.fails(diags, "Actor cannot be destroyed")
	w.rivet.OnRequest = nil
	w.equal(w.rivet.Actors("account")["a"].State["balance"], 3.0) // 3 - 3 + 3, the result of the welcome
	p, _ := w.plan()
	w.equal(decided(p.Document), map[string]string{"account.a": "destroy", "account.a.action.empty": "done", "account.a.action.last": "done"})
	w.applied()
	w.equal(w.keys("account"), []string(nil))
}

// TestAFarewellInDoubtCanBeDecided has the ways in which somebody decides it; without that the actor could never be destroyed.
func TestAFarewellInDoubtCanBeDecided(t *testing.T) {
	t.Parallel()
	empty := patterns("actor.account.a.action.empty")
	for name, c := range map[string]struct {
		orders plan.Orders
		calls  int // to empty, of which the first one was lost
	}{
		"made again":     {plan.Orders{Rerun: empty}, 2},
		"marked as done": {plan.Orders{MarkDone: empty}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.Replace(leaving(""), "lifecycle { prevent_destroy = true }", "", 1))
			w.applied()
			w.plans.Mode = plan.ModeDestroy
			w.breaks("call", operatetest.LostBefore)
			_, diags := w.apply()
			w.fails(diags, "Outcome in doubt")
			w.rivet.OnRequest = nil
			_, diags = w.apply()
			w.fails(diags, "Undecided steps")
			w.plans.Orders = c.orders
			w.applied()
			calls := 0
			for _, r := range w.rivet.Requests() {
				if r.What == "withdraw" {
					calls++
				}
			}
			w.equal(calls, c.calls)
			w.equal(w.keys("account"), []string(nil))
		})
	}
}

func TestAnActorIsNotPrunedWithoutItsFarewell(t *testing.T) {
	t.Parallel()
	const stays = "actor \"counter\" \"stays\" { key = \"stays\" }\n"
	w := newWorld(t, strings.Replace(leaving(""), "lifecycle { prevent_destroy = true }", "", 1))
	w.applied()
	w.write(stays)
	w.plans.Orders.Prune = true
	_, diags := w.apply()
	w.fails(diags, "before which come steps")
	w.equal(w.keys("account"), []string{"a"})
	w.write(stays + "removed {\n  from    = actor.account.a\n  destroy = true\n}\n")
	_, diags = w.apply()
	w.fine(diags)
	w.warns(diags, "it is destroyed without them")
	w.equal(w.keys("account"), []string(nil))
}

// TestTheLedgerFollowsWhetherThereIsAFarewell prunes an actor whose farewell was taken away before.
func TestTheLedgerFollowsWhetherThereIsAFarewell(t *testing.T) {
	t.Parallel()
	w := newWorld(t, leaving(""))
	w.applied()
	w.write(strings.ReplaceAll(leaving(""), `run  = "on_destroy"`, `run  = "manual"`))
	w.applied()
	w.write("actor \"counter\" \"stays\" { key = \"stays\" }\n")
	w.plans.Orders.Prune = true
	w.applied()
	w.equal(w.keys("account"), []string(nil))
}
