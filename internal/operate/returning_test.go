package operate_test

import (
	"testing"
	"time"

	"riveter/internal/operate"
	"riveter/plan"
)

// TestAKeyComesBack has what gives a key give another one, and then the first one again: which actors there were is not forgotten in between, until
// -prune says so.
func TestAKeyComesBack(t *testing.T) {
	t.Parallel()
	const variable = "variable \"give\" { default = 2 }\n"
	const result = "actor \"values\" \"v\" {\n  key = \"v\"\n  action \"first\" {\n    args = [tostring(var.give)]\n    run  = \"on_change\"\n  }\n}\n"
	const called = "\n  action \"call\" { args = [\"made\"] }\n"
	for name, c := range map[string]struct {
		source      string
		other, same string // what is given in the second apply and in the third
	}{
		"a result": {result + "actor \"probe\" \"b\" {\n  key = [\"b\", actor.values.v.step.first.output]" + called + "}\n", "give=3", "give=2"},
		"a read": {`
actor "counter" "a" {
  key = "a"
  read "get" {}
  action "increment" {
    args = [tonumber(var.give)]
    run  = "on_change"
  }
}
actor "probe" "b" {
  key = ["b", actor.counter.a.read.get]` + called + "}\n", "give=1", "give=-1"},
		"what a module says":      {"module \"m\" {\n  source = \"./m\"\n  give   = var.give\n}\nactor \"probe\" \"b\" {\n  key = [\"b\", module.m.said]" + called + "}\n", "give=3", "give=2"},
		"an argument of a module": {result + "module \"n\" {\n  source = \"./n\"\n  key = actor.values.v.step.first.output\n}\n", "give=3", "give=2"},
		"another actor's key": {
			result + "actor \"chatRoom\" \"r\" { key = actor.values.v.step.first.output }\nactor \"probe\" \"b\" {\n  key = [\"b\", actor.chatRoom.r.key[0]]" + called + "}\n",
			"give=3", "give=2",
		},
	} {
		begun := func(t *testing.T) *world {
			t.Helper()
			t.Parallel()
			w := newWorld(t, variable+c.source)
			w.writeModule("m", "variable \"give\" {}\noutput \"said\" { value = actor.values.v.step.first.output }\n"+
				"actor \"values\" \"v\" {\n  key = \"v\"\n  action \"first\" {\n    args = [tostring(var.give)]\n    run  = \"on_change\"\n  }\n}\n")
			w.writeModule("n", "variable \"key\" {}\nactor \"probe\" \"b\" {\n  key = [\"b\", var.key]"+called+"}\n")
			return w
		}
		give := func(w *world, assignment string) {
			time.Sleep(time.Millisecond) // by which the ledger tells one apply from another
			w.variables = given(assignment)
			p, diags := w.plan()
			w.fine(diags)
			w.equal(p.Plan.Summary().Conditional, 1) // as it may have been made
			w.equal(w.applied().Document.Applied.Forgotten, 0)
			w.settled()
		}
		prune := func(w *world, keys ...string) {
			w.plans.Orders.Prune = true
			w.applied()
			w.equal(w.keys("probe"), keys)
			w.plans.Orders.Prune = false
			w.settled()
		}
		t.Run(name, func(t *testing.T) {
			w := begun(t)
			w.applied()
			give(w, c.other)
			give(w, c.same)
			w.called("b/2 made", "b/3 made")
			w.plans = operate.PlanOptions{Mode: plan.ModeDestroy}
			_, diags := w.apply()
			w.fine(diags)
			w.warns(diags, `(probe ["b", "3"])`)
			w.equal(w.keys("probe"), []string{"b/3"})
		})
		t.Run(name+", pruned", func(t *testing.T) {
			w := begun(t)
			w.applied()
			give(w, c.other)
			prune(w, "b/3")
		})
		t.Run(name+", of actors that others made", func(t *testing.T) {
			w := begun(t)
			w.rivet.Create("probe", []string{"b", "2"}, nil)
			w.plans.Orders.OnUnknown = plan.OrderDone
			w.applied()
			w.plans.Orders.OnUnknown = plan.OrderNone
			give(w, c.other)
			give(w, c.same)
			w.called("b/3 made")
			give(w, c.other)
			prune(w, "b/2", "b/3")
		})
	}
}
