package operate_test

import (
	"strings"
	"testing"

	"riveter/plan"
)

const probe = `actor "probe" "p" {
  key = "k"
  action "first" {
    call = "call"
    args = ["first"]
  }
}
`

// TestWhatBecomesOfAnActor has the rows of the table of actors: what the server has against what the ledger has.
func TestWhatBecomesOfAnActor(t *testing.T) {
	t.Parallel()
	type verdicts = map[string]string
	destroyed := func(w *world) { w.rivet.Destroy(w.id("probe", "k")) }
	cases := []struct {
		name   string
		before func(*world) // after an apply of probe, where that is said
		apply  bool
		source string
		want   verdicts
		reason string
		calls  []string // after the apply
	}{
		{
			name: "absent, nothing known", source: probe,
			want: verdicts{"probe.p": "create", "probe.p.action.first": "run"}, reason: "does not exist", calls: []string{"k first"},
		},
		{
			name: "absent, known", apply: true, before: destroyed, source: probe,
			want: verdicts{"probe.p": "create", "probe.p.action.first": "run"}, reason: "disappeared", calls: []string{"k first"},
		},
		{
			name: "present, nothing known", before: func(w *world) { w.rivet.Create("probe", []string{"k"}, nil) },
			source: strings.Replace(probe, `args = ["first"]`, `args = ["first"]
    on_unknown = "skip"`, 1),
			want: verdicts{"probe.p": "adopt", "probe.p.action.first": "skip"}, reason: "the ledger does not know it",
		},
		{
			name: "present, the same actor", apply: true, source: probe,
			want: verdicts{"probe.p": "no-op", "probe.p.action.first": "done"}, calls: []string{"k first"},
		},
		{
			name: "present, the same actor, with a step to make", apply: true,
			source: strings.Replace(probe, "}\n}\n", "}\n  action \"second\" {\n call = \"call\"\n args = [\"second\"]\n}\n}\n", 1),
			want:   verdicts{"probe.p": "update", "probe.p.action.first": "done", "probe.p.action.second": "run"},
			calls:  []string{"k first", "k second"},
		},
		{
			name: "present, another actor", apply: true,
			before: func(w *world) { destroyed(w); w.rivet.Create("probe", []string{"k"}, nil) }, source: probe,
			want: verdicts{"probe.p": "adopt", "probe.p.action.first": "run"}, reason: "made anew", calls: []string{"k first"},
		},
		{
			name: "declared nowhere any more", apply: true, source: "",
			want: verdicts{"probe.p": "forget"}, reason: "not declared any more", calls: []string{"k first"},
		},
		{
			name: "removed", apply: true, source: "removed {\n from = actor.probe.p\n destroy = false\n}\n",
			want: verdicts{"probe.p": "forget"}, reason: "not declared any more", calls: []string{"k first"},
		},
		{
			name: "removed, to be destroyed", apply: true, source: "removed {\n from = actor.probe.p\n destroy = true\n}\n",
			want: verdicts{"probe.p": "destroy"}, reason: "not declared any more",
		},
		{
			name: "declared nowhere any more, and disappeared", apply: true, before: destroyed, source: "removed {\n from = actor.probe.p\n destroy = true\n}\n",
			want: verdicts{"probe.p": "forget"}, reason: "does not exist any more",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, probe)
			if c.apply {
				w.applied()
			}
			if c.before != nil {
				c.before(w)
			}
			w.write(c.source)
			p := w.decides(c.want)
			if reason := changeOf(p.Document, 0).Reason; !strings.Contains(reason, c.reason) {
				t.Errorf("the reason is %q, not %q", reason, c.reason)
			}
			w.applied()
			w.called(c.calls...)
			w.settled()
		})
	}
}

func TestPruneDestroysOnlyWhatRiveterCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, probe+"actor \"counter\" \"c\" {\n key = \"c\"\n}\n")
	w.rivet.Create("counter", []string{"c"}, nil)
	w.applied()
	w.write("")
	w.plans.Orders.Prune = true
	w.decides(map[string]string{"probe.p": "destroy", "counter.c": "forget"})
	w.applied()
	w.equal(append(w.keys("probe"), w.keys("counter")...), []string{"c"})
	w.settled()
}

func TestPruneDestroysNoMoreThanIsAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"c\" {\n count = 11\n key = [tostring(count.index)]\n}\n")
	w.applied()
	w.write("")
	w.plans.Orders.Prune = true
	_, diags := w.apply()
	w.fails(diags, "would destroy 11 actors, and at most 10 may be")
	if n := len(w.keys("counter")); n != 11 {
		t.Errorf("%d are left", n)
	}
	w.plans.Orders.MaxDestroy = new(11)
	w.applied()
	w.equal(w.keys("counter"), []string(nil))
}

func TestReplacementsCountAsDestroyed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, probe)
	w.applied()
	w.plans.Orders.Replace, w.plans.Orders.MaxDestroy = patterns("actor.probe.p"), new(0)
	_, diags := w.apply()
	w.fails(diags, "would destroy 1 actors, and at most 0 may be")
	w.called("k first")
}

func TestCreateModes(t *testing.T) {
	t.Parallel()
	t.Run("never", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, "actor \"counter\" \"c\" {\n key = \"c\"\n create = \"never\"\n}\n")
		_, diags := w.apply()
		w.fails(diags, `says create = "never", but there is no`)
		w.rivet.Create("counter", []string{"c"}, nil)
		w.decides(map[string]string{"counter.c": "adopt"})
	})
	t.Run("create", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, "actor \"counter\" \"c\" {\n key = \"c\"\n create = \"create\"\n}\n")
		id := w.rivet.Create("counter", []string{"c"}, nil)
		_, diags := w.apply()
		w.fails(diags, `says create = "create", but`)
		w.rivet.Destroy(id)
		w.applied()
		w.settled()
	})
}

func TestAnswersToAChangedInput(t *testing.T) {
	t.Parallel()
	source := func(start, answer string) string {
		return "actor \"counter\" \"c\" {\n key = \"c\"\n input = { start = " + start + " }\n lifecycle {\n on_input_change = \"" + answer + "\"\n}\n}\n"
	}
	for answer, want := range map[string]struct {
		action   plan.ChangeAction
		warnings []string
		errors   []string
		count    float64
	}{
		"warn":    {action: plan.ActionNoOp, warnings: []string{"input"}, count: 1},
		"fail":    {action: plan.ActionNoOp, errors: []string{"input"}, count: 1},
		"ignore":  {action: plan.ActionNoOp, count: 1},
		"replace": {action: plan.ActionReplace, count: 2},
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, source("1", answer))
			w.applied()
			w.write(source("2", answer))
			p, diags := w.plan()
			w.warns(diags, want.warnings...)
			w.fails(diags, want.errors...)
			if c := changeOf(p.Document, 0); c.Action != want.action {
				t.Errorf("the action is %s", c.Action)
			}
			_, _ = w.apply() // with answer fail it does not begin
			w.equal(w.rivet.Actors("counter")["c"].State["count"], want.count)
		})
	}
}

func TestAnActorThatCannotStartIsDestroyedAgain(t *testing.T) {
	t.Parallel()
	const source = "actor \"account\" \"a\" {\n key = \"a\"\n input = { balance = 1 }\n}\nactor \"counter\" \"c\" {\n key = \"c\"\n depends_on = [actor.account.a]\n}\n"
	w := newWorld(t, source)
	a, diags := w.apply()
	w.fails(diags, "Actor does not start: actor.account.a: the actor does not start: user.invalid_input: owner must be a non-empty string")
	w.equal(ended(a.Document), map[string]string{"account.a": "failed", "counter.c": "skipped"})
	w.equal(w.keys("account"), []string(nil))
	w.applies.KeepFailed = true
	_, diags = w.apply()
	w.fails(diags, "Actor does not start")
	w.equal(w.keys("account"), []string{"a"})
}

func TestDestroyTakesWhatIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(probe, "key = \"k\"", "key = \"k\"\n  expect \"x\" {\n    condition = !self.state.open\n  }", 1)+
		"actor \"counter\" \"c\" {\n key = \"c\"\n depends_on = [actor.probe.p]\n}\n")
	w.rivet.Create("counter", []string{"c"}, nil)
	w.applied()
	w.plans.Mode = plan.ModeDestroy
	before := len(w.rivet.Requests())
	w.decides(map[string]string{"probe.p": "destroy", "counter.c": "no-op"})
	for _, r := range w.rivet.Requests()[before:] {
		if r.Verb == "read" {
			t.Errorf("a destroy reads %s", r.What)
		}
	}
	w.plans.Orders.IncludeAdopted = true
	a := w.applied()
	w.equal(ended(a.Document), map[string]string{"probe.p": "done", "counter.c": "done"})
	w.equal(append(w.keys("probe"), w.keys("counter")...), []string(nil))
	var order []string
	for _, r := range w.rivet.Requests() {
		if r.Verb == "destroy" {
			order = append(order, r.On)
		}
	}
	if len(order) != 2 || order[0] > order[1] {
		t.Errorf("destroyed in the order %v; the counter, made first, depends on the probe", order)
	}
	w.decides(map[string]string{})
}

func TestWhatIsProtectedIsNotDestroyed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"c\" {\n key = \"c\"\n lifecycle {\n prevent_destroy = true\n}\n}\n")
	w.applied()
	w.plans.Mode = plan.ModeDestroy
	_, diags := w.apply()
	w.fails(diags, "prevent_destroy")
	w.plans.Mode, w.plans.Orders.Replace = plan.ModeApply, patterns("actor.counter.c")
	_, diags = w.apply()
	w.fails(diags, "prevent_destroy")
	w.equal(w.keys("counter"), []string{"c"})
}

func TestAPlanOfOneSelectionTakesWhatItNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "counter" "a" { key = "a" }
actor "counter" "b" {
  key        = "b"
  depends_on = [actor.counter.a]
}
actor "counter" "c" { key = "c" }
`)
	w.plans.Orders.Target = patterns("actor.counter.b")
	w.selection = w.plans.Orders
	p, diags := w.plan()
	w.warns(diags, "The plan is partial")
	w.equal(decided(p.Document), map[string]string{"counter.a": "create", "counter.b": "create"})
	w.plans.Orders = plan.Orders{Exclude: patterns("actor.counter.a")}
	w.selection = w.plans.Orders
	p, _ = w.plan()
	w.equal(decided(p.Document), map[string]string{"counter.c": "create"})
}

// TestWhatIsLeftOutMayNeedWhatIsNot has something that refers to an actor, and is not part of the plan that makes it and its calls.
func TestWhatIsLeftOutMayNeedWhatIsNot(t *testing.T) {
	t.Parallel()
	const refers = `"${actor.counter.counted.id} ${actor.counter.counted.step.increment.output}"`
	for name, rest := range map[string]struct{ address, source string }{
		"actor":           {"actor.probe.rest", "actor \"probe\" \"rest\" { key = " + refers + " }"},
		"repeated actor":  {"actor.probe.rest", "actor \"probe\" \"rest\" {\nfor_each = { a = " + refers + " }\nkey = each.value\n}"},
		"module":          {"module.rest", "module \"rest\" {\nsource = \"./m\"\nn = " + refers + "\n}"},
		"repeated module": {"module.rest", "module \"rest\" {\nsource = \"./m\"\nfor_each = { a = " + refers + " }\nn = each.value\n}\noutput \"o\" { value = module.rest }"},
		"nested module":   {"module.rest", "module \"rest\" {\nsource = \"./outer\"\nn = " + refers + "\n}\nlocals { l = module.rest.id }\noutput \"o\" { value = local.l }"},
		"data":            {"data.probe.rest", "data \"probe\" \"rest\" { key = " + refers + " }\noutput \"o\" { value = data.probe.rest.id }"},
	} {
		for which, orders := range map[string]plan.Orders{
			"target":  {Target: patterns("actor.counter.counted")},
			"exclude": {Exclude: patterns(rest.address)},
		} {
			if name == "data" && which == "exclude" { // data is looked at for who needs it
				continue
			}
			t.Run(name+", "+which, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, counted+rest.source)
				w.writeModule("m", "variable \"n\" {}\nactor \"probe\" \"in\" { key = [\"in\", var.n] }\noutput \"id\" { value = actor.probe.in.id }\n")
				w.writeModule("outer", "variable \"n\" {}\nmodule \"inner\" {\nsource = \"../m\"\nn = var.n\n}\noutput \"id\" { value = module.inner.id }\n")
				w.plans.Orders, w.selection = orders, orders
				w.applied()
				before := w.id("counter", "counted")
				w.plans.Orders.Replace = patterns("actor.counter.counted")
				w.selection = w.plans.Orders
				w.applied()
				if w.id("counter", "counted") == before || len(w.keys("probe")) > 0 {
					t.Errorf("there are the counter %q and the probes %q", before, w.keys("probe"))
				}
			})
		}
	}
}

// TestWhatAnActorWasCreatedWithIsSaid has settings of which nothing can be changed once an actor exists.
func TestWhatAnActorWasCreatedWithIsSaid(t *testing.T) {
	t.Parallel()
	const none, sleep, restart, gpu, usual = "", `crash_policy = "sleep"`, `crash_policy = "restart"`, `pool = "gpu"`, `pool = "default"`
	for name, tt := range map[string]struct {
		before, after string
		want          string // in the warning
	}{
		"nothing written":             {none, none, ""},
		"the same pool":               {gpu, gpu, ""},
		"another pool":                {gpu, usual, `pool = "gpu", and is declared with "default"`},
		"another than the usual pool": {none, gpu, `pool = "default", and is declared with "gpu"`},
		"a pool that is unsaid":       {gpu, none, ""},
		"another crash policy":        {restart, sleep, `crash_policy = "restart", and is declared with "sleep"`},
		"the usual crash policy":      {restart, none, `crash_policy = "restart", and is declared with "sleep"`},
		"a crash policy written down": {none, sleep, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := func(setting string) string { return "actor \"counter\" \"c\" {\n key = \"c\"\n" + setting + "\n}\n" }
			w := newWorld(t, source(tt.before))
			w.applied()
			w.write(source(tt.after))
			_, diags := w.plan()
			if tt.want == "" {
				w.warns(diags)
				return
			}
			w.warns(diags, tt.want)
			w.settled()
			w.plans.Orders.Replace = patterns("actor.counter.c")
			_, diags = w.apply()
			w.warns(diags)
			w.plans.Orders = plan.Orders{}
			_, diags = w.plan()
			w.warns(diags)
		})
	}
}

func TestAnAdoptedActorInAnotherPoolIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "actor \"counter\" \"c\" {\n key = \"c\"\n pool = \"gpu\"\n crash_policy = \"restart\"\n}\n")
	w.rivet.Create("counter", []string{"c"}, nil)
	_, diags := w.plan()
	w.warns(diags, `pool = "default", and is declared with "gpu"`)
}
