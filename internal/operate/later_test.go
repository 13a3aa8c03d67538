package operate_test

import (
	"strings"
	"testing"

	"riveter/internal/operate/operatetest"
	"riveter/plan"
	"riveter/plan/view"
)

// coordinator makes the actor "made" by an action, and gives its key.
const coordinator = `actor "probe" "coordinator" {
  key = "coordinator"
  action "make" {
    call = "spawn"
    args = ["make", ["made"], { open = true }]
  }
}
`

const welcome = `
  action "welcome" {
    call = "call"
    args = ["welcome"]
  }
`

// TestActorsThatOthersMake has the ways to go on with an actor that an action creates, and what keeps from it.
func TestActorsThatOthersMake(t *testing.T) {
	t.Parallel()
	const key = "actor.probe.coordinator.step.make.output.key"
	never := `actor "probe" "made" {
  key        = "made"
  create     = "never"
  depends_on = [actor.probe.coordinator]` + welcome + `}`
	for name, c := range map[string]struct {
		source  string
		before  func(*world)
		planned string // of actor.probe.made
		refused string // when the plan is made
		fails   string // when its turn comes
		calls   []string
	}{
		"it must exist": {source: coordinator + never, planned: "read", calls: []string{"coordinator make", "made welcome"}},
		"its key is given": {
			source:  coordinator + "actor \"probe\" \"made\" {\n  key = " + key + welcome + "}",
			planned: "read", calls: []string{"coordinator make", "made welcome"},
		},
		"its key is given, and it is there": {
			source: coordinator + "actor \"probe\" \"made\" {\n  key = " + key + welcome + "}",
			before: func(w *world) { w.rivet.Create("probe", []string{"made"}, nil) },
			fails:  "Undecided step: Nobody knows whether actor.probe.made.action.welcome was done", planned: "read",
			calls: []string{"coordinator make"},
		},
		"its key is given, it is there, and that is decided": {
			source: coordinator + "actor \"probe\" \"made\" {\n  key = " + key + welcome + "}",
			before: func(w *world) {
				w.rivet.Create("probe", []string{"made"}, nil)
				w.plans.Orders.OnUnknown = plan.OrderDone
			},
			planned: "read", calls: []string{"coordinator make"},
		},
		"its key is given, and its input is dropped": {
			source: coordinator + `actor "probe" "made" {
				key   = ` + key + `
				input = { open = true }` + welcome + `}`,
			fails: "Input was dropped", planned: "read", calls: []string{"coordinator make"},
		},
		"its key is given, and it must be new": {
			source: coordinator + `actor "probe" "made" {
				key    = ` + key + `
				create = "create"` + welcome + `}`,
			fails: "Actor exists already", planned: "read", calls: []string{"coordinator make"},
		},
		"its key is given by who does not make it": {
			source: coordinator + `actor "probe" "made" {
				key   = ["new", ` + key + `[0]]
				input = { open = true }` + welcome + `}`,
			planned: "read", calls: []string{"coordinator make", "new/made welcome"},
		},
		"nobody made it after all": {
			source: strings.ReplaceAll(coordinator, `["made"]`, `["another"]`) + never,
			fails:  "Actor does not exist", planned: "read", calls: []string{"coordinator make"},
		},
		"nothing makes it": {source: `actor "probe" "made" {
			key    = "made"
			create = "never"
		}`, refused: "Actor does not exist"},
		"data": {
			source: coordinator + `data "probe" "made" {
				key        = "made"
				depends_on = [actor.probe.coordinator]
				read "report" {}
			}
			actor "probe" "user" {
				key = "user"
				action "use" {
					call = "call"
					args = ["use", data.probe.made.id, data.probe.made.read.report.open]
				}
			}`,
			calls: []string{"coordinator make", "user use"},
		},
		"data with a given key": {
			source: coordinator + `data "probe" "made" { key = ` + key + ` }
			actor "probe" "user" {
				key = "user"
				action "use" {
					call = "call"
					args = ["use", data.probe.made.id]
				}
			}`,
			calls: []string{"coordinator make", "user use"},
		},
		"optional data": {
			source: coordinator + `data "probe" "made" {
				key        = "made"
				optional   = true
				depends_on = [actor.probe.coordinator]
				read "report" {}
			}
			actor "probe" "user" {
				key = "user"
				action "use" {
					call = "call"
					args = ["use", "${data.probe.made.id}", data.probe.made.read.report.open]
				}
			}`,
			calls: []string{"coordinator make", "user use"},
		},
		"optional data that repeats": {
			source: coordinator + `data "probe" "made" {
				key        = "another"
				optional   = true
				depends_on = [actor.probe.coordinator]
			}
			actor "probe" "user" {
				count = data.probe.made.exists ? 0 : 1
				key   = "user"
			}`,
			calls: []string{"coordinator make"},
		},
		"optional data that nobody made after all": {
			source: coordinator + `data "probe" "made" {
				key        = "another"
				optional   = true
				depends_on = [actor.probe.coordinator]
				read "report" {}
			}
			actor "probe" "user" {
				key = "user"
				action "use" {
					call = "call"
					args = ["use", data.probe.made.read.report.open]
				}
			}`,
			fails: "Attempt to get attribute from null value", calls: []string{"coordinator make"},
		},
		"data that nothing makes": {source: `data "probe" "made" { key = "made" }
			actor "probe" "user" { key = [data.probe.made.id] }`, refused: "Actor does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.source)
			if c.before != nil {
				c.before(w)
			}
			p, diags := w.plan()
			if c.refused != "" {
				w.fails(diags, c.refused)
				return
			}
			w.fine(diags)
			if got := decided(p.Document)["probe.made"]; got != c.planned {
				t.Errorf("planned: %q", got)
			}
			_, diags = w.apply()
			w.called(c.calls...)
			if c.fails != "" {
				w.fails(diags, c.fails)
				return
			}
			w.fine(diags)
			w.settled()
			w.applied()
			w.called(c.calls...)
		})
	}
}

// TestWhatOthersMadeAgain makes an actor that others make anew: its steps are due again, and those of one that stays are not.
func TestWhatOthersMadeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, coordinator+"actor \"probe\" \"made\" {\n  key = actor.probe.coordinator.step.make.output.key"+welcome+"}")
	w.applied()
	w.plans.Orders.Rerun = patterns("actor.probe.coordinator.action.make")
	a := w.applied()
	w.called("coordinator make", "coordinator make", "made welcome")
	if got := changeOf(a.Document, 2); got.Became != plan.ActionNoOp {
		t.Errorf("what stayed became %q", got.Became)
	}
	w.rivet.Destroy(w.id("probe", "made"))
	w.applied()
	w.called("coordinator make", "coordinator make", "coordinator make", "made welcome")
	w.plans.Orders = plan.Orders{}
	w.settled()
}

// TestOthersWhoAreFaster has an actor that is to be created turn up while the run creates it.
func TestOthersWhoAreFaster(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ input, problem string }{
		"nothing is lost":   {"", ""},
		"its input is lost": {"input = { open = true }", "its input was dropped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, coordinator+`actor "probe" "made" {
				key        = "made"
				depends_on = [actor.probe.coordinator]
				`+test.input+welcome+`}`)
			_, diags := w.apply()
			if test.problem != "" {
				w.fails(diags, test.problem)
				w.called("coordinator make")
				return
			}
			w.fine(diags)
			w.settled()
			w.called("coordinator make", "made welcome")
		})
	}
}

// TestOptionalDataInEveryMode has an actor refer to what an optional data block says of what is yet to be made.
func TestOptionalDataInEveryMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []plan.Mode{plan.ModeApply, plan.ModeDestroy, plan.ModeVerify} {
		w := newWorld(t, coordinator+`data "probe" "made" {
			key        = "made"
			optional   = true
			depends_on = [actor.probe.coordinator]
			read "report" {}
		}
		actor "probe" "user" {
			key   = "user"
			input = [data.probe.made.read.report.open, data.probe.made.state.open, "${data.probe.made.id}"]
		}`)
		w.plans.Mode = mode
		_, diags := w.plan()
		w.fine(diags)
	}
}

// TestAKeyThatIsReadInItsTurn has a key be made of what nobody has read before.
func TestAKeyThatIsReadInItsTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"c\" {\n  key = \"c\"\n  read \"get\" {}\n}\n")
	w.applied()
	w.write("data \"counter\" \"c\" {\n  key = \"c\"\n  read \"get\" {}\n}\nactor \"probe\" \"made\" {\n  key = data.counter.c.read.get\n}\n")
	w.plans.Orders.NoRefresh = true
	w.applied()
	w.equal(w.keys("probe"), []string{"0"})
}

// TestBothWhoAndHowOftenMayBeKnownLater has an actor whose key and a step's repetition are made of one result.
func TestBothWhoAndHowOftenMayBeKnownLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, counted+`actor "probe" "later" {
		key = ["later", tostring(actor.counter.counted.step.increment.output)]
		action "first" {
			call = "call"
			args = ["first"]
		}
		action "each" {
			call     = "call"
			for_each = toset(["a", tostring(actor.counter.counted.step.increment.output)])
			args     = [each.key]
		}
		action "last" {
			call = "call"
			args = ["last"]
		}
	}`)
	w.applied()
	w.called("later/1 first", "later/1 1", "later/1 a", "later/1 last")
	w.settled()
}

// TestWhatLateKeysDoNotMean has keys that are known only in the apply: what is remembered may be the actor that one of them means. Where it is
// not, it is forgotten in the same run if its block is gone, and stays remembered otherwise.
func TestWhatLateKeysDoNotMean(t *testing.T) {
	t.Parallel()
	const byID = "actor \"values\" \"a\" { key = \"a\" }\nactor \"probe\" \"b\" {\n  key = actor.values.a.id" + welcome + "}\nactor \"probe\" \"c\" {\n  key = actor.probe.b.id" + welcome + "}\n"
	const named = "actor \"values\" \"a\" {\n  key = \"a\"\n  action \"first\" {\n    args = [\"NAME\"]\n    run = \"always\"\n  }\n}\n" +
		"actor \"probe\" \"b\" {\n  key = actor.values.a.step.first.output" + welcome + "}\n"
	const two = named + "actor \"probe\" \"d\" {\n  key = \"another\"" + welcome + "}\n"
	replace := func(w *world) { w.plans.Orders.Replace = patterns("actor.values.a") }
	renamed := func(name string) func(*world) {
		return func(w *world) { w.write(strings.ReplaceAll(named, "NAME", name)) }
	}
	for name, c := range map[string]struct {
		source  string
		change  func(*world)
		applied view.Applied // of the change, but for calls
	}{
		"its actor is another one": {source: byID, change: replace, applied: view.Applied{Created: 2, Replaced: 1, Unchanged: 2}},
		"it stays the same":        {source: strings.ReplaceAll(named, "NAME", "n"), change: func(*world) {}, applied: view.Applied{Unchanged: 3}},
		"it is another one":        {source: strings.ReplaceAll(named, "NAME", "n"), change: renamed("another"), applied: view.Applied{Created: 1, Unchanged: 2}},
		"it is another one's now":  {source: strings.ReplaceAll(two, "NAME", "n"), change: renamed("another"), applied: view.Applied{Unchanged: 4}},
		"it is not that of a block that is gone": {
			source: strings.ReplaceAll(two, "NAME", "n"), change: renamed("third"), applied: view.Applied{Created: 1, Unchanged: 2, Forgotten: 1},
		},
		"it is to be destroyed": {
			source: byID, change: func(w *world) { replace(w); w.plans.Orders.Prune = true },
			applied: view.Applied{Created: 2, Replaced: 1, Unchanged: 2},
		},
		"it is left out": {
			source: byID, change: func(w *world) {
				replace(w)
				w.plans.Orders.Target = patterns("actor.probe.b")
				w.selection = w.plans.Orders
			},
			applied: view.Applied{Created: 1, Replaced: 1, Unchanged: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.source)
			w.applied()
			c.change(w)
			a := w.applied().Document.Applied
			a.Calls = view.Calls{}
			w.equal(*a, c.applied)
			w.plans.Orders, w.selection = plan.Orders{}, nil
			p, diags := w.plan()
			w.fine(diags)
			w.equal(p.Plan.Summary().Forget, 0)
		})
	}
}

// TestNothingIsForgottenWhereAKeyStaysUnknown has an actor, called something else now, whose key would have told, and that does not come so far.
func TestNothingIsForgottenWhereAKeyStaysUnknown(t *testing.T) {
	t.Parallel()
	const source = "actor \"values\" \"a\" { key = \"a\" }\nactor \"probe\" \"NAME\" {\n  key = actor.values.a.id" + welcome + "}\n"
	w := newWorld(t, strings.ReplaceAll(source, "NAME", "b"))
	w.applied()
	w.write(strings.ReplaceAll(source, "NAME", "c"))
	w.plans.Orders.Replace = patterns("actor.values.a")
	w.breaks("create", operatetest.Refused)
	a, _ := w.apply()
	w.equal([]int{a.Document.Applied.Forgotten, a.Document.Applied.Failed, a.Document.Applied.Skipped}, []int{0, 1, 2})
}

// TestKeysThatTurnOutToBeTheSameAreRefused has two declarations of one actor, which nobody could see before: the second does nothing to it.
func TestKeysThatTurnOutToBeTheSameAreRefused(t *testing.T) {
	t.Parallel()
	const named = "actor \"values\" \"v\" {\n  key = \"v\"\n  action \"echo\" { args = [\"same\", \"same\"] }\n}\n"
	const key = "key = actor.values.v.step.echo.output"
	call := func(name string) string {
		return "\n  action \"" + name + "\" {\n    call = \"call\"\n    args = [\"" + name + "\"]\n  }\n}\n"
	}
	first := "actor \"probe\" \"first\" {\n  " + key + "[0]" + call("first")
	for name, source := range map[string]string{
		"two blocks":           first + "actor \"probe\" \"second\" {\n  " + key + "[1]" + call("second"),
		"a key that was known": "actor \"probe\" \"first\" {\n  key = \"same\"" + call("first") + "actor \"probe\" \"second\" {\n  " + key + "[1]" + call("second"),
		"two instances":        "actor \"probe\" \"all\" {\n  count = 2\n  " + key + "[count.index]" + call("first"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, named+source)
			w.applies.Parallelism = 8
			for range 2 {
				_, diags := w.apply()
				w.fails(diags, "Duplicate actor")
			}
			if calls := w.calls(); len(calls) != 1 || calls["same first"]+calls["same second"] != 1 {
				t.Errorf("there were %v", calls)
			}
		})
	}
}
