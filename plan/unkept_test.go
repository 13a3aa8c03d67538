package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// A result that nobody kept is still what it was. Only what is to be made of it cannot be.
func TestResultsThatNobodyKept(t *testing.T) {
	lost := cty.TupleVal([]cty.Value{value.Unkept("actor.counter.b.action.mint")})
	refused := []string{"Result is not known"}
	done := func(e *Entry, s *Step) {
		memo := made(t, s, "[1]", StepDone)
		memo.Args.Value = nil // as it is a secret
		e.Steps["action.seed"] = memo
	}
	tests := []struct {
		name     string
		seen     Observed
		step     func(*Step)
		entry    func(*Entry, *Step)
		desired  func(*Desired)
		orders   Orders
		decision Decision
		action   ChangeAction
		problems []string
	}{
		{name: "done, on_change", seen: present("id1"), entry: done, decision: DecisionDone, action: ActionNoOp},
		{
			name: "triggers of what is done, on_change", seen: present("id1"), entry: done, decision: DecisionDone, action: ActionNoOp,
			step: func(s *Step) { s.Call().Triggers = lost },
		},
		{
			name: "done, and something else is known after apply", seen: present("id1"), entry: done, decision: DecisionRun, action: ActionUpdate,
			step:     func(s *Step) { s.Call().Triggers = cty.DynamicVal },
			problems: refused,
		},
		{name: "never made", seen: present("id1"), decision: DecisionRun, action: ActionUpdate, problems: refused},
		{name: "of a new actor", decision: DecisionRun, action: ActionCreate, problems: refused},
		{
			name: "to be made again", seen: present("id1"), entry: done, orders: Orders{Rerun: patternsOf(t, "*")},
			decision: DecisionRun, action: ActionUpdate, problems: refused,
		},
		{
			name: "to be marked", seen: present("id1"), orders: Orders{MarkDone: patternsOf(t, "*")}, decision: DecisionDone, action: ActionUpdate,
		},
		{
			name: "a guard of what is due", seen: present("id1"), decision: DecisionRun, action: ActionUpdate, problems: refused,
			step: func(s *Step) { s.Spec = &Action{Call: Call{OnlyIf: value.Unkept("x")}, Args: cty.EmptyTupleVal} },
		},
		{
			name: "an expectation", seen: present("id1"), decision: DecisionSkip, action: ActionNoOp,
			step: func(s *Step) { s.Spec = &Expect{Condition: value.Unkept("x")} },
		},
		{
			name: "done with arguments that are not made of it", seen: present("id1"), decision: DecisionRun, action: ActionUpdate, problems: refused,
			entry: func(e *Entry, s *Step) { e.Steps[s.Address.Relative()] = made(t, s, `[1, 2]`, StepDone) },
		},
		{
			name: "the arguments of a fact that holds", seen: present("id1"), decision: DecisionDone, action: ActionNoOp,
			step: func(s *Step) { s.Spec = &Ensure{Value: cty.True, Want: cty.True, Args: lost} },
		},
		{
			name: "the arguments of a fact that does not hold", seen: present("id1"), decision: DecisionRun, action: ActionUpdate, problems: refused,
			step: func(s *Step) { s.Spec = &Ensure{Value: cty.False, Want: cty.True, Args: lost} },
		},
		{
			name: "what replaces the actor when it changes", seen: present("id1"), entry: func(e *Entry, s *Step) { done(e, s); e.Triggers = memo(t, cty.True) },
			desired: func(d *Desired) { d.Triggers = lost }, decision: DecisionDone, action: ActionNoOp,
		},
		{
			name: "the input of an actor that is there", seen: present("id1"), entry: done, decision: DecisionDone, action: ActionNoOp,
			desired: func(d *Desired) { d.Input, d.Settings.OnInputChange = lost, InputReplace },
		},
		{
			name: "the input of a new actor", decision: DecisionRun, action: ActionCreate, problems: refused,
			step:    func(s *Step) { s.Spec = &Action{Args: cty.EmptyTupleVal} },
			desired: func(d *Desired) { d.Input = lost },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, "[1]", RunOnChange)
			d := declare(t, "actor.counter.a", step)
			entry := remembered(t, d)
			if tt.entry != nil {
				tt.entry(entry, step)
			}
			step.Spec.(*Action).Args = lost
			if tt.step != nil {
				tt.step(step)
			}
			if tt.desired != nil {
				tt.desired(d)
			}
			in := inputs(d, tt.seen, entry)
			in.Orders = tt.orders
			p, diags := Build(in)
			if c := changed(p); c.Action != tt.action || c.Steps[0].Decision != tt.decision {
				t.Errorf("got %s, %s (%s)", c.Action, c.Steps[0].Decision, c.Steps[0].Reason)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The order is about what nobody knows, and about nothing else.
func TestOnUnknownDecidesWhatNobodyKnows(t *testing.T) {
	tests := []struct {
		name    string
		order   UnknownOrder
		adopted bool // so that nobody knows
		call    Call
		want    Decision
		marked  bool
	}{
		{"run", OrderRun, true, Call{}, DecisionRun, false},
		{"done", OrderDone, true, Call{}, DecisionDone, true},
		{"skip", OrderSkip, true, Call{}, DecisionSkip, false},
		{"none", OrderNone, true, Call{}, DecisionUnknown, false},
		{"run, and a guard does not let it", OrderRun, true, Call{OnlyIf: cty.False}, DecisionSkip, false},
		{"run, and the author says skip", OrderRun, true, Call{OnUnknown: UnknownSkip}, DecisionSkip, false},
		{"done, and the author says run", OrderDone, true, Call{OnUnknown: UnknownRun}, DecisionRun, false},
		{"done, and it is due", OrderDone, false, Call{}, DecisionRun, false},
		{"skip, and it is due", OrderSkip, false, Call{}, DecisionRun, false},
		{"run, and it is only made on request", OrderRun, true, Call{Policy: RunManual}, DecisionSkip, false},
	}
	for _, tt := range tests {
		step := action(t, "[1]", RunOnce)
		step.Spec.(*Action).Call = tt.call
		d := declare(t, "actor.counter.a", step)
		entry := remembered(t, d)
		if tt.adopted {
			entry = nil
		}
		in := inputs(d, present("id1"), entry)
		in.Orders.OnUnknown = tt.order
		p, diags := Build(in)
		if got := changed(p).Steps[0]; got.Decision != tt.want || got.MarkDone != tt.marked || diags != nil {
			t.Errorf("%s: %s (%s), marked %t", tt.name, got.Decision, got.Reason, got.MarkDone)
		}
	}
}

// What was marked when nobody knew its arguments stays done, and is said to be so where a change would matter. Where what it is
// made of is made anew, it is due.
func TestAStepThatWasMarkedUnseen(t *testing.T) {
	for _, tt := range []struct {
		name   string
		policy Policy
		args   cty.Value
		recipe string
		want   Decision
		reason string
	}{
		{"it runs once", RunOnce, cty.NumberIntVal(1), "", DecisionDone, ""},
		{"nobody can tell", RunOnChange, cty.NumberIntVal(1), "", DecisionDone, "recorded as done when its arguments were not known"},
		{"known after apply", RunOnChange, cty.DynamicVal, "", DecisionRun, "known after apply, have changed"},
		{"known after apply, and how it was made", RunOnChange, cty.DynamicVal, "how", DecisionRun, "known after apply, have changed"},
		{"of other things than then", RunOnChange, cty.NumberIntVal(1), "how", DecisionRun, "its arguments changed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, "[1]", tt.policy)
			step.Spec.(*Action).Args = cty.TupleVal([]cty.Value{tt.args})
			d := declare(t, "actor.counter.a", step)
			entry := remembered(t, d)
			entry.Steps["action.seed"] = &StepMemo{ActorID: "id1", Status: StepDone, At: someTime, Args: value.Memo{Recipe: tt.recipe}}
			p, _ := Build(inputs(d, present("id1"), entry))
			got := changed(p).Steps[0]
			if got.Decision != tt.want || !strings.Contains(got.Reason, tt.reason) || tt.reason == "" && got.Reason != "" {
				t.Errorf("%s (%s)", got.Decision, got.Reason)
			}
		})
	}
}

func TestResultsOfWhatIsMarkedOrWasNotKept(t *testing.T) {
	step := action(t, "[1]", RunOnce)
	d := declare(t, "actor.counter.a", step)
	entry := remembered(t, d)
	entry.Steps["action.seed"] = made(t, step, "[1]", StepDone)
	recalled := inputs(d, Observed{}, entry).Recalled
	want := []string{step.Address.String()}
	if got := NewResults(recalled, Orders{}).Of(d, step, present("id1")); !cmp.Equal(value.UnkeptIn(got), want) {
		t.Errorf("of what was not kept: %#v", got)
	}
	marks := Orders{MarkDone: []address.Pattern{patternsOf(t, "*")[0]}}
	if got := NewResults(&Recalled{}, marks).Of(d, step, present("id1")); !cmp.Equal(value.UnkeptIn(got), want) {
		t.Errorf("of what is only recorded: %#v", got)
	}
	if got := NewResults(&Recalled{}, marks).Of(d, step, Observed{}); !cmp.Equal(value.UnkeptIn(got), want) {
		t.Errorf("of what is only recorded of an actor that is made: %#v", got)
	}
	if got := NewResults(&Recalled{}, Orders{}).Of(d, step, Observed{}); got != cty.NilVal {
		t.Errorf("of an actor that is not there: %#v", got)
	}
}

// What runs only on request, or is kept from running by its guard, gives nothing that another step could use.
func TestResultsOfWhatIsNotMade(t *testing.T) {
	for name, tt := range map[string]struct {
		call   Call
		orders Orders
		unkept bool
	}{
		"on request":        {Call{Policy: RunManual}, Orders{}, true},
		"as requested":      {Call{Policy: RunManual}, Orders{Invoke: patternsOf(t, "*")}, false},
		"guarded":           {Call{Policy: RunOnce, OnlyIf: cty.False}, Orders{}, true},
		"guarded by others": {Call{Policy: RunOnce, OnlyIf: cty.UnknownVal(cty.Bool)}, Orders{}, false},
		"let":               {Call{Policy: RunOnce, OnlyIf: cty.True}, Orders{}, false},
		"before the end":    {Call{Policy: RunOnDestroy}, Orders{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			step := action(t, "[1]", RunOnce)
			step.Spec.(*Action).Call = tt.call
			d := declare(t, "actor.counter.a", step)
			got := NewResults(&Recalled{}, tt.orders).Of(d, step, Observed{})
			if unkept := len(value.UnkeptIn(got)) > 0; unkept != tt.unkept || !unkept && got != cty.NilVal {
				t.Errorf("%#v", got)
			}
		})
	}
}
