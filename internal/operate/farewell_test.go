package operate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
	"riveter/plan/value"
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
	interrupt := func(w *world) {
		stop := make(chan struct{})
		w.applies.Stop = stop
		w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
			if r.What == "deposit" {
				close(stop)
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
		"the run is interrupted": {before: interrupt, goes: destroy, want: map[string]string{"empty": "done", "last": "done"}, sent: "withdraw deposit", left: true},
		"the run is interrupted, before a replacement": {
			before: interrupt, goes: replace, want: map[string]string{"welcome": "not_started", "empty": "done", "last": "done"}, sent: "withdraw deposit", left: true,
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

// TestAFarewellIsAboutTheActorThatGoes has what a step that comes before an actor is destroyed can be made of, and the ways in which the actor
// goes. What is known of the one that takes its place is another thing.
func TestAFarewellIsAboutTheActorThatGoes(t *testing.T) {
	t.Parallel()
	const source = `
variable "version" { default = 1 }
actor "values" "source" {
  key = "source"
  read "first" { args = ["a"] }
  action "echo" {
    args = [var.version]
    run  = "on_change"
  }
}
actor "values" "a" {
  key   = KEY
  input = { n = INPUT }
  lifecycle { LIFECYCLE }
  action "first" { args = [["x", "y"]] }
  action "spread" {
    for_each = toset(step.first.output)
    call     = "first"
    args     = [each.key]
  }
  action "changed" {
    call = "first"
    args = ["version ${var.version}"]
    run  = "on_change"
  }
  action "always" {
    call = "first"
    args = ["again"]
    run  = "always"
  }
  action "asked" {
    call = "first"
    args = ["for"]
    run  = "manual"
  }
  action "bye" {
    call = "first"
    run  = "on_destroy"
    BYE
  }
  action "last" {
    call = "first"
    run  = "on_destroy"
    args = [LAST]
  }
}
`
	again := func(w *world) { w.variables = given("version=2") }
	destroy := func(w *world) { w.plans.Mode = plan.ModeDestroy }
	for how, goes := range map[string]struct {
		key, input, lifecycle string
		orders                func(*world)
	}{
		"destroy":               {`"a"`, "1", "", destroy},
		"destroy, its key read": {"actor.values.source.read.first", "1", "", destroy},
		"-replace":              {`"a"`, "1", "", func(w *world) { w.plans.Orders.Replace = patterns("actor.values.a") }},
		"what triggers it":      {`"a"`, "1", "replace_triggered_by = [var.version]", again},
		"its input":             {`"a"`, "1, of = var.version", "on_input_change = \"replace\"", again},
		"its input, in a run":   {`"a"`, "actor.values.source.step.echo.output[0]", "on_input_change = \"replace\"", again},
	} {
		for what, made := range map[string]struct{ bye, last, want string }{
			"its id":                    {"args = [self.id]", "0", `"ID" 0`},
			"its key":                   {"args = [self.key[0]]", "0", `"a" 0`},
			"that it was there":         {"args = [self.exists && !self.created]", "0", "true 0"},
			"the step's id":             {"args = [length(step.id)]", "0", "36 0"},
			"its input":                 {"args = [self.input.n > 0]", "0", "true 0"},
			"a result":                  {"args = [step.first.output[1]]", "0", `"y" 0`},
			"one that is another later": {"args = [step.changed.output]", "0", `"version 1" 0`},
			"one that is made always":   {"args = [step.always.output]", "0", `"again" 0`},
			"one that was asked for":    {"args = [step.asked.output]", "0", `"for" 0`},
			"one after the other":       {"args = [1]", "step.bye.output + 1", "1 2"},
			"for each of a result":      {"for_each = toset(step.first.output)\n args = [each.key]", `[step.bye["x"].output, self.id]`, `"x" "y" ["x","ID"]`},
			"of each of a result":       {"args = [step.spread[\"x\"].output]", "0", `"x" 0`},
			"a guard":                   {"args = [9]\n only_if = self.created", "0", "0"},
			"its live state":            {"args = [self.state.input.n > 0]", "0", "true 0"},
		} {
			t.Run(how+", "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, strings.NewReplacer("KEY", goes.key, "INPUT", goes.input, "LIFECYCLE", goes.lifecycle, "BYE", made.bye, "LAST", made.last).Replace(source))
				w.plans.Orders.Invoke = patterns("actor.values.a.action.asked")
				w.applied()
				w.plans.Orders.Invoke = nil
				w.settled()
				id := w.id("values", "a")
				goes.orders(w)
				a := w.applied()
				w.equal(outputsOf(a, "bye", "last"), strings.ReplaceAll(made.want, "ID", id))
				if w.rivet.Actors("values")["a"].ID == id {
					t.Error("it did not go")
				}
				if w.plans.Mode == plan.ModeApply {
					w.plans.Orders = plan.Orders{}
					w.settled()
				}
			})
		}
	}
}

// TestAFarewellKnowsWhatTheActorThatGoesWasCreatedWith has another input be declared by then, in the ways in which the actor goes.
func TestAFarewellKnowsWhatTheActorThatGoesWasCreatedWith(t *testing.T) {
	t.Parallel()
	const source = `
variable "secret" {
  default   = "sesame-open"
  sensitive = true
}
actor "values" "source" {
  key = "source"
  action "first" {
    args = ["v1"]
    run  = "on_change"
  }
}
actor "values" "a" {
  key = "a"
  INPUT
  lifecycle { on_input_change = "replace" }
  action "bye" {
    call = "first"
    run  = "on_destroy"
    args = [try(self.input.n, "none")]
  }
}
`
	for how, orders := range map[string]plan.Orders{"destroyed": {}, "replaced": {}, "asked for": {Replace: patterns("actor.values.a")}} {
		for what, c := range map[string]struct{ before, now, want, fails string }{
			"the same":                 {before: `input = { n = 1 }`, now: `input = { n = 1 }`, want: "1"},
			"another":                  {before: `input = { n = 1 }`, now: `input = { n = 2 }`, want: "1"},
			"one that is known later":  {before: `input = { n = 1 }`, now: "input = { n = 2, of = actor.values.source.step.first.output }", want: "1"},
			"none":                     {before: `input = { n = 1 }`, now: "", want: "1"},
			"one where there was none": {before: "", now: `input = { n = 2 }`, want: `"none"`},
			"a secret":                 {before: `input = { n = 1 }`, now: `input = { n = 2, of = var.secret }`, want: "1"},
			"the same secret":          {before: `input = { n = var.secret }`, now: `input = { n = var.secret }`, want: `"sesame-open"`},
			"another than a secret":    {before: `input = { n = var.secret }`, now: `input = { n = 2 }`, fails: "Input is not known: actor.values.a.action.bye"},
		} {
			if how == "replaced" && c.before == c.now {
				continue
			}
			t.Run(how+", "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, strings.Replace(source, "INPUT", c.before, 1))
				w.applied()
				id := w.id("values", "a")
				w.write(strings.Replace(strings.Replace(source, "INPUT", c.now, 1), "v1", "v2", 1))
				w.plans.Orders = orders
				if how == "destroyed" {
					w.plans.Mode = plan.ModeDestroy
				}
				a, diags := w.apply()
				if c.fails != "" {
					w.fails(diags, c.fails)
					w.equal(w.id("values", "a"), id)
					return
				}
				w.fine(diags)
				w.equal(outputsOf(a, "bye"), c.want)
				if w.rivet.Actors("values")["a"].ID == id {
					t.Error("it did not go")
				}
			})
		}
	}
}

// TestOthersTakeTheirLeaveOfAnActorWhoseKeyWasRead destroys actors that are called after one another, the first one after what another one says.
func TestOthersTakeTheirLeaveOfAnActorWhoseKeyWasRead(t *testing.T) {
	t.Parallel()
	const bye = "action \"first\" {\n    run = \"on_destroy\"\n    args = [\"${self.key[0]} ${actor.values.b.id}\"]\n  }\n}\n"
	source := `actor "values" "a" {
  key = "a"
  read "first" { args = ["b"] }
}
actor "values" "b" { key = actor.values.a.read.first }
locals { id = actor.values.b.id }
actor "values" "c" {
  key = local.id
  ` + bye + `actor "values" "d" {
  key = "d ${actor.values.c.key[0]}"
  ` + bye
	w := newWorld(t, source)
	w.applied()
	id := w.id("values", "b")
	w.plans.Mode = plan.ModeDestroy
	w.write(strings.Replace(source, "{self.key[0]}", "{jsondecode(self.id)}", 1))
	_, diags := w.plan()
	w.fails(diags, "jsondecode")
	w.write(source)
	w.equal(outputsOf(w.applied(), "first"), strings.ReplaceAll(`"ID ID" "d ID ID"`, "ID", id))
	w.equal(w.keys("values"), []string(nil))
}

// TestAReplacementWhoseFarewellsAreKnownOnlyInTheRun has it cut off after these, too.
func TestAReplacementWhoseFarewellsAreKnownOnlyInTheRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "names" {
  type    = list(string)
  default = ["x"]
}
actor "values" "source" {
  key = "source"
  action "echo" {
    args = var.names
    run  = "on_change"
  }
}
actor "values" "a" {
  key   = "a"
  input = { names = actor.values.source.step.echo.output }
  lifecycle { on_input_change = "replace" }
  action "bye" {
    for_each = toset(actor.values.source.step.echo.output)
    call     = "first"
    run      = "on_destroy"
    args     = ["${each.key} of ${self.id}"]
  }
  action "last" {
    call = "first"
    run  = "on_destroy"
    args = [[for name in actor.values.source.step.echo.output : step.bye[name].output]]
  }
  action "after" {
    call = "first"
    args = [self.id]
  }
}
`)
	w.applied()
	w.settled()
	id := w.id("values", "a")
	w.variables = given(`names=["y","z"]`)
	w.breaks("destroy", operatetest.Refused)
	a, diags := w.apply()
	w.fails(diags, "actor.values.a: destroy: connection refused")
	said := `["y of ID","z of ID"]`
	w.equal(outputsOf(a, "last", "after"), strings.ReplaceAll(said, "ID", id))
	w.rivet.OnRequest = nil
	first := len(w.rivet.Requests())
	w.equal(outputsOf(w.applied(), "bye", "last", "after"), `"`+w.id("values", "a")+`"`)
	for _, r := range w.rivet.Requests()[first:] {
		if r.Verb == "call" && r.On == id {
			t.Errorf("%s was called again", r.What)
		}
	}
	w.settled()
}

// TestAnActorStaysWhoseSuccessorHasNoInput has the input turn out wrong in the run.
func TestAnActorStaysWhoseSuccessorHasNoInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "all" { default = ["x", "y"] }
actor "values" "source" {
  key = "source"
  action "first" {
    args = [var.all]
    run  = "on_change"
  }
}
actor "values" "a" {
  key   = "a"
  input = actor.values.source.step.first.output[1]
  lifecycle { on_input_change = "replace" }
  action "first" {
    run  = "on_destroy"
    args = [1]
  }
}
`)
	w.applied()
	id := w.id("values", "a")
	w.variables = given(`all=["z"]`)
	a, diags := w.apply()
	w.fails(diags, "Invalid index")
	w.equal(ended(a.Document)["values.a.action.first"], "skipped")
	if w.rivet.Actors("values")["a"].ID != id {
		t.Error("it did not stay")
	}
}

// outputsOf returns what steps with these labels gave, as JSON, in their order.
func outputsOf(a *operate.Applied, labels ...string) string {
	var all []string
	for i, c := range a.Report.Plan.Changes {
		for j, s := range plan.StepsOf(c) {
			if r := a.Report.Changes[i].Steps[j]; slices.Contains(labels, s.Address.Label) && r.Output != cty.NilVal {
				text, err := value.Encode(r.Output)
				if err != nil {
					panic(err)
				}
				all = append(all, string(text))
			}
		}
	}
	return strings.Join(all, " ")
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

// TestWhatWasMadeBeforeIsNoFarewell has a step that was made become one that comes before its actor is destroyed. Only what was made then is done.
func TestWhatWasMadeBeforeIsNoFarewell(t *testing.T) {
	t.Parallel()
	for name, goes := range map[string]func(*world){
		"destroy":  func(w *world) { w.plans.Mode = plan.ModeDestroy },
		"-replace": func(w *world) { w.plans.Orders.Replace = patterns("actor.values.a") },
	} {
		for how, orders := range map[string]plan.Orders{"made": {}, "marked": {MarkDone: patterns("actor.values.a.action.first")}} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				source := func(run string) string {
					return "actor \"values\" \"a\" {\n key = \"a\"\n action \"first\" {\n args = [1]\n run = \"" + run + "\"\n}\n}\n"
				}
				w := newWorld(t, source("once"))
				w.applied()
				w.write(source("on_destroy"))
				w.settled()
				goes(w)
				w.plans.Orders.MarkDone = orders.MarkDone
				w.breaks("destroy", operatetest.Refused)
				a, diags := w.apply()
				w.fails(diags, "connection refused")
				w.equal(outputsOf(a, "first"), map[bool]string{true: "1"}[orders.MarkDone == nil])
				w.rivet.OnRequest, w.plans.Orders.MarkDone = nil, nil
				w.equal(outputsOf(w.applied(), "first"), "")
			})
		}
	}
}

// TestAFarewellThatFailsCanBeLeftOut does what its error says; without that the actor could never be destroyed.
func TestAFarewellThatFailsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"probe\" \"a\" {\n key = \"a\"\n action \"bye\" {\n call = \"unheardOf\"\n run = \"on_destroy\"\n}\n}\n")
	w.applied()
	w.plans.Mode = plan.ModeDestroy
	_, diags := w.apply()
	w.fails(diags, "The actor stays until this succeeds. -mark-done='actor.probe.a.action.bye' leaves it out.")
	w.equal(w.keys("probe"), []string{"a"})
	w.plans.Orders.MarkDone = patterns("actor.probe.a.action.bye")
	w.applied()
	w.equal(w.keys("probe"), []string(nil))
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

// TestWhatAnErrorSaysToWriteCanBeWritten has actors that are not declared any more, although something is declared at the address that they had.
func TestWhatAnErrorSaysToWriteCanBeWritten(t *testing.T) {
	t.Parallel()
	const first, farewell = "variable \"n\" { default = 2 }\n", "action \"first\" {\n run = \"on_destroy\"\n args = [1]\n}\n"
	const protected = "lifecycle { prevent_destroy = true }\n"
	for name, c := range map[string]struct {
		source, body string
		prefix       []string
		block        string // what else can be written
	}{
		"an instance of a module": {
			source: "module \"m\" {\n source = \"./m\"\n for_each = toset([for i in range(var.n) : \"n${i}\"])\n name = each.key\n}\n", body: farewell,
			block: "removed {\n from = module.m[\"n1\"].actor.values.a\n destroy = true\n}\n",
		},
		"an instance":                      {source: "actor \"values\" \"a\" {\n count = var.n\n key = \"k${count.index}\"\n BODY}\n", body: farewell},
		"the last instance":                {source: "actor \"values\" \"a\" {\n for_each = toset(var.n == 2 ? [\"x\"] : [])\n key = each.key\n BODY}\n", body: protected},
		"one with another key":             {source: "actor \"values\" \"a\" {\n key = \"k${var.n}\"\n BODY}\n", body: farewell},
		"one with another key, protected":  {source: "actor \"values\" \"a\" {\n key = [\"%%{\\\"\", \"k${var.n}\"]\n BODY}\n", body: protected},
		"one with a key that has a prefix": {source: "actor \"values\" \"a\" {\n key = \"k${var.n}\"\n BODY}\n", body: farewell, prefix: []string{"p"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := first + strings.Replace(c.source, "BODY", c.body, 1)
			w := newWorld(t, source)
			w.keyPrefix = c.prefix
			w.writeModule("m", "variable \"name\" {}\nactor \"values\" \"a\" {\n key = var.name\n "+c.body+"}\n")
			w.applied()
			before := w.keys("values")
			w.variables, w.plans.Orders.Prune = given("n=1"), true
			_, diags := w.plan()
			_, block, said := strings.Cut(told(diags), "\n\n")
			if !said {
				t.Fatal(told(diags))
			}
			for _, text := range []string{block, c.block} {
				if text != "" {
					w.write(source + text)
					p, diags := w.plan()
					w.fine(diags)
					w.equal(p.Plan.Summary().Destroy, 1)
				}
			}
			w.applied()
			for _, key := range w.keys("values") {
				before = slices.DeleteFunc(before, func(known string) bool { return known == key })
			}
			w.equal(len(before), 1)
		})
	}
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

// TestAFarewellLacksASecretInput has a step be about the secret that its actor was created with, which nobody kept: no call that is made again
// gives that one, but it can be left out.
func TestAFarewellLacksASecretInput(t *testing.T) {
	t.Parallel()
	const source = `
actor "probe" "issuer" {
  key = "issuer"
  action "mint" {
    args      = ["mint"]
    sensitive = true
  }
}
actor "values" "a" {
  key   = "a"
  input = { n = actor.probe.issuer.step.mint.output.secret, plain = "said" }
  lifecycle { on_input_change = "replace" }
  action "bye" {
    call = "first"
    run  = "on_destroy"
    BYE
  }
}
`
	const lost = "Input is not known: actor.values.a.action.bye is about what actor.values.a was created with"
	destroy := func(w *world) { w.plans.Mode = plan.ModeDestroy }
	replace := func(w *world) { w.plans.Orders.Replace = patterns("actor.values.a") }
	for what, bye := range map[string]string{
		"its arguments":    "args = [self.input.n]",
		"its guard":        "only_if = self.input.n != \"\"",
		"its repetition":   "for_each = toset([nonsensitive(self.input.n)])\nargs = [each.key]",
		"all of its input": "args = [self.input]",
	} {
		for how, goes := range map[string]struct {
			orders func(*world)
			fails  []string // besides
		}{
			"destroyed": {orders: destroy},
			"replaced":  {orders: replace, fails: []string{"actor.values.a needs the result of actor.probe.issuer.action.mint"}},
			"replaced, and it is made again": {orders: func(w *world) {
				w.plans.Orders.Rerun = patterns("actor.probe.issuer.action.mint")
				replace(w)
			}},
			"destroyed, and it is declared otherwise": {orders: func(w *world) {
				w.write(strings.NewReplacer("n = actor.probe.issuer.step.mint.output.secret", "n = sensitive(1)", "BYE", bye).Replace(source))
				destroy(w)
			}},
		} {
			t.Run(how+", "+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, strings.ReplaceAll(source, "BYE", bye))
				w.applied()
				goes.orders(w)
				_, diags := w.plan()
				w.fails(diags, append(goes.fails, lost)...)
				if strings.Contains(told(diags), "or remove the step") {
					return // as nobody knows how many there are
				}
				w.plans.Orders.MarkDone = patterns("actor.values.a.action.bye")
				_, diags = w.plan()
				w.fails(diags, goes.fails...)
			})
		}
	}
}
