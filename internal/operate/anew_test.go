package operate_test

import (
	"fmt"
	"strings"
	"testing"

	"riveter/apply"
	"riveter/plan"
)

// fact is a probe in which a fact is ensured.
func fact(label, want string) string {
	return "actor \"probe\" \"" + label + "\" {\n  key = \"" + label + "\"\n  read \"report\" {}\n" + `  ensure "x" {
    value = try(read.report.facts.x, null)
    want  = ` + want + `
    call  = "establish"
    args  = ["x", ` + want + `]
  }
}
`
}

// TestWhatTheRunChangesIsReadAnew has others use what an actor says of which this run makes another fact true.
func TestWhatTheRunChangesIsReadAnew(t *testing.T) {
	t.Parallel()
	const said = "actor.probe.a.read.report.facts.x"
	again := strings.ReplaceAll(sends(said), "args =", "run = \"on_change\"\n    args =")
	for name, c := range map[string]struct {
		user  string
		calls []string // beside those of a
		keys  []string // of values
	}{
		"arguments":          {again, nil, []string{"b"}},
		"an ensure":          {fact("b", said), []string{"b x", "b x"}, nil},
		"one after another":  {fact("b", said) + strings.ReplaceAll(again, "probe.a", "probe.b"), []string{"b x", "b x"}, []string{"b"}},
		"key":                {"actor \"values\" \"b\" {\n  key = " + said + "\n}\n", nil, []string{"w1", "w2"}},
		"input":              {"actor \"values\" \"b\" {\n  key = \"b\"\n  input = " + said + "\n}\n", nil, []string{"b"}},
		"replacement":        {"actor \"values\" \"b\" {\n  key = \"b\"\n  lifecycle {\n    replace_triggered_by = [" + said + "]\n  }\n}\n", nil, []string{"b"}},
		"arguments of reads": {"actor \"values\" \"c\" {\n  key = \"c\"\n  read \"first\" { args = [" + said + "] }\n}\n" + strings.ReplaceAll(again, said, "actor.values.c.read.first"), nil, []string{"b", "c"}},
		"for_each of a step": {strings.ReplaceAll(again, "args =", "for_each = toset(["+said+"])\n    args ="), nil, []string{"b"}},
		"output":             {"output \"o\" { value = " + said + " }\n", nil, nil},
		"check":              {"check \"c\" {\n" + condition("assert", said+" != null") + "}\n", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fact("a", `"w1"`)+c.user)
			w.applied()
			w.settled()
			w.write(fact("a", `"w2"`) + c.user)
			w.applied()
			w.settled()
			w.called(append(c.calls, "a x", "a x")...)
			w.equal(w.keys("values"), c.keys)
		})
	}
}

// TestWhatSomebodyElseBrokeIsSentToNobody has the run put right what others are told of.
func TestWhatSomebodyElseBrokeIsSentToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fact("a", `"w1"`)+fact("b", "actor.probe.a.read.report.facts.x"))
	w.applied()
	w.rivet.Tamper(w.id("probe", "a"), "facts", map[string]any{"x": "bad"})
	w.applied()
	w.settled()
	w.called("a x", "a x", "b x")
}

// TestWhatIsNotSaidYetIsNoMistake has an actor say only after the run what others want to hear.
func TestWhatIsNotSaidYetIsNoMistake(t *testing.T) {
	t.Parallel()
	const user = "actor \"values\" \"b\" {\n  key = \"b\"\n  action \"first\" { args = [actor.probe.a.read.report.facts.x] }\n}\n"
	w := newWorld(t, "actor \"probe\" \"a\" {\n  key = \"a\"\n  read \"report\" {}\n}\n")
	w.applied()
	w.write("actor \"probe\" \"a\" {\n  key = \"a\"\n  read \"report\" {}\n}\n" + user)
	_, diags := w.plan()
	w.fails(diags, `There is no "x" in it`)
	w.write(fact("a", `"w1"`) + user)
	w.applied()
	w.settled()
}

// TestNothingIsMadeOfWhatTheRunChanges creates an actor of what another one says in the run that changes it.
func TestNothingIsMadeOfWhatTheRunChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fact("a", `"w1"`))
	w.applied()
	w.write(fact("a", `"w2"`) + "actor \"values\" \"b\" {\n  key = actor.probe.a.read.report.facts.x\n  input = actor.probe.a.read.report.facts.x\n}\n")
	w.applied()
	w.settled()
	w.equal(w.rivet.Actors("values")["w2"].State, map[string]any{"input": "w2"})
}

// TestWhatAFactChangesIsLookedAtAfterIt has steps that are not due as long as a fact before them is not made true.
func TestWhatAFactChangesIsLookedAtAfterIt(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]string{
		"a fact that held": `ensure "y" {
    value = read.report.facts.x == "w1" ? "w1" : try(read.report.facts.y, null)
    want = "w1"
    call = "establish"
    args = ["y", "w1"]
  }`,
		"a guard that kept a call from being made": "action \"call\" {\n    args = [\"y\"]\n    only_if = read.report.facts.x == \"w2\"\n  }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := func(want string) string { return strings.TrimSuffix(fact("a", want), "}\n") }
			w := newWorld(t, a(`"w1"`)+step+"\n}\n")
			w.applied()
			w.settled()
			w.write(a(`"w2"`) + step + "\n}\n")
			w.applied()
			w.settled()
			w.called("a x", "a x", "a y")
		})
	}
}

// TestWhatIsMadeAlwaysAndOtherwiseNowIsAChange has a step that is made always make something else of what others are called after, or replaced by.
func TestWhatIsMadeAlwaysAndOtherwiseNowIsAChange(t *testing.T) {
	t.Parallel()
	const a = "actor \"probe\" \"a\" {\n  key = \"a\"\n  read \"report\" {}\n"
	const always = "  action \"establish\" {\n    run = \"always\"\n    args = [\"x\", \"w1\"]\n  }\n"
	const said = "try(actor.probe.a.read.report.facts.x, \"none\")"
	for name, user := range map[string]string{
		"a key":         "  key = " + said + "\n",
		"what triggers": "  key = \"b\"\n  lifecycle {\n    replace_triggered_by = [" + said + "]\n  }\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			user = "}\nactor \"values\" \"b\" {\n" + user + "}\n"
			w := newWorld(t, a+user)
			w.applied()
			for _, steps := range []string{always, strings.Replace(always, "w1", "w2", 1), always + "  action \"call\" {\n    run = \"always\"\n    args = [\"c\"]\n  }\n"} {
				w.write(a + steps + user)
				w.applied()
				w.settled()
				w.applied()
				w.settled()
			}
		})
	}
}

// becomes has something happen as soon as a step is made.
type becomes struct {
	watched
	label string
	do    func()
}

func (b *becomes) Event(e apply.Event) {
	if e, ok := e.(apply.StepStarted); ok && e.Step.Address.Label == b.label {
		b.do()
	}
}

// TestWhatIsWaitedForIsHeard has an actor expect what it does not say yet: those that come after that are told what it says then.
func TestWhatIsWaitedForIsHeard(t *testing.T) {
	t.Parallel()
	const a, b = "actor \"counter\" \"a\" {\n  key = \"a\"\n  read \"get\" {}\n", "actor \"counter\" \"b\" {\n  key = \"b\"\n"
	const expects = "  expect \"ready\" { condition = read.get >= 5 }\n"
	const data = "data \"counter\" \"d\" {\n  key = \"a\"\n  depends_on = [actor.counter.a]\n  read \"get\" {}\n}\n"
	sends := func(what string) string {
		return "  action \"increment\" {\n    run = \"on_change\"\n    args = [" + what + "]\n  }\n}\n"
	}
	for name, source := range map[string]string{
		"by its own steps": a + expects + strings.Replace(sends("read.get"), "on_change", "once", 1),
		"by others":        a + expects + "}\n" + b + sends("actor.counter.a.read.get"),
		"as data":          a + expects + "}\n" + data + b + sends("data.counter.d.read.get"),
		"as an input":      a + expects + "}\n" + b + "  input = { start = actor.counter.a.read.get }\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, a+"}\n")
			w.applied()
			w.write(source)
			w.watcher = &becomes{label: "ready", do: func() { w.rivet.Tamper(w.id("counter", "a"), "count", 5.0) }}
			w.applied()
			w.settled()
			counts := 0.0
			for _, counter := range w.rivet.Actors("counter") {
				counts += counter.State["count"].(float64)
			}
			w.equal(counts, 10.0)
		})
	}
}

// TestOthersHearWhatIsSaidAfterWhatIsMadeAlways has others use what an actor says of which a step is made in every run: that comes first, and
// what is made of it makes no plan changed.
func TestOthersHearWhatIsSaidAfterWhatIsMadeAlways(t *testing.T) {
	t.Parallel()
	const source = `actor "counter" "a" {
  key = "a"
  read "get" {}
  action "increment" { run = "always" }
}
locals { n = actor.counter.a.read.get }
`
	const n = "actor.counter.a.read.get"
	const set = "actor \"chatRoom\" \"b\" {\n  key = \"b\"\n  read \"getRoomInfo\" {}\n  "
	sends := func(attributes string) string {
		return set + "action \"setTopic\" {\n    run = \"on_change\"\n    " + attributes + "\n  }\n"
	}
	data := "data \"counter\" \"d\" {\n  key = \"a\"\n  depends_on = [actor.counter.a]\n  read \"get\" {}\n}\n"
	next := "}\nactor \"values\" \"c\" {\n  key = \"c\"\n  action \"first\" {\n    run = \"on_change\"\n    args = [actor.chatRoom.b.read.getRoomInfo.topic]\n  }\n"
	ensures := set + "ensure \"setTopic\" {\n    value = read.getRoomInfo.topic\n    want = " + n + "\n  }\n"
	for name, user := range map[string]string{
		"arguments":             sends("args = [" + n + "]"),
		"through a local":       sends("args = [local.n]"),
		"for each of it":        sends("for_each = toset([tostring(" + n + ")])\n    args = [each.key]"),
		"where a guard lets":    sends("args = [" + n + "]\n    only_if = " + n + " > 0"),
		"a fact":                ensures,
		"one after another":     ensures + next,
		"beside a key":          sends("args = [local.n]") + "}\nactor \"values\" \"c\" {\n  key = tostring(local.n * 0)\n",
		"beside a key, of data": data + strings.ReplaceAll(sends("args = ["+n+"]")+"}\nactor \"values\" \"c\" {\n  key = tostring("+n+" * 0)\n", n, "data.counter.d.read.get"),
		"beside an input":       sends("args = [\"${"+n+"}\"]") + "input = { topic = " + n + " * 0 }\n",
		"beside what triggers":  sends("args = [local.n]") + "lifecycle {\n    on_input_change = \"replace\"\n    replace_triggered_by = [local.n * 0]\n  }\n",
		"an expectation":        ensures + "expect \"it\" {\n    value = read.getRoomInfo.topic\n    want = " + n + "\n  }\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, source+user+"}\n")
			w.applied()
			id := w.id("chatRoom", "b")
			for range 3 {
				w.settled()
				w.applied()
				w.equal(fmt.Sprint(w.rivet.Actors("chatRoom")["b"].State["topic"]), fmt.Sprint(w.rivet.Actors("counter")["a"].State["count"]))
			}
			w.equal(w.id("chatRoom", "b"), id)
		})
	}
}

// TestWhatIsOpenOnlyAsAnotherIsCalledAlwaysIsNoChange has a guard, and what a step is repeated for, be what another actor says that is called in
// every run: nobody knows before that whether the step is made, and yet no plan is changed by it.
func TestWhatIsOpenOnlyAsAnotherIsCalledAlwaysIsNoChange(t *testing.T) {
	t.Parallel()
	for name, decides := range map[string]string{
		"a guard":               "only_if = actor.probe.a.read.report.open",
		"what is repeated for":  "for_each = toset(actor.probe.a.read.report.broken)",
		"a guard that lets not": "unless = !actor.probe.a.read.report.open",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "actor \"probe\" \"a\" {\n key = \"a\"\n read \"report\" {}\n action \"call\" {\n args = [\"always\"]\n run = \"always\"\n}\n}\n"+
				"actor \"probe\" \"b\" {\n key = \"b\"\n action \"call\" {\n args = [\"once\"]\n "+decides+"\n}\n}\n")
			w.applied()
			w.settled()
			w.rivet.Tamper(w.id("probe", "a"), "open", true)
			w.rivet.Tamper(w.id("probe", "a"), "broken", []any{"other"})
			w.applied()
			w.settled()
			w.called("a always", "a always", "b once")
		})
	}
}

// TestWhatHoldsAfterWhatIsMadeAlwaysIsRequiredThen has conditions about what only a step that is made always brings about.
func TestWhatHoldsAfterWhatIsMadeAlwaysIsRequiredThen(t *testing.T) {
	t.Parallel()
	const actor = "actor \"probe\" \"a\" {\n  key = \"a\"\n  read \"report\" {}\n"
	const establish = "  action \"establish\" {\n    args = [\"x\", \"w1\"]\n    run = \"RUN\"\n  }\n"
	holds := "actor.probe.a.read.report.facts.x == \"w1\""
	b := "actor \"values\" \"b\" {\n  key = \"b\"\n  lifecycle {\n"
	for name, user := range map[string]string{
		"a check":                      "check \"c\" {\n" + condition("assert", holds) + "}\n",
		"a precondition":               b + condition("precondition", holds) + "}\n}\n",
		"a postcondition":              b + condition("postcondition", holds) + "}\n}\n",
		"a precondition of an output":  "output \"o\" {\n  value = 1\n" + condition("precondition", holds) + "}\n",
		"an input, and a precondition": b + condition("precondition", holds) + "}\n  input = actor.probe.a.read.report.facts.x\n}\n",
	} {
		for _, run := range []string{"always", "on_change"} {
			t.Run(name+", "+run, func(t *testing.T) {
				t.Parallel()
				made := strings.Replace(establish, "RUN", run, 1) + "}\n"
				w := newWorld(t, actor+"}\n")
				w.applied()
				w.write(actor + made + user)
				w.plans.Orders.OnUnknown = plan.OrderRun
				_, diags := w.plan()
				w.equal(told(diags), "")
				_, diags = w.apply()
				w.equal(told(diags), "")
				w.settled()
				w.write(actor + strings.Replace(made, "w1", "w2", 1) + user)
				if _, diags = w.apply(); len(diags) != 1 {
					t.Errorf("it says %s", told(diags))
				}
			})
		}
	}
}

// TestAnInputThatTurnsOutToBeAnotherOneIsSaidAtOnce has an actor that stays be declared with what another one says after the run has changed that.
func TestAnInputThatTurnsOutToBeAnotherOneIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	const said, changed = "actor.probe.a.read.report.facts.x", "is not the one that the actor was created with"
	for onChange, c := range map[string]struct {
		planned string // why
		warns   []string
		fails   []string
		next    plan.ChangeAction
		left    string
	}{
		"warn":    {warns: []string{changed}, next: plan.ActionNoOp, left: "w1"},
		"fail":    {fails: []string{changed}, left: "w1"},
		"ignore":  {next: plan.ActionNoOp, left: "w1"},
		"replace": {planned: "if it has changed, the next plan replaces the actor", warns: []string{"the next one replaces the actor"}, next: plan.ActionReplace, left: "w2"},
	} {
		for key, known := range map[string]bool{`"b"`: true, `"b${length(` + said + `)}"`: false} {
			t.Run(onChange+" "+key, func(t *testing.T) {
				t.Parallel()
				user := "actor \"values\" \"b\" {\n  key = " + key + "\n  input = " + said + "\n  lifecycle { on_input_change = \"" + onChange + "\" }\n}\n"
				w := newWorld(t, fact("a", `"w1"`)+user)
				w.applied()
				w.write(fact("a", `"w2"`) + user)
				p, diags := w.plan()
				w.fine(diags)
				if reason := changeOf(p.Document, 1).Reason; known && !strings.Contains(reason, c.planned) {
					t.Errorf("it says %q", reason)
				}
				_, diags = w.apply()
				w.warns(diags, c.warns...)
				w.fails(diags, c.fails...)
				if c.fails != nil {
					return
				}
				p, _ = w.plan()
				w.equal(changeOf(p.Document, 1).Action, c.next)
				_, _ = w.apply() // which may warn again
				for _, b := range w.rivet.Actors("values") {
					w.equal(b.State["input"], c.left)
				}
			})
		}
	}
}

// TestWhatThePlanHasShownOfOthersIsSent has others use what an actor says that a plan has read, together with what is looked at anew: somebody
// has made another of it since, be it a step that runs always.
func TestWhatThePlanHasShownOfOthersIsSent(t *testing.T) {
	t.Parallel()
	const source = `actor "counter" "a" {
  key = "a"
  read "get" {}
  action "increment" { run = "always" }
}
data "counter" "d" {
  key        = "a"
  depends_on = [actor.counter.a]
  read "get" {}
}
output "o" { value = actor.counter.a.read.get }
`
	const both = `[actor.counter.a.read.get, data.counter.d.read.get]`
	for name, user := range map[string]string{
		"arguments": "action \"first\" {\n    run = \"on_change\"\n    args = " + both + "\n  }",
		"a guard":   "action \"first\" {\n    only_if = data.counter.d.read.get > 0\n    args = [actor.counter.a.read.get]\n  }",
		"repeated":  "action \"first\" {\n    for_each = toset([for n in " + both + " : tostring(n)])\n    args = [each.key, actor.counter.a.read.get]\n  }",
		"a fact":    "read \"first\" { args = " + both + " }\n  expect \"first\" {\n    value = read.first\n    want = actor.counter.a.read.get\n  }",
		"input":     "input = " + both,
		"triggers":  "lifecycle {\n    replace_triggered_by = " + both + "\n  }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, source)
			w.applied()
			w.write(source + "actor \"values\" \"b\" {\n  key = \"b\"\n  " + user + "\n}\n")
			for range 3 {
				a := w.applied()
				w.equal(a.Report.Outputs["o"].Value.AsBigFloat().String(), fmt.Sprint(w.rivet.Actors("counter")["a"].State["count"]))
			}
		})
	}
}

// TestAStepIsSentWhatTheOnesBeforeItChanged has steps send what their own actor says.
func TestAStepIsSentWhatTheOnesBeforeItChanged(t *testing.T) {
	t.Parallel()
	add := func(by, run string) string {
		return "actor \"counter\" \"c\" {\n  key = \"c\"\n  read \"get\" {}\n  action \"add\" {\n    call = \"increment\"\n    run = \"" + run + "\"\n    args = [" + by + "]\n  }\n"
	}
	for name, c := range map[string]struct {
		double string // adds what there is
		count  float64
	}{
		"a read":             {"args = [read.get]\n    run = \"once\"", 8},
		"the state":          {"args = [self.state.count]\n    run = \"once\"", 8},
		"how often":          {"for_each = toset([tostring(read.get)])\n    args = [tonumber(each.key)]", 8},
		"where a guard lets": {"only_if = read.get == 4\n    args = [read.get]\n    run = \"once\"", 8},
		"not before":         {"args = [1]\n    only_if = read.get == 1", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, add("1", "on_change")+"}\n")
			w.applied()
			w.write(add("3", "on_change") + "  action \"increment\" {\n    " + c.double + "\n  }\n}\n")
			w.applied()
			w.equal(w.rivet.Actors("counter")["c"].State["count"], c.count)
		})
	}
	again := "  action \"increment\" {\n    run = \"on_change\"\n    args = [read.get]\n  }\n"
	key := "}\nactor \"values\" \"b\" { key = tostring(actor.counter.c.read.get * 0) }\n"
	for _, more := range []string{again + "}\n", key, again + key} {
		w := newWorld(t, add("1", "always")+more)
		for range 3 {
			w.applied()
			w.settled()
		}
	}
}
