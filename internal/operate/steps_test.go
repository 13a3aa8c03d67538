package operate_test

import (
	"strings"
	"testing"
	"time"

	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// stepWith returns a probe with one call by the name of "it", with these attributes and arguments.
func stepWith(attributes, args string) string {
	return "variable \"version\" {\n  default = 1\n}\nactor \"probe\" \"p\" {\n  key = \"k\"\n  read \"report\" {\n  }\n" +
		"  action \"it\" {\n    call = \"call\"\n    args = [" + args + "]\n" + attributes + "\n  }\n}\n"
}

// TestWhatBecomesOfACall has the rows of the table of actions, messages and requests.
func TestWhatBecomesOfACall(t *testing.T) {
	t.Parallel()
	adopt := func(w *world) { w.rivet.Create("probe", []string{"k"}, nil) }
	lose := func(w *world) {
		w.breaks("call", operatetest.LostAfter)
		_, diags := w.apply()
		w.fails(diags, "Outcome in doubt: actor.probe.p.action.it")
		w.rivet.OnRequest = nil
	}
	made := func(w *world) { w.applied() }
	renew := func(w *world) {
		w.applied()
		w.rivet.Destroy(w.id("probe", "k"))
		w.rivet.Create("probe", []string{"k"}, nil)
	}
	invoke := func(w *world) { w.plans.Orders.Invoke = patterns("actor.probe.p.action.it") }
	rerun := func(w *world) { w.plans.Orders.Rerun = patterns("actor.probe.p.action.it") }
	mark := func(w *world) { w.plans.Orders.MarkDone = patterns("*") }
	two := `"it", var.version`
	cases := []struct {
		name       string
		attributes string
		args       string
		before     func(*world) // with version 1
		orders     func(*world)
		version    string
		want       string
		reason     string
		refused    bool
		calls      int // altogether
		changed    bool
	}{
		{name: "a guard is false", attributes: "only_if = false", want: "skip"},
		{name: "unless is true", attributes: "unless = true", want: "skip"},
		{name: "a guard is true", attributes: "only_if = true", want: "run", calls: 1, changed: true},
		{name: "the actor is made by this run", want: "run", reason: "made by this run", calls: 1, changed: true},
		{name: "a new incarnation", before: renew, want: "run", calls: 1, changed: true},
		{name: "done, the same", before: made, want: "done", calls: 1},
		{name: "done, other arguments, on change", attributes: `run = "on_change"`, args: two, before: made, version: "2", want: "run", reason: "arguments changed", calls: 2, changed: true},
		{name: "done, the same arguments, on change", attributes: `run = "on_change"`, args: two, before: made, want: "done", calls: 1},
		{name: "done, other triggers, on change", attributes: "run = \"on_change\"\n triggers = [var.version]", before: made, version: "2", want: "run", reason: "call or triggers changed", calls: 2, changed: true},
		{name: "done, other arguments, once", args: two, before: made, version: "2", want: "done", reason: "changed since", calls: 1},
		{name: "started, never finished", before: lose, want: "unknown", reason: "was started on", refused: true, calls: 1, changed: true},
		{name: "started, never finished, always", attributes: `run = "always"`, before: lose, want: "run", calls: 2},
		{name: "started, never finished, idempotent", attributes: "idempotent = true", before: func(w *world) {
			lost := false
			w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
				if r.Verb == "call" && !lost {
					lost = true
					return operatetest.LostAfter
				}
				return operatetest.Delivered
			}
			w.applied()
			w.rivet.OnRequest = nil
		}, want: "done", calls: 2},
		{name: "no record, the actor was there", before: adopt, want: "unknown", reason: "was there before riveter", refused: true, changed: true},
		{name: "no record, on_unknown = run", attributes: `on_unknown = "run"`, before: adopt, want: "run", calls: 1, changed: true},
		{name: "no record, on_unknown = skip", attributes: `on_unknown = "skip"`, before: adopt, want: "skip", changed: true},
		{name: "no record, -rerun", before: adopt, orders: rerun, want: "run", reason: "-rerun", calls: 1, changed: true},
		{name: "no record, -mark-done", before: adopt, orders: mark, want: "mark", reason: "-mark-done", changed: true},
		{name: "in doubt, -rerun", before: lose, orders: rerun, want: "run", calls: 2, changed: true},
		{name: "in doubt, -mark-done", before: lose, orders: mark, want: "mark", calls: 1, changed: true},
		{name: "always", attributes: `run = "always"`, before: made, want: "run", calls: 2},
		{name: "manual", attributes: `run = "manual"`, before: made, want: "skip"},
		{name: "manual, invoked", attributes: `run = "manual"`, before: made, orders: invoke, want: "run", calls: 1, changed: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := c.args
			if args == "" {
				args = `"it"`
			}
			w := newWorld(t, stepWith(c.attributes, args))
			if c.before != nil {
				c.before(w)
			}
			if c.orders != nil {
				c.orders(w)
			}
			if c.version != "" {
				w.variables = given("version=" + c.version)
			}
			p, diags := w.plan()
			w.fine(diags)
			s := changeOf(p.Document, 0).Steps[0]
			if got := decided(p.Document)["probe.p.action.it"]; got != c.want || !strings.Contains(s.Reason, c.reason) {
				t.Errorf("the plan decides %q because of %q", got, s.Reason)
			}
			if c.before != nil && p.Plan.Summary().Changed() != c.changed {
				t.Errorf("whether the plan is changed: %t", !c.changed)
			}
			a, diags := w.apply()
			if c.refused {
				w.fails(diags, "Of 1 step nobody knows whether it was done")
			} else {
				w.fine(diags)
				if a.Report.Failed() {
					t.Errorf("the apply failed: %+v", a.Document)
				}
			}
			if n := w.calls()["k it"]; n != c.calls {
				t.Errorf("called %d times, not %d", n, c.calls)
			}
			if w.plans.Orders = (plan.Orders{}); !c.refused {
				w.settled()
			}
		})
	}
}

const topic = `actor "chatRoom" "r" {
  key   = "r"
  input = { topic = "cats" }
  read "info" { action = "getRoomInfo" }
  ensure "topic" {
    value = read.info.topic
    want  = "dogs"
    call  = "setTopic"
    args  = ["dogs"]
  }
  expect "seen" {
    value   = self.state.topic
    want    = "dogs"
    timeout = "20ms"
  }
}
`

func TestAnEnsureMakesTrueWhatIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topic)
	p := w.decides(map[string]string{"chatRoom.r": "create", "chatRoom.r.ensure.topic": "run if", "chatRoom.r.expect.seen": "run"})
	if reason := changeOf(p.Document, 0).Steps[0].Reason; !strings.Contains(reason, "if it differs after creation") {
		t.Errorf("the reason is %q", reason)
	}
	w.applied()
	w.equal(w.rivet.Actors("chatRoom")["r"].State["topic"], "dogs")
	w.decides(map[string]string{"chatRoom.r": "no-op", "chatRoom.r.ensure.topic": "done", "chatRoom.r.expect.seen": "done"})
	w.rivet.Tamper(w.id("chatRoom", "r"), "topic", "birds")
	w.decides(map[string]string{"chatRoom.r": "update", "chatRoom.r.ensure.topic": "run", "chatRoom.r.expect.seen": "run"})
	_, diags := w.verify()
	w.fails(diags, "wanted: \"dogs\"\n  seen:   \"birds\"", "it did not hold within 20ms")
	w.equal(w.rivet.Actors("chatRoom")["r"].State["topic"], "birds")
	w.applied()
	w.settled()
}

func TestAnEnsureThatDoesNotHelpIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(topic, `args  = ["dogs"]`, `args  = ["birds"]`, 1))
	a, diags := w.apply()
	w.fails(diags, "before: \"cats\"\n  wanted: \"dogs\"\n  seen:   \"birds\"")
	w.equal(ended(a.Document), map[string]string{"chatRoom.r": "failed", "chatRoom.r.ensure.topic": "failed", "chatRoom.r.expect.seen": "skipped"})
}

func TestAnExpectAfterADueEnsureIsLookedAtInItsTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(topic, `value   = self.state.topic
    want    = "dogs"`, `condition = self.state.topic == "cats"`, 1))
	w.rivet.Create("chatRoom", []string{"r"}, map[string]any{"topic": "cats"})
	p, diags := w.plan()
	w.fine(diags)
	w.equal(decided(p.Document), map[string]string{"chatRoom.r": "adopt", "chatRoom.r.ensure.topic": "run", "chatRoom.r.expect.seen": "run"})
	_, diags = w.apply()
	w.fails(diags, "it did not hold within 20ms")
}

func TestWithoutRefreshNothingIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, topic)
	w.applied()
	w.plans.Orders.NoRefresh = true
	before := len(w.rivet.Requests())
	w.decides(map[string]string{"chatRoom.r": "no-op", "chatRoom.r.ensure.topic": "skip", "chatRoom.r.expect.seen": "skip"})
	for _, r := range w.rivet.Requests()[before:] {
		if r.Verb == "read" {
			t.Errorf("it read %s", r.What)
		}
	}
}

// TestWhatNeedsTheResultOfAStepThatFailedIsSkipped has a step fail, after which its actor goes on, of which others need the result.
func TestWhatNeedsTheResultOfAStepThatFailedIsSkipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "p" {
  key   = "k"
  input = { broken = ["a"] }
  action "call" {
    args       = ["a"]
    on_failure = "continue"
  }
}
actor "values" "b" {
  key = "b"
  action "first" { args = [actor.probe.p.step.call.output] }
}
actor "values" "c" {
  key   = "c"
  input = actor.probe.p.step.call.output
}
actor "values" "d" {
  key        = "d"
  depends_on = [actor.values.b]
}
`)
	a, diags := w.apply()
	w.fails(diags, "user.broken: a is broken")
	w.equal(ended(a.Document), map[string]string{
		"probe.p": "done", "probe.p.action.call": "failed", "values.b": "skipped", "values.b.action.first": "skipped", "values.c": "skipped", "values.d": "skipped",
	})
}

// TestWithoutRefreshWhatAStepNeedsIsReadInItsTurn has another actor that there is nothing to do about, or a data block, say what a step sends.
func TestWithoutRefreshWhatAStepNeedsIsReadInItsTurn(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"actor", "data"} {
		read := kind + " \"counter\" \"c\" {\n  key = \"c\"\n  read \"get\" {}\n}\n"
		w := newWorld(t, read+"actor \"probe\" \"p\" {\n  key = \"p\"\n  action \"call\" {\n    run  = \"on_change\"\n    args = [tostring("+kind+".counter.c.read.get)]\n  }\n"+
			"  action \"bye\" {\n    call = \"call\"\n    run  = \"on_destroy\"\n    args = [tostring("+kind+".counter.c.read.get)]\n  }\n}\n")
		w.rivet.Create("counter", []string{"c"}, nil)
		w.applied()
		w.plans.Orders.NoRefresh = true
		p, diags := w.plan()
		w.fine(diags)
		w.equal(decided(p.Document)["probe.p.action.call"], "run if")
		w.applied()
		w.called("p 0")
		w.rivet.Tamper(w.id("counter", "c"), "count", 1.0)
		w.applied()
		w.called("p 0", "p 1")
		w.plans.Mode = plan.ModeDestroy
		w.applied()
		w.equal(w.keys("probe"), []string(nil))
	}
}

func TestAnExpectationThatOnlyApplyKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "counter" "c" {
  key = "c"
  action "first" {
    call = "increment"
  }
  action "second" {
    call   = "increment"
    args   = [step.first.output]
    expect = 2
  }
  action "third" {
    call   = "increment"
    expect = actor.counter.other.step.it.output
  }
  expect "count" {
    value   = self.state.count
    want    = step.second.output + 1
    timeout = "20ms"
  }
}
actor "counter" "other" {
  key   = "other"
  input = { start = 6 }
  action "it" { call = "increment" }
}
`)
	a, diags := w.apply()
	w.fails(diags, "Unexpected result: actor.counter.c.action.third: the call was made, but not all came as expected\n\n  wanted: 7\n  seen:   3")
	w.equal(ended(a.Document), map[string]string{
		"counter.c": "in_doubt", "counter.c.action.first": "done", "counter.c.action.second": "done", "counter.c.action.third": "in_doubt",
		"counter.c.expect.count": "skipped", "counter.other": "done", "counter.other.action.it": "done",
	})
	p, _ := w.plan()
	if got := decided(p.Document)["counter.c.action.third"]; got != "unknown" {
		t.Errorf("what was made and not as expected is %q", got)
	}
}

func TestAwaitedEventsCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "chatRoom" "r" {
  key = "r"
  action "addMember" {
    args = ["ada"]
    await "memberAdded" {
      condition = event.args[0] == "ada"
      timeout   = "10ms"
    }
  }
  action "setTopic" {
    args = ["cats"]
    await "topicChanged" {
      condition = event.args[0] == "dogs"
      timeout   = "10ms"
    }
  }
}
`)
	a, diags := w.apply()
	w.fails(diags, `no event "topicChanged" that matches came within 10ms`)
	w.equal(ended(a.Document), map[string]string{"chatRoom.r": "in_doubt", "chatRoom.r.action.addMember": "done", "chatRoom.r.action.setTopic": "in_doubt"})
}

func TestAFailedStepEndsItsActorUnlessItSaysContinue(t *testing.T) {
	t.Parallel()
	source := func(onFailure string) string {
		return `actor "probe" "p" {
  key   = "k"
  input = { broken = ["a"] }
  action "a" {
    call       = "call"
    args       = ["a"]
    on_failure = "` + onFailure + `"
  }
  action "b" {
    call = "call"
    args = ["b"]
  }
}
actor "counter" "after" {
  key        = "after"
  depends_on = [actor.probe.p]
}
actor "counter" "beside" { key = "beside" }
`
	}
	w := newWorld(t, source("halt"))
	a, diags := w.apply()
	w.fails(diags, "Call failed: actor.probe.p.action.a: user.broken: a is broken")
	w.equal(ended(a.Document), map[string]string{
		"probe.p": "failed", "probe.p.action.a": "failed", "probe.p.action.b": "skipped", "counter.after": "skipped", "counter.beside": "done",
	})
	w.decides(map[string]string{
		"probe.p": "update", "probe.p.action.a": "run", "probe.p.action.b": "run", "counter.after": "create", "counter.beside": "no-op",
	})
	w.write(source("continue"))
	a, diags = w.apply()
	w.fails(diags, "user.broken: a is broken")
	w.equal(ended(a.Document), map[string]string{
		"probe.p": "done", "probe.p.action.a": "failed", "probe.p.action.b": "done", "counter.after": "done", "counter.beside": "done",
	})
	w.called("k a", "k a", "k b")
}

func TestWhatOnlyApplyKnowsIsFilledIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "counter" "a" {
  key   = "a"
  input = { start = 5 }
  action "it" { call = "increment" }
}
actor "values" "b" {
  key   = ["b", actor.counter.a.id]
  input = { n = actor.counter.a.step.it.output, id = actor.counter.a.id }
}
actor "probe" "c" {
  key = "c"
  action "it" {
    call = "call"
    args = [actor.values.b.id]
    run  = "on_change"
  }
}
output "id" { value = actor.values.b.id }
output "n" { value = actor.counter.a.step.it.output }
`)
	a := w.applied()
	id := w.id("counter", "a")
	b := w.rivet.Actors("values")["b/"+id]
	w.equal(b.State["input"], any(map[string]any{"n": 6.0, "id": id}))
	w.called("c " + b.ID)
	w.equal(string(a.Document.Outputs["id"].Value)+string(a.Document.Outputs["n"].Value), `"`+b.ID+`"6`)
	w.settled()
	if diff := string(w.applied().Document.Outputs["n"].Value); diff != "6" {
		t.Errorf("the second apply says %s", diff)
	}
}

func TestMistakesThatOnlyApplyFindsAreErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "counter" "a" {
  key = "a"
  action "it" { call = "increment" }
}
actor "probe" "b" {
  key   = "b"
  input = { calls = [1, 2][actor.counter.a.step.it.output + 5] }
}
actor "probe" "c" {
  key = "c"
  action "it" {
    call = "call"
    args = [[1, 2][actor.counter.a.step.it.output + 5]]
  }
}
`)
	a, diags := w.apply()
	w.fails(diags, "Invalid index", "Invalid index")
	w.equal(ended(a.Document), map[string]string{
		"counter.a": "done", "counter.a.action.it": "done", "probe.b": "failed", "probe.c": "failed", "probe.c.action.it": "failed",
	})
	w.equal(w.keys("probe"), []string{"c"})
	w.called()
	for _, diag := range diags {
		if diag.Subject == nil {
			t.Errorf("without a place: %s", diag)
		}
	}
}

func TestAPostconditionIsLookedAtInTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "counter" "c" {
  key = "c"
  read "get" {}
  action "increment" {}
  lifecycle {
    postcondition {
      condition     = self.state.count == 2
      error_message = "it must be two"
    }
  }
}
check "one" {
  assert {
    condition     = actor.counter.c.read.get == 3
    error_message = "it should be three"
  }
}
`)
	a, diags := w.apply()
	w.fails(diags, "it must be two")
	w.equal(ended(a.Document), map[string]string{"counter.c": "failed", "counter.c.action.increment": "done"})
	if a.Document.Checks[0].Status != "fail" {
		t.Errorf("the report has the check as it was before: %+v", a.Document.Checks)
	}
	w.rivet.Tamper(w.id("counter", "c"), "count", 2.0)
	_, diags = w.apply()
	w.fine(diags)
	if !strings.Contains(told(diags), "it should be three") {
		t.Errorf("the check is not said: %s", told(diags))
	}
	v, diags := w.verify()
	w.fails(diags, "it should be three")
	if v.Document.Checks[0].Status != "fail" {
		t.Errorf("%+v", v.Document.Checks)
	}
}

func TestVerifyLooksAtEveryFact(t *testing.T) {
	t.Parallel()
	fact := func(name, want string) string {
		return "  expect \"" + name + "\" {\n    value = self.state.count\n    want = " + want + "\n    timeout = \"5ms\"\n  }\n"
	}
	w := newWorld(t, "actor \"counter\" \"c\" {\n  key = \"c\"\n"+fact("a", "1")+fact("b", "0")+fact("c", "2")+"}\n")
	w.rivet.Create("counter", []string{"c"}, nil)
	before := len(w.rivet.Requests())
	a, diags := w.verify()
	w.fails(diags, "actor.counter.c.expect.a", "actor.counter.c.expect.c")
	w.equal(ended(a.Document), map[string]string{
		"counter.c": "failed", "counter.c.expect.a": "failed", "counter.c.expect.b": "done", "counter.c.expect.c": "failed",
	})
	for _, r := range w.rivet.Requests()[before:] {
		if r.Verb != "read" && r.Verb != "observe" && r.Verb != "look up namespace" {
			t.Errorf("verify sent %+v", r)
		}
	}
	if len(a.Document.Diagnostics) != 2 {
		t.Errorf("the document has %d diagnostics", len(a.Document.Diagnostics))
	}
	w.write("actor \"counter\" \"c\" {\n  key = \"nobody\"\n}\n")
	_, diags = w.verify()
	w.fails(diags, "Actor does not exist")
}

func TestAStopStartsNothingMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "p" {
  key = "k"
  action "first" {
    call = "call"
    args = ["first"]
  }
  action "second" {
    call = "call"
    args = ["second"]
  }
}
actor "counter" "c" {
  key        = "c"
  depends_on = [actor.probe.p]
}
`)
	stop := make(chan struct{})
	w.applies.Stop = stop
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			close(stop)
		}
		return operatetest.Delivered
	}
	a, diags := w.apply()
	w.fine(diags)
	w.equal(ended(a.Document), map[string]string{
		"probe.p": "not_started", "probe.p.action.first": "done", "probe.p.action.second": "not_started", "counter.c": "not_started",
	})
	w.called("k first")
	w.rivet.OnRequest, w.applies.Stop = nil, nil
	w.applied()
	w.called("k first", "k second")
}

func TestReadAgainWhatAnExpectWaitsFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"c\" {\n  key = \"c\"\n  expect \"e\" {\n    value = self.state.count\n    want = 1\n    timeout = \"5s\"\n    interval = \"1ms\"\n  }\n}\n")
	id := w.rivet.Create("counter", []string{"c"}, nil)
	time.AfterFunc(20*time.Millisecond, func() { w.rivet.Tamper(id, "count", 1.0) })
	w.applied()
}
