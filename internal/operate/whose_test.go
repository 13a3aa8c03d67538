package operate_test

import (
	"strings"
	"testing"

	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// unseen has lookups of actors find nothing, and creations end like this, until OnRequest is set anew.
func (w *world) unseen(creation operatetest.Fault) {
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		switch r.Verb {
		case "observe":
			return operatetest.Unseen
		case "create":
			return creation
		default:
			return operatetest.Delivered
		}
	}
}

// What a lookup says of an actor is not believed where the creation that follows names that very actor, or cannot be made.
func TestAWrongLookupCostsNoMemory(t *testing.T) {
	t.Parallel()
	for name, creation := range map[string]struct {
		ends operatetest.Fault
		says string
	}{
		"answered": {operatetest.Delivered, "was gone, and then that it is there"},
		"refused":  {operatetest.Refused, "connection refused"},
		"lost":     {operatetest.LostBefore, "connection lost"},
		"unheard":  {operatetest.LostAfter, "connection lost"},
	} {
		for _, input := range []string{"", "input = { open = false }"} {
			t.Run(name+input, func(t *testing.T) {
				source := strings.ReplaceAll(`actor "probe" "a" {
					key = "a"
					INPUT
					action "call" { args = ["once"] }
				}`, "INPUT", input)
				w := newWorld(t, source)
				w.applied()
				for range 2 {
					w.unseen(creation.ends)
					_, diags := w.apply()
					w.fails(diags, creation.says)
				}
				w.rivet.OnRequest = nil
				w.decides(map[string]string{"probe.a": "no-op", "probe.a.action.call": "done"})
				renamed := strings.Replace(source, `action "call" { args = ["once"] }`, `action "more" {
					call = "call"
					args = ["more"]
				}
				action "again" {
					call = "call"
					args = ["once"]
				}`, 1)
				w.write(renamed + "\nmoved {\n from = actor.probe.a.action.call\n to = actor.probe.a.action.again\n}")
				w.applied()
				w.write(renamed)
				w.settled()
				w.called("a once", "a more")
				w.plans.Mode = plan.ModeDestroy
				w.applied()
				w.equal(len(w.keys("probe")), 0)
			})
		}
	}
}

// What is to be forgotten as it is gone is looked at once more.
func TestAWrongLookupForgetsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "a" {
		key = "a"
		action "call" { args = ["once"] }
	}`)
	w.applied()
	w.rivet.OnRequest = operatetest.FailAt(len(w.rivet.Requests())+2, operatetest.Unseen)
	w.plans.Mode = plan.ModeDestroy
	_, diags := w.apply()
	w.fails(diags, "was gone, and then that it is there")
	w.rivet.OnRequest = nil
	w.plans.Mode = plan.ModeApply
	w.settled()
	w.rivet.Destroy(w.id("probe", "a"))
	w.plans.Mode = plan.ModeDestroy
	w.applied()
	w.plans.Mode = plan.ModeApply
	w.decides(map[string]string{"probe.a": "create", "probe.a.action.call": "run"})
}

// Of an actor that is there after a creation of which nobody heard, what it was created with says whose it is. Where nobody asks, or
// it does not say, that it was made in time does.
func TestAnotherInputIsAnotherActor(t *testing.T) {
	t.Parallel()
	open, shut := map[string]any{"open": true}, map[string]any{"open": false}
	for name, test := range map[string]struct {
		input, made any // declared, and that somebody made it with; nil for none
		unread      bool
		mute        bool
		mine        bool
	}{
		"the same":                {input: shut, made: shut, mine: true},
		"another one":             {input: shut, made: open},
		"none":                    {input: shut},
		"not declared":            {made: open},
		"none and none":           {mine: true},
		"another one, not asked":  {input: shut, made: open, unread: true, mine: true},
		"another one, not told":   {input: shut, made: open, mute: true, mine: true},
		"the same, and not asked": {input: shut, made: shut, unread: true, mine: true},
	} {
		t.Run(name, func(t *testing.T) {
			source := "actor \"probe\" \"a\" {\n key = \"a\"\n INPUT\n action \"call\" { args = [\"once\"] }\n}\n"
			declared := ""
			if test.input != nil {
				declared = "input = { open = false }"
			}
			w := newWorld(t, strings.ReplaceAll(source, "INPUT", declared))
			w.breaks("create", operatetest.LostBefore)
			_, diags := w.apply()
			w.fails(diags, "connection lost")
			w.rivet.OnRequest = nil
			w.rivet.Create("probe", []string{"a"}, test.made)
			if w.plans.Orders.NoRefresh = test.unread; test.mute {
				w.breaks("read", operatetest.Refused)
			}
			step, left := "unknown", 1
			if test.mine {
				step, left = "run", 0
			}
			w.decides(map[string]string{"probe.a": "adopt", "probe.a.action.call": step})
			w.plans.Mode = plan.ModeDestroy
			w.applied()
			w.equal(len(w.keys("probe")), left)
		})
	}
}

// An actor that is riveter's after a doubt is made anew like any other where its input changed since: nothing is called on the one that goes.
func TestAnActorInDoubtIsReplacedAsAnyOther(t *testing.T) {
	t.Parallel()
	for name, unread := range map[string]bool{"read back": false, "not read back": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `variable "open" { default = false }
actor "probe" "a" {
  key   = "a"
  input = { open = var.open }
  action "call" { args = ["once"] }
  lifecycle { on_input_change = "replace" }
}`)
			w.breaks("create", operatetest.LostAfter)
			_, diags := w.apply()
			w.fails(diags, "connection lost")
			w.rivet.OnRequest = nil
			first := w.id("probe", "a")
			w.variables = given("open=true")
			w.plans.Orders.NoRefresh = unread
			w.decides(map[string]string{"probe.a": "replace", "probe.a.action.call": "run"})
			w.applied()
			if w.id("probe", "a") == first {
				t.Error("it is still there")
			}
			w.called("a once")
			w.settled()
		})
	}
}

// What replaces an actor when it changes is learnt of an adopted one too, also where it is known only in the run.
func TestWhatReplacesAnAdoptedActorIsLearnt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `variable "q" { default = 1 }
actor "values" "source" {
  key = "source"
  action "echo" {
    args = [var.q, 0]
    run  = "on_change"
  }
}
actor "counter" "adopted" {
  key = "adopted"
  lifecycle { replace_triggered_by = [actor.values.source.step.echo.output] }
}`)
	first := w.rivet.Create("counter", []string{"adopted"}, nil)
	w.decides(map[string]string{"values.source": "create", "values.source.action.echo": "run", "counter.adopted": "adopt"})
	w.applied()
	w.settled()
	w.equal(w.id("counter", "adopted"), first)
	w.variables = given("q=2")
	w.decides(map[string]string{"values.source": "update", "values.source.action.echo": "run", "counter.adopted": "replace"})
	w.applied()
	w.settled()
	if w.id("counter", "adopted") == first {
		t.Error("it is not replaced")
	}
}
