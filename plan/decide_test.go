package plan

import (
	stdcmp "cmp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
)

// One test for each row of the table of steps.
func TestBuildDecidesSteps(t *testing.T) {
	const addr = "actor.counter.a.action.seed"
	tests := []struct {
		name      string
		args      string
		policy    Policy
		onUnknown OnUnknown
		seen      Observed // the zero value: the actor does not exist
		entry     func(*Entry, *Step)
		adopted   bool // the ledger does not know the actor
		orders    func(*Orders)
		live      bool // the guard looks at live data
		onlyIf    cty.Value
		triggers  string
		want      StepChange
	}{
		{
			name: "the actor is made by this run",
			want: StepChange{Decision: DecisionRun, Reason: "the actor is made by this run"},
		},
		{
			name: "the actor is a new incarnation", seen: present("id2"),
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionRun, Reason: "it was never made on this actor"},
		},
		{
			name: "done with the same arguments", seen: present("id1"),
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "done with other arguments, on_change", seen: present("id1"), policy: RunOnChange,
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[2]", StepDone) },
			want:  StepChange{Decision: DecisionRun, Reason: "its arguments changed", Before: parse(t, "[2]")},
		},
		{
			name: "done with another secret, on_change", seen: present("id1"), policy: RunOnChange, args: "[[secret]]",
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[secret]", StepDone) },
			want:  StepChange{Decision: DecisionRun, Reason: "its arguments changed"},
		},
		{
			name: "done by another action, on_change", seen: present("id1"), policy: RunOnChange,
			entry: func(e *Entry, s *Step) {
				other := *s
				other.Spec = &Action{Name: "other"}
				e.Steps["action.seed"] = made(t, &other, "[1]", StepDone)
			},
			want: StepChange{Decision: DecisionRun, Reason: "its call or triggers changed", Before: parse(t, "[1]")},
		},
		{
			name: "done with the same arguments, on_change", seen: present("id1"), policy: RunOnChange,
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "done with arguments that are not known now, on_change", seen: present("id1"), policy: RunOnChange, args: "[unknown]",
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want: StepChange{
				Decision: DecisionRun, Reason: "if its arguments, known after apply, have changed", Before: parse(t, "[1]"), Conditional: true,
			},
		},
		{
			name: "done with other arguments, once", seen: present("id1"),
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[2]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Reason: "the arguments changed since; it runs once", Before: parse(t, "[2]")},
		},
		{
			name: "done with arguments that are not known now, once", seen: present("id1"), args: "[unknown]",
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "started and was not seen to succeed", seen: present("id1"),
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepStarted) },
			want:  StepChange{Decision: DecisionUnknown, Reason: "it was started on 2026-01-02 03:04:05 UTC and was not seen to succeed"},
		},
		{
			name: "started and never finished, on_unknown run", seen: present("id1"), onUnknown: UnknownRun,
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepStarted) },
			want:  StepChange{Decision: DecisionRun, Reason: "it was started on 2026-01-02 03:04:05 UTC and was not seen to succeed"},
		},
		{
			name: "failed", seen: present("id1"),
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepFailed) },
			want:  StepChange{Decision: DecisionRun, Reason: "it failed the last time", Before: parse(t, "[1]")},
		},
		{
			name: "declared after riveter made the actor", seen: present("id1"),
			want: StepChange{Decision: DecisionRun, Reason: "it was never made on this actor"},
		},
		{
			name: "no record, the actor was there before", seen: present("id1"), adopted: true,
			want: StepChange{Decision: DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "no record on an actor adopted long ago", seen: present("id1"),
			entry: func(e *Entry, _ *Step) { e.Created, e.Fresh = false, false },
			want:  StepChange{Decision: DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "no record on an actor that a lost run may have made", seen: present("id1"),
			entry: func(e *Entry, _ *Step) { e.Fresh = false },
			want:  StepChange{Decision: DecisionUnknown, Reason: "riveter was stopped when it was about to create the actor, and nobody knows whether this was done"},
		},
		{
			name: "no record on an actor that a lost run may have made, of which nothing else is known", seen: present("id1"),
			entry: func(e *Entry, _ *Step) { e.Fresh, e.ActorID = false, "" },
			want:  StepChange{Decision: DecisionUnknown, Reason: "riveter was stopped when it was about to create the actor, and nobody knows whether this was done"},
		},
		{
			name: "no record, the actor was there before, on_unknown skip", seen: present("id1"), adopted: true, onUnknown: UnknownSkip,
			want: StepChange{Decision: DecisionSkip, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "always", seen: present("id1"), policy: RunAlways,
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionRun, Reason: "runs always"},
		},
		{
			name: "always, and started without an end", seen: present("id1"), policy: RunAlways,
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepStarted) },
			want:  StepChange{Decision: DecisionRun, Reason: "runs always"},
		},
		{
			name: "manual", policy: RunManual,
			want: StepChange{Decision: DecisionSkip, Reason: "runs only when it is asked for"},
		},
		{
			name: "in doubt, with -rerun", seen: present("id1"), adopted: true,
			orders: func(o *Orders) { o.Rerun = patternsOf(t, addr) },
			want:   StepChange{Decision: DecisionRun, Reason: "asked for by -rerun"},
		},
		{
			name: "done, with -rerun of its actor", seen: present("id1"),
			entry:  func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			orders: func(o *Orders) { o.Rerun = patternsOf(t, "actor.counter.a") },
			want:   StepChange{Decision: DecisionRun, Reason: "asked for by -rerun"},
		},
		{
			name:   "manual, with -invoke",
			policy: RunManual, orders: func(o *Orders) { o.Invoke = patternsOf(t, addr) },
			want: StepChange{Decision: DecisionRun, Reason: "asked for by -invoke"},
		},
		{
			name: "a guard that does not let it, on a new actor", onlyIf: cty.False,
			want: StepChange{Decision: DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "a guard that is not known yet", onlyIf: cty.UnknownVal(cty.Bool),
			want: StepChange{Decision: DecisionRun, Reason: "if its guard, known after apply, lets it", Conditional: true},
		},
		{
			name: "a guard that lets it, done before", onlyIf: cty.True, seen: present("id1"), live: true,
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "in doubt, and a guard on live data lets it", onlyIf: cty.True, seen: present("id1"), live: true, adopted: true,
			want: StepChange{Decision: DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "in doubt, and a guard on live data does not let it", onlyIf: cty.False, seen: present("id1"), live: true, adopted: true,
			want: StepChange{Decision: DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "in doubt, and a guard on a variable lets it", onlyIf: cty.True, seen: present("id1"), adopted: true,
			want: StepChange{Decision: DecisionUnknown, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "in doubt, and a guard on a variable does not let it", onlyIf: cty.False, seen: present("id1"), adopted: true,
			want: StepChange{Decision: DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "asked for by -rerun, and a guard does not let it", onlyIf: cty.False, seen: present("id1"),
			orders: func(o *Orders) { o.Rerun = patternsOf(t, addr) },
			want:   StepChange{Decision: DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "on_unknown skip, and a guard on live data lets it", onlyIf: cty.True, seen: present("id1"), live: true, adopted: true, onUnknown: UnknownSkip,
			want: StepChange{Decision: DecisionSkip, Reason: "the actor was there before riveter, and nobody knows whether this was done"},
		},
		{
			name: "on_unknown run, and nobody knows the guard", onlyIf: cty.UnknownVal(cty.Bool), seen: present("id1"), adopted: true, onUnknown: UnknownRun,
			want: StepChange{Decision: DecisionRun, Reason: "if its guard, known after apply, lets it", Conditional: true},
		},
		{
			name: "on_unknown guard, which lets it", onlyIf: cty.True, seen: present("id1"), adopted: true, onUnknown: UnknownGuard,
			want: StepChange{Decision: DecisionRun, Reason: "its guard says that it is due"},
		},
		{
			name: "on_unknown guard, which nobody knows", onlyIf: cty.UnknownVal(cty.Bool), seen: present("id1"), adopted: true, onUnknown: UnknownGuard,
			want: StepChange{Decision: DecisionRun, Reason: "if its guard, known after apply, lets it", Conditional: true},
		},
		{
			name: "on_unknown guard, which does not let it", onlyIf: cty.False, seen: present("id1"), adopted: true, onUnknown: UnknownGuard,
			want: StepChange{Decision: DecisionSkip, Reason: "its guard does not let it"},
		},
		{
			name: "other triggers, on_change", seen: present("id1"), policy: RunOnChange, triggers: "[2]",
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionRun, Reason: "its call or triggers changed", Before: parse(t, "[1]")},
		},
		{
			name: "in doubt, with -mark-done", seen: present("id1"), adopted: true,
			orders: func(o *Orders) { o.MarkDone = patternsOf(t, "actor.*.action.seed") },
			want:   StepChange{Decision: DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true},
		},
		{
			name: "due, with -mark-done", orders: func(o *Orders) { o.MarkDone = patternsOf(t, addr) },
			want: StepChange{Decision: DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true},
		},
		{
			name: "done, with -mark-done", seen: present("id1"), orders: func(o *Orders) { o.MarkDone = patternsOf(t, addr) },
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[1]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Before: parse(t, "[1]")},
		},
		{
			name: "done with other arguments, with -mark-done", seen: present("id1"), orders: func(o *Orders) { o.MarkDone = patternsOf(t, addr) },
			entry: func(e *Entry, s *Step) { e.Steps["action.seed"] = made(t, s, "[2]", StepDone) },
			want:  StepChange{Decision: DecisionDone, Reason: "recorded as done by -mark-done", MarkDone: true, Before: parse(t, "[2]")},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, stdcmp.Or(tt.args, "[1]"), stdcmp.Or(tt.policy, RunOnce))
			call := step.Call()
			call.OnUnknown = stdcmp.Or(tt.onUnknown, UnknownFail)
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
			p, diags := Build(in)
			got := *changed(p).Steps[0]
			if got.Address != step.Address || got.Desired != step || diags != nil {
				t.Errorf("got %v, %v", got, diags)
			}
			got.Address, got.Desired, got.DoneDigest = address.StepAddress{}, nil, ""
			if diff := cmp.Diff(tt.want, got, sameValues); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOrdersThatSelectNothingAreErrors(t *testing.T) {
	in := inputs(declare(t, "actor.counter.a", action(t, "[1]", RunOnce)), Observed{}, nil)
	in.Orders = Orders{Rerun: patternsOf(t, "actor.counter.a", "actor.counter.b"), MarkDone: patternsOf(t, "actor.other.*")}
	_, diags := Build(in)
	if diff := cmp.Diff([]string{"No step has this address", "No step has this address"}, summaries(diags)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNeverDoneIsNotMarked(t *testing.T) {
	for _, policy := range []Policy{RunManual, RunAlways} {
		in := inputs(declare(t, "actor.counter.a", action(t, "[1]", policy)), Observed{}, nil)
		in.Orders.MarkDone = patternsOf(t, "actor.counter.a")
		p, diags := Build(in)
		if diff := cmp.Diff([]string{"No step has this address"}, summaries(diags)); diff != "" || changed(p).Steps[0].MarkDone {
			t.Errorf("%s: %s", policy, diff)
		}
	}
}

func TestRerunIsNotForManualStepsNorInvokeForOthers(t *testing.T) {
	for _, policy := range []Policy{RunManual, RunOnce} {
		in := inputs(declare(t, "actor.counter.a", action(t, "[1]", policy)), Observed{}, nil)
		if policy == RunManual {
			in.Orders.Rerun = patternsOf(t, "actor.counter.a")
		} else {
			in.Orders.Invoke = patternsOf(t, "actor.counter.a")
		}
		p, diags := Build(in)
		if diff := cmp.Diff([]string{"No step has this address"}, summaries(diags)); diff != "" {
			t.Errorf("%s: %s", policy, diff)
		}
		if got := changed(p).Steps[0]; (got.Decision == DecisionRun) == (policy == RunManual) {
			t.Errorf("%s: %+v", policy, got)
		}
	}
}

func TestSummary(t *testing.T) {
	once, always := action(t, "[1]", RunOnce), action(t, "[1]", RunAlways)
	always.Address.Label = "always"
	tests := []struct {
		name    string
		seen    Observed
		fresh   bool
		want    Summary
		changed bool
		work    bool
	}{
		{"to create", Observed{}, true, Summary{Create: 1, Calls: 1, Always: 1}, true, true},
		{"to adopt", present("id1"), false, Summary{Adopt: 1, Unknown: 1, Always: 1}, true, true},
		{"only what runs always", present("id1"), true, Summary{NoOp: 1, Always: 1}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a", once, always)
			var entry *Entry
			if tt.fresh && tt.seen.Exists {
				entry = remembered(t, d)
				entry.Steps["action.seed"] = made(t, once, "[1]", StepDone)
			}
			p, _ := Build(inputs(d, tt.seen, entry))
			got := p.Summary()
			if got != tt.want || got.Changed() != tt.changed || got.HasWork() != tt.work {
				t.Errorf("got %+v, changed %t, work %t", got, got.Changed(), got.HasWork())
			}
		})
	}
	if none := (Summary{NoOp: 3}); none.Changed() || none.HasWork() {
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
		policy   Policy
		seen     Observed
		decision Decision
		instance Decision
	}{
		"the actor is made":       {RunOnce, Observed{}, DecisionRun, DecisionRun},
		"the actor was there":     {RunOnce, Observed{Exists: true, ActorID: "id"}, DecisionRun, DecisionUnknown},
		"on request only":         {RunManual, Observed{}, DecisionSkip, DecisionSkip},
		"before it is destroyed":  {RunOnDestroy, Observed{}, DecisionSkip, DecisionSkip},
		"always, on what is made": {RunAlways, Observed{}, DecisionRun, DecisionRun},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := action(t, "[1]", tt.policy)
			step.Deferred = true
			d := declare(t, "actor.counter.a", step)
			p, diags := Build(inputs(d, tt.seen, nil))
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			got := changed(p).Steps[0]
			if got.Decision != tt.decision || got.Conditional != (tt.decision == DecisionRun) {
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
