package decide

import (
	stdcmp "cmp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// One test for each row of the table of steps.
func TestBuildDecidesSteps(t *testing.T) {
	const addr = "actor.counter.a.action.seed"
	tests := []struct {
		name      string
		args      string
		policy    plan.Policy
		onUnknown plan.OnUnknown
		seen      plan.Observed // the zero value: the actor does not exist
		entry     func(*plan.Entry, *plan.Step)
		adopted   bool // the ledger does not know the actor
		orders    func(*plan.Orders)
		live      bool // the guard looks at live data
		onlyIf    cty.Value
		triggers  string
		want      plan.StepChange
	}{
		{
			name: "the actor is made by this run",
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "the actor is made by this run"},
		},
		{
			name: "the actor is a new incarnation", seen: present("id2"),
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "it was never made on this actor"},
		},
		{
			name: "done with the same arguments", seen: present("id1"),
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "done with other arguments, on_change", seen: present("id1"), policy: plan.RunOnChange,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "its arguments changed", Before: parse(t, "[2]")},
		},
		{
			name: "done with another secret, on_change", seen: present("id1"), policy: plan.RunOnChange, args: "[[secret]]",
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[secret]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "its arguments changed"},
		},
		{
			name: "done by another action, on_change", seen: present("id1"), policy: plan.RunOnChange,
			entry: func(e *plan.Entry, s *plan.Step) {
				other := *s
				other.Spec = &plan.Action{Name: "other"}
				e.Steps["action.seed"] = made(t, &other, "[1]", plan.StepDone)
			},
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "its call or triggers changed", Before: parse(t, "[1]")},
		},
		{
			name: "done with the same arguments, on_change", seen: present("id1"), policy: plan.RunOnChange,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "done with arguments that are not known now, on_change", seen: present("id1"), policy: plan.RunOnChange, args: "[unknown]",
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want: plan.StepChange{
				Decision: plan.DecisionRun, Reason: "if its arguments, known after apply, have changed", Before: parse(t, "[1]"), Conditional: true,
			},
		},
		{
			name: "done with other arguments, once", seen: present("id1"),
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Reason: "the arguments changed since; it runs once", Before: parse(t, "[2]")},
		},
		{
			name: "done with arguments that are not known now, once", seen: present("id1"), args: "[unknown]",
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "started and was not seen to succeed", seen: present("id1"),
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepStarted) },
			want:  plan.StepChange{Decision: plan.DecisionUnknown, Reason: "it was started on 2026-01-02 03:04:05 UTC and was not seen to succeed", Before: parse(t, "[1]")},
		},
		{
			name: "started and never finished, on_unknown run", seen: present("id1"), onUnknown: plan.UnknownRun,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepStarted) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "it was started on 2026-01-02 03:04:05 UTC and was not seen to succeed", Before: parse(t, "[1]")},
		},
		{
			name: "started with other arguments and never finished", seen: present("id1"),
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepStarted) },
			want: plan.StepChange{
				Decision: plan.DecisionUnknown, Before: parse(t, "[2]"),
				Reason: "it was started on 2026-01-02 03:04:05 UTC and was not seen to succeed; its arguments changed since",
			},
		},
		{
			name: "failed", seen: present("id1"),
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepFailed) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "it failed the last time", Before: parse(t, "[1]")},
		},
		{
			name: "declared after riveter made the actor", seen: present("id1"),
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "it was never made on this actor"},
		},
		{
			name: "no record, the actor was there before", seen: present("id1"), adopted: true,
			want: plan.StepChange{Decision: plan.DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "no record on an actor adopted long ago", seen: present("id1"),
			entry: func(e *plan.Entry, _ *plan.Step) { e.Created, e.Fresh = false, false },
			want:  plan.StepChange{Decision: plan.DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "no record on an actor that a lost run may have made", seen: present("id1"),
			entry: func(e *plan.Entry, _ *plan.Step) { e.Fresh = false },
			want:  plan.StepChange{Decision: plan.DecisionUnknown, Reason: "riveter was stopped when it was about to create the actor, and nobody knows whether this was done"},
		},
		{
			name: "no record on an actor that a lost run may have made, of which nothing else is known", seen: present("id1"),
			entry: func(e *plan.Entry, _ *plan.Step) { e.Fresh, e.ActorID = false, "" },
			want:  plan.StepChange{Decision: plan.DecisionUnknown, Reason: "riveter was stopped when it was about to create the actor, and nobody knows whether this was done"},
		},
		{
			name: "no record, the actor was there before, on_unknown skip", seen: present("id1"), adopted: true, onUnknown: plan.UnknownSkip,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "always", seen: present("id1"), policy: plan.RunAlways,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "runs always"},
		},
		{
			name: "always, and started without an end", seen: present("id1"), policy: plan.RunAlways,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepStarted) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "runs always", Anew: true},
		},
		{
			name: "always, and done otherwise", seen: present("id1"), policy: plan.RunAlways,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "runs always", Anew: true},
		},
		{
			name: "always, and done with what is not known now", seen: present("id1"), policy: plan.RunAlways, args: "[unknown]",
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "runs always"},
		},
		{
			name: "always, on an actor that is adopted", seen: present("id1"), adopted: true, policy: plan.RunAlways,
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "runs always", Anew: true},
		},
		{
			name: "always, and never made, as its guard does not let it", seen: present("id1"), policy: plan.RunAlways, onlyIf: cty.False,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "manual", policy: plan.RunManual,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "runs only when it is asked for"},
		},
		{
			name: "in doubt, with -rerun", seen: present("id1"), adopted: true,
			orders: func(o *plan.Orders) { o.Rerun = patternsOf(t, addr) },
			want:   plan.StepChange{Decision: plan.DecisionRun, Reason: "asked for by -rerun"},
		},
		{
			name: "done, with -rerun of its actor", seen: present("id1"),
			entry:  func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			orders: func(o *plan.Orders) { o.Rerun = patternsOf(t, "actor.counter.a") },
			want:   plan.StepChange{Decision: plan.DecisionRun, Reason: "asked for by -rerun"},
		},
		{
			name:   "manual, with -invoke",
			policy: plan.RunManual, orders: func(o *plan.Orders) { o.Invoke = patternsOf(t, addr) },
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "asked for by -invoke"},
		},
		{
			name: "a guard that does not let it, on a new actor", onlyIf: cty.False,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "a guard that is not known yet", onlyIf: cty.UnknownVal(cty.Bool),
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "if its guard, known after apply, lets it", Conditional: true},
		},
		{
			name: "a guard that lets it, done before", onlyIf: cty.True, seen: present("id1"), live: true,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "in doubt, and a guard on live data lets it", onlyIf: cty.True, seen: present("id1"), live: true, adopted: true,
			want: plan.StepChange{Decision: plan.DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "in doubt, and a guard on live data does not let it", onlyIf: cty.False, seen: present("id1"), live: true, adopted: true,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "in doubt, and a guard on a variable lets it", onlyIf: cty.True, seen: present("id1"), adopted: true,
			want: plan.StepChange{Decision: plan.DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "in doubt, and a guard on a variable does not let it", onlyIf: cty.False, seen: present("id1"), adopted: true,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "asked for by -rerun, and a guard does not let it", onlyIf: cty.False, seen: present("id1"),
			orders: func(o *plan.Orders) { o.Rerun = patternsOf(t, addr) },
			want:   plan.StepChange{Decision: plan.DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "on_unknown skip, and a guard on live data lets it", onlyIf: cty.True, seen: present("id1"), live: true, adopted: true, onUnknown: plan.UnknownSkip,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "on_unknown run, and nobody knows the guard", onlyIf: cty.UnknownVal(cty.Bool), seen: present("id1"), adopted: true, onUnknown: plan.UnknownRun,
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "if its guard, known after apply, lets it", Conditional: true},
		},
		{
			name: "on_unknown guard, which lets it", onlyIf: cty.True, seen: present("id1"), adopted: true, onUnknown: plan.UnknownGuard,
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "its guard says that it is due"},
		},
		{
			name: "on_unknown guard, which nobody knows", onlyIf: cty.UnknownVal(cty.Bool), seen: present("id1"), adopted: true, onUnknown: plan.UnknownGuard,
			want: plan.StepChange{Decision: plan.DecisionRun, Reason: "if its guard, known after apply, lets it", Conditional: true},
		},
		{
			name: "on_unknown guard, which does not let it", onlyIf: cty.False, seen: present("id1"), adopted: true, onUnknown: plan.UnknownGuard,
			want: plan.StepChange{Decision: plan.DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "other triggers, on_change", seen: present("id1"), policy: plan.RunOnChange, triggers: "[2]",
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionRun, Reason: "its call or triggers changed", Before: parse(t, "[1]")},
		},
		{
			name: "in doubt, with -mark-done", seen: present("id1"), adopted: true,
			orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, "actor.*.action.seed") },
			want:   plan.StepChange{Decision: plan.DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true},
		},
		{
			name: "in doubt with the same arguments, with -mark-done", seen: present("id1"), policy: plan.RunOnChange,
			orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, addr) },
			entry:  func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepStarted) },
			want:   plan.StepChange{Decision: plan.DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true, DoneAs: memoOf(t, "[1]"), Before: parse(t, "[1]")},
		},
		{
			name: "in doubt with other arguments, with -mark-done", seen: present("id1"),
			orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, addr) },
			entry:  func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepStarted) },
			want: plan.StepChange{
				Decision: plan.DecisionDone, MarkDone: true, DoneAs: memoOf(t, "[2]"), Before: parse(t, "[2]"),
				Reason: "recorded as done by -mark-done as it was started; the arguments changed since; it runs once",
			},
		},
		{
			name: "in doubt with other arguments, on_change, with -on-unknown=done", seen: present("id1"), policy: plan.RunOnChange,
			orders: func(o *plan.Orders) { o.OnUnknown = plan.OrderDone },
			entry:  func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepStarted) },
			want: plan.StepChange{
				Decision: plan.DecisionRun, DoneAs: memoOf(t, "[2]"), Before: parse(t, "[2]"),
				Reason: "recorded as done by -on-unknown as it was started; its arguments changed",
			},
		},
		{
			name: "in doubt with arguments that are not known now, on_change, with -mark-done", seen: present("id1"), policy: plan.RunOnChange, args: "[unknown]",
			orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, addr) },
			entry:  func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepStarted) },
			want: plan.StepChange{
				Decision: plan.DecisionRun, Conditional: true, DoneAs: memoOf(t, "[2]"), Before: parse(t, "[2]"),
				Reason: "recorded as done by -mark-done as it was started; if its arguments, known after apply, have changed",
			},
		},
		{
			name: "due, with -mark-done", orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, addr) },
			want: plan.StepChange{Decision: plan.DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true},
		},
		{
			name: "done, with -mark-done", seen: present("id1"), orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, addr) },
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[1]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "done with other arguments, with -mark-done", seen: present("id1"), orders: func(o *plan.Orders) { o.MarkDone = patternsOf(t, addr) },
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps["action.seed"] = made(t, s, "[2]", plan.StepDone) },
			want:  plan.StepChange{Decision: plan.DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true, Before: parse(t, "[2]")},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, stdcmp.Or(tt.args, "[1]"), stdcmp.Or(tt.policy, plan.RunOnce))
			call := step.Call()
			call.OnUnknown = stdcmp.Or(tt.onUnknown, plan.UnknownFail)
			call.OnlyIf, call.GuardIsLive = tt.onlyIf, tt.live
			d := declare(t, "actor.counter.a", step)
			entry := remembered(t, d)
			if tt.entry != nil {
				tt.entry(entry, step)
			}
			if tt.adopted {
				entry = nil
			}
			if tt.triggers != "" {
				call.Triggers = parse(t, tt.triggers)
			}
			in := inputs(d, tt.seen, entry)
			if tt.orders != nil {
				tt.orders(&in.Orders)
			}
			p, diags := Plan(in)
			got := *changed(p).Steps[0]
			if got.Address != step.Address || got.Desired != step || diags != nil {
				t.Errorf("got %v, %v", got, diags)
			}
			got.Address, got.Desired, got.DoneDigest, got.DoneOutput = address.StepAddress{}, nil, "", ""
			if diff := cmp.Diff(tt.want, got, sameValues); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOrdersThatSelectNothingAreErrors(t *testing.T) {
	in := inputs(declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce)), plan.Observed{}, nil)
	in.Orders = plan.Orders{Rerun: patternsOf(t, "actor.counter.a", "actor.counter.b"), MarkDone: patternsOf(t, "actor.other.*")}
	_, diags := Plan(in)
	if diff := cmp.Diff([]string{"No step has this address", "No step has this address"}, summaries(diags)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsLeftOutIsNotReplaced(t *testing.T) {
	a, b := declare(t, "actor.counter.a"), declare(t, "actor.counter.b")
	a.Key, b.Key = []string{"a"}, []string{"b"}
	for name, test := range map[string]struct {
		declare func(*Inputs)
		good    bool
	}{
		"kept":                  {func(in *Inputs) { in.Orders.Target = patternsOf(t, "actor.counter.a") }, true},
		"not targeted":          {func(in *Inputs) { in.Orders.Target = patternsOf(t, "actor.counter.b") }, false},
		"excluded":              {func(in *Inputs) { in.Orders.Exclude = patternsOf(t, "actor.counter.a") }, false},
		"not evaluated":         {func(in *Inputs) { in.Desired, in.LeftOut = []*plan.Desired{b}, []string{"actor.counter.a"} }, false},
		"not declared any more": {func(in *Inputs) { in.Desired = []*plan.Desired{b} }, false},
	} {
		in := inputs(a, present("id1"), remembered(t, a))
		in.Desired = append(in.Desired, b)
		test.declare(&in)
		in.Observed = make([]plan.Observed, len(in.Desired))
		in.Orders.Replace = patternsOf(t, "actor.counter.a")
		_, diags := Plan(in)
		if refused := slices.Contains(summaries(diags), "Nothing would be replaced"); refused == test.good {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestWhatIsNeverDoneIsNotMarked(t *testing.T) {
	for _, policy := range []plan.Policy{plan.RunManual, plan.RunAlways} {
		in := inputs(declare(t, "actor.counter.a", action(t, "[1]", policy)), plan.Observed{}, nil)
		in.Orders.MarkDone = patternsOf(t, "actor.counter.a")
		p, diags := Plan(in)
		if diff := cmp.Diff([]string{"No step has this address"}, summaries(diags)); diff != "" || changed(p).Steps[0].MarkDone {
			t.Errorf("%s: %s", policy, diff)
		}
	}
}

// Whether a step that runs on request was made comes before whether it is asked for again.
func TestWhatRunsOnRequestMayBeInDoubt(t *testing.T) {
	const started = "it was started on 2026-01-02 03:04:05 UTC and was not seen to succeed"
	all := patternsOf(t, "actor.counter.a.action.seed")
	for name, tt := range map[string]struct {
		remembered, args string
		orders           plan.Orders
		want             plan.Decision
		reason           string
	}{
		"not asked for":         {"action.seed", "[1]", plan.Orders{}, plan.DecisionUnknown, started},
		"asked for":             {"action.seed", "[1]", plan.Orders{Invoke: all}, plan.DecisionUnknown, started},
		"made again":            {"action.seed", "[1]", plan.Orders{Rerun: all}, plan.DecisionRun, "asked for by -rerun"},
		"marked":                {"action.seed", "[1]", plan.Orders{MarkDone: all}, plan.DecisionDone, "recorded as done by -mark-done"},
		"other, and marked":     {"action.seed", "[2]", plan.Orders{MarkDone: all}, plan.DecisionDone, "recorded as done by -mark-done as it was started; the arguments changed since; it runs only when it is asked for"},
		"renamed":               {"action.old", "[1]", plan.Orders{}, plan.DecisionSkip, "runs only when it is asked for"},
		"renamed and asked for": {"action.old", "[1]", plan.Orders{Invoke: all}, plan.DecisionUnknown, "action.old, which is not declared any more and may have been the same, " + started[3:]},
	} {
		step := action(t, "[1]", plan.RunManual)
		d := declare(t, "actor.counter.a", step)
		entry := remembered(t, d)
		entry.Steps[tt.remembered] = made(t, step, tt.args, plan.StepStarted)
		in := inputs(d, present("id1"), entry)
		in.Orders = tt.orders
		p, diags := Plan(in)
		if got := changed(p).Steps[0]; got.Decision != tt.want || got.Reason != tt.reason || diags != nil {
			t.Errorf("%s: %s (%s), %v", name, got.Decision, got.Reason, diags)
		}
	}
}

func TestRerunIsNotForManualStepsNorInvokeForOthers(t *testing.T) {
	for _, policy := range []plan.Policy{plan.RunManual, plan.RunOnce} {
		in := inputs(declare(t, "actor.counter.a", action(t, "[1]", policy)), plan.Observed{}, nil)
		if policy == plan.RunManual {
			in.Orders.Rerun = patternsOf(t, "actor.counter.a")
		} else {
			in.Orders.Invoke = patternsOf(t, "actor.counter.a")
		}
		p, diags := Plan(in)
		if diff := cmp.Diff([]string{"No step has this address"}, summaries(diags)); diff != "" {
			t.Errorf("%s: %s", policy, diff)
		}
		if got := changed(p).Steps[0]; (got.Decision == plan.DecisionRun) == (policy == plan.RunManual) {
			t.Errorf("%s: %+v", policy, got)
		}
	}
}

func TestSummary(t *testing.T) {
	once, always := action(t, "[1]", plan.RunOnce), action(t, "[1]", plan.RunAlways)
	always.Address.Label = "always"
	tests := []struct {
		name    string
		seen    plan.Observed
		fresh   bool
		want    plan.Summary
		changed bool
		work    bool
	}{
		{"to create", plan.Observed{}, true, plan.Summary{Create: 1, Calls: 1, Always: 1}, true, true},
		{"to adopt", present("id1"), false, plan.Summary{Adopt: 1, Unknown: 1, Always: 1}, true, true},
		{"only what runs always", present("id1"), true, plan.Summary{NoOp: 1, Always: 1}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a", once, always)
			var entry *plan.Entry
			if tt.fresh && tt.seen.Exists {
				entry = remembered(t, d)
				entry.Steps["action.seed"] = made(t, once, "[1]", plan.StepDone)
			}
			p, _ := Plan(inputs(d, tt.seen, entry))
			got := p.Summary()
			if got != tt.want || got.Changed() != tt.changed || got.HasWork() != tt.work {
				t.Errorf("got %+v, changed %t, work %t", got, got.Changed(), got.HasWork())
			}
		})
	}
	if none := (plan.Summary{NoOp: 3}); none.Changed() || none.HasWork() {
		t.Error("a plan of actors that stay as they are has something to do")
	}
}

func patternsOf(t *testing.T, texts ...string) []address.Pattern {
	t.Helper()
	list := make([]address.Pattern, len(texts))
	for i, text := range texts {
		p, err := address.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = p
	}
	return list
}

var sameValues = cmp.Options{
	cmp.Comparer(func(a, b cty.Value) bool {
		if a == cty.NilVal || b == cty.NilVal {
			return a == b
		}
		return a.RawEquals(b)
	}),
	cmp.AllowUnexported(address.InstanceKey{}),
}

// A step of which nobody knows yet how often it is to be made is one line of the plan, whose instances are decided later.
func TestDeferredStepsAreDecidedInTheirTurn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		policy   plan.Policy
		seen     plan.Observed
		decision plan.Decision
		instance plan.Decision
	}{
		"the actor is made":       {plan.RunOnce, plan.Observed{}, plan.DecisionRun, plan.DecisionRun},
		"the actor was there":     {plan.RunOnce, plan.Observed{Exists: true, ActorID: "id"}, plan.DecisionRun, plan.DecisionUnknown},
		"on request only":         {plan.RunManual, plan.Observed{}, plan.DecisionSkip, plan.DecisionSkip},
		"before it is destroyed":  {plan.RunOnDestroy, plan.Observed{}, plan.DecisionSkip, plan.DecisionSkip},
		"always, on what is made": {plan.RunAlways, plan.Observed{}, plan.DecisionRun, plan.DecisionRun},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := action(t, "[1]", tt.policy)
			step.Deferred = true
			d := declare(t, "actor.counter.a", step)
			p, diags := Plan(inputs(d, tt.seen, nil))
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			got := changed(p).Steps[0]
			if got.Decision != tt.decision || got.Conditional != (tt.decision == plan.DecisionRun) {
				t.Errorf("the step: %s %t %s", got.Decision, got.Conditional, got.Reason)
			}
			now := *step
			now.Deferred, now.Address.Key = false, address.StringKey("k")
			if instance := got.Instance(&now); instance.Decision != tt.instance || instance.Address != now.Address {
				t.Errorf("the instance: %s %s", instance.Decision, instance.Reason)
			}
		})
	}
}
