package decide

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// A result that nobody kept is still what it was. Only what is to be made of it cannot be.
func TestResultsThatNobodyKept(t *testing.T) {
	lost := cty.TupleVal([]cty.Value{value.Unkept("actor.counter.b.action.mint")})
	beside := cty.TupleVal([]cty.Value{value.Unkept("actor.counter.b.action.mint"), cty.NumberIntVal(3)})
	refused := []string{"Result is not known"}
	recipe := func(recipe string, err error) string {
		if err != nil || recipe == "" {
			t.Errorf("%q, %v", recipe, err)
		}
		return recipe
	}
	of := func(v cty.Value) value.Memo {
		m := memo(t, parse(t, "[1]"))
		m.Recipe = recipe(value.RecipeOf(digestKey, v))
		return m
	}
	done := func(e *plan.Entry, s *plan.Step) {
		memo := made(t, s, "[1]", plan.StepDone)
		s.Spec.(*plan.Action).Args = lost
		memo.Args.Value, memo.Args.Recipe = nil, recipe(s.Recipe(digestKey)) // as it is a secret
		e.Steps["action.seed"] = memo
	}
	tests := []struct {
		name     string
		seen     plan.Observed
		step     func(*plan.Step)
		entry    func(*plan.Entry, *plan.Step)
		desired  func(*plan.Desired)
		orders   plan.Orders
		decision plan.Decision
		action   plan.ChangeAction
		problems []string
	}{
		{name: "done, on_change", seen: present("id1"), entry: done, decision: plan.DecisionDone, action: plan.ActionNoOp},
		{
			name: "triggers of what is done, on_change", seen: present("id1"), decision: plan.DecisionDone, action: plan.ActionNoOp,
			entry: func(e *plan.Entry, s *plan.Step) { s.Call().Triggers = lost; done(e, s) },
		},
		{
			name: "triggers of what was done with others", seen: present("id1"), entry: done, decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused,
			step: func(s *plan.Step) { s.Call().Triggers = lost },
		},
		{
			name: "done, and something else is known after apply", seen: present("id1"), entry: done, decision: plan.DecisionRun, action: plan.ActionUpdate,
			step:     func(s *plan.Step) { s.Call().Triggers = cty.DynamicVal },
			problems: refused,
		},
		{name: "never made", seen: present("id1"), decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused},
		{name: "of a new actor", decision: plan.DecisionRun, action: plan.ActionCreate, problems: refused},
		{
			name: "to be made again", seen: present("id1"), entry: done, orders: plan.Orders{Rerun: patternsOf(t, "*")},
			decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused,
		},
		{
			name: "to be marked", seen: present("id1"), orders: plan.Orders{MarkDone: patternsOf(t, "*")}, decision: plan.DecisionDone, action: plan.ActionUpdate,
		},
		{
			name: "a guard of what is due", seen: present("id1"), decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused,
			step: func(s *plan.Step) {
				s.Spec = &plan.Action{Call: plan.Call{OnlyIf: value.Unkept("x")}, Args: cty.EmptyTupleVal}
			},
		},
		{
			name: "an expectation", seen: present("id1"), decision: plan.DecisionSkip, action: plan.ActionNoOp,
			step: func(s *plan.Step) { s.Spec = &plan.Expect{Condition: value.Unkept("x")} },
		},
		{
			name: "done with arguments that are not made of it", seen: present("id1"), decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused,
			entry: func(e *plan.Entry, s *plan.Step) { e.Steps[s.Address.Relative()] = made(t, s, `[1, 2]`, plan.StepDone) },
		},
		{
			name: "the arguments of a fact that holds", seen: present("id1"), decision: plan.DecisionDone, action: plan.ActionNoOp,
			step: func(s *plan.Step) { s.Spec = &plan.Ensure{Value: cty.True, Want: cty.True, Args: lost} },
		},
		{
			name: "the arguments of a fact that does not hold", seen: present("id1"), decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused,
			step: func(s *plan.Step) { s.Spec = &plan.Ensure{Value: cty.False, Want: cty.True, Args: lost} },
		},
		{
			name: "what replaces the actor when it changes", seen: present("id1"), entry: func(e *plan.Entry, s *plan.Step) { done(e, s); e.Triggers = of(lost) },
			desired: func(d *plan.Desired) { d.Triggers = lost }, decision: plan.DecisionDone, action: plan.ActionNoOp,
		},
		{
			name: "what replaces the actor, and was something else", seen: present("id1"), entry: func(e *plan.Entry, s *plan.Step) { done(e, s); e.Triggers = memo(t, parse(t, "[1]")) },
			desired: func(d *plan.Desired) { d.Triggers = lost }, decision: plan.DecisionRun, action: plan.ActionReplace, problems: refused,
		},
		{
			name: "what replaces the actor, and something beside it changed", seen: present("id1"), entry: func(e *plan.Entry, s *plan.Step) { done(e, s); e.Triggers = memo(t, parse(t, "[1, 2]")) },
			desired: func(d *plan.Desired) { d.Triggers = beside }, decision: plan.DecisionRun, action: plan.ActionReplace, problems: refused,
		},
		{
			name: "the input of an actor that is there", seen: present("id1"), entry: func(e *plan.Entry, s *plan.Step) { done(e, s); e.Input = of(lost) },
			desired: func(d *plan.Desired) { d.Input, d.Settings.OnInputChange = lost, plan.InputReplace }, decision: plan.DecisionDone, action: plan.ActionNoOp,
		},
		{
			name: "the input, which was read back", seen: plan.Observed{Exists: true, ActorID: "id1", CreatedAt: someTime, Input: memo(t, parse(t, "[1]"))},
			entry:   func(e *plan.Entry, s *plan.Step) { done(e, s); e.Input = value.Memo{} },
			desired: func(d *plan.Desired) { d.Input, d.Settings.OnInputChange = lost, plan.InputReplace }, decision: plan.DecisionDone, action: plan.ActionNoOp,
		},
		{
			name: "the input, and something beside it changed", seen: present("id1"), entry: func(e *plan.Entry, s *plan.Step) { done(e, s); e.Input = memo(t, parse(t, "[1, 2]")) },
			desired: func(d *plan.Desired) { d.Input = beside }, decision: plan.DecisionDone, action: plan.ActionNoOp, problems: []string{"Input changed"},
		},
		{
			name: "what is wanted, and something beside it differs", seen: present("id1"), decision: plan.DecisionRun, action: plan.ActionUpdate, problems: refused,
			step: func(s *plan.Step) { s.Spec = &plan.Ensure{Value: parse(t, "[1, 2]"), Want: beside} },
		},
		{
			name: "what is wanted, and something beside it differs before an earlier step", seen: present("id1"), decision: plan.DecisionRun, action: plan.ActionNoOp,
			step: func(s *plan.Step) {
				s.Spec = &plan.Action{Call: plan.Call{Policy: plan.RunAlways}, Args: cty.EmptyTupleVal}
			},
			desired: func(d *plan.Desired) {
				later := *d.Steps[0]
				later.Address.Label, later.Spec = "later", &plan.Ensure{Value: parse(t, "[1, 2]"), Want: beside}
				d.Steps = append(d.Steps, &later)
			},
		},
		{
			name: "the input of a new actor", decision: plan.DecisionRun, action: plan.ActionCreate, problems: refused,
			step:    func(s *plan.Step) { s.Spec = &plan.Action{Args: cty.EmptyTupleVal} },
			desired: func(d *plan.Desired) { d.Input = lost },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, "[1]", plan.RunOnChange)
			d := declare(t, "actor.counter.a", step)
			entry := remembered(t, d)
			if tt.entry != nil {
				tt.entry(entry, step)
			}
			step.Spec.(*plan.Action).Args = lost
			if tt.step != nil {
				tt.step(step)
			}
			if tt.desired != nil {
				tt.desired(d)
			}
			in := inputs(d, tt.seen, entry)
			in.Orders = tt.orders
			p, diags := Plan(in)
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
		order   plan.UnknownOrder
		adopted bool // so that nobody knows
		call    plan.Call
		want    plan.Decision
		marked  bool
	}{
		{"run", plan.OrderRun, true, plan.Call{}, plan.DecisionRun, false},
		{"done", plan.OrderDone, true, plan.Call{}, plan.DecisionDone, true},
		{"skip", plan.OrderSkip, true, plan.Call{}, plan.DecisionSkip, false},
		{"none", plan.OrderNone, true, plan.Call{}, plan.DecisionUnknown, false},
		{"run, and a guard does not let it", plan.OrderRun, true, plan.Call{OnlyIf: cty.False}, plan.DecisionSkip, false},
		{"run, and the author says skip", plan.OrderRun, true, plan.Call{OnUnknown: plan.UnknownSkip}, plan.DecisionSkip, false},
		{"done, and the author says run", plan.OrderDone, true, plan.Call{OnUnknown: plan.UnknownRun}, plan.DecisionRun, false},
		{"done, and it is due", plan.OrderDone, false, plan.Call{}, plan.DecisionRun, false},
		{"skip, and it is due", plan.OrderSkip, false, plan.Call{}, plan.DecisionRun, false},
		{"run, and it is only made on request", plan.OrderRun, true, plan.Call{Policy: plan.RunManual}, plan.DecisionSkip, false},
	}
	for _, tt := range tests {
		step := action(t, "[1]", plan.RunOnce)
		step.Spec.(*plan.Action).Call = tt.call
		d := declare(t, "actor.counter.a", step)
		entry := remembered(t, d)
		if tt.adopted {
			entry = nil
		}
		in := inputs(d, present("id1"), entry)
		in.Orders.OnUnknown = tt.order
		p, diags := Plan(in)
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
		policy plan.Policy
		args   cty.Value
		recipe string
		want   plan.Decision
		reason string
	}{
		{"it runs once", plan.RunOnce, cty.NumberIntVal(1), "", plan.DecisionDone, ""},
		{"nobody can tell", plan.RunOnChange, cty.NumberIntVal(1), "", plan.DecisionDone, "recorded as done when its arguments were not known"},
		{"known after apply", plan.RunOnChange, cty.DynamicVal, "", plan.DecisionRun, "known after apply, have changed"},
		{"known after apply, and how it was made", plan.RunOnChange, cty.DynamicVal, "how", plan.DecisionRun, "known after apply, have changed"},
		{"of other things than then", plan.RunOnChange, cty.NumberIntVal(1), "how", plan.DecisionRun, "its arguments changed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			step := action(t, "[1]", tt.policy)
			step.Spec.(*plan.Action).Args = cty.TupleVal([]cty.Value{tt.args})
			d := declare(t, "actor.counter.a", step)
			entry := remembered(t, d)
			entry.Steps["action.seed"] = &plan.StepMemo{ActorID: "id1", Status: plan.StepDone, At: someTime, Args: value.Memo{Recipe: tt.recipe}}
			p, _ := Plan(inputs(d, present("id1"), entry))
			got := changed(p).Steps[0]
			if got.Decision != tt.want || !strings.Contains(got.Reason, tt.reason) || tt.reason == "" && got.Reason != "" {
				t.Errorf("%s (%s)", got.Decision, got.Reason)
			}
		})
	}
}

func TestResultsOfWhatIsMarkedOrWasNotKept(t *testing.T) {
	step := action(t, "[1]", plan.RunOnce)
	d := declare(t, "actor.counter.a", step)
	entry := remembered(t, d)
	entry.Steps["action.seed"] = made(t, step, "[1]", plan.StepDone)
	recalled := inputs(d, plan.Observed{}, entry).Recalled
	want := []string{step.Address.String()}
	if got := NewResults(recalled, plan.Orders{}).Of(d, present("id1"), false)(step); !cmp.Equal(value.UnkeptIn(got), want) {
		t.Errorf("of what was not kept: %#v", got)
	}
	marks := plan.Orders{MarkDone: []address.Pattern{patternsOf(t, "*")[0]}}
	if got := NewResults(&plan.Recalled{}, marks).Of(d, present("id1"), false)(step); !cmp.Equal(value.UnkeptIn(got), want) {
		t.Errorf("of what is only recorded: %#v", got)
	}
	if got := NewResults(&plan.Recalled{}, marks).Of(d, plan.Observed{}, false)(step); !cmp.Equal(value.UnkeptIn(got), want) {
		t.Errorf("of what is only recorded of an actor that is made: %#v", got)
	}
	if got := NewResults(&plan.Recalled{}, plan.Orders{}).Of(d, plan.Observed{}, false)(step); got != cty.NilVal {
		t.Errorf("of an actor that is not there: %#v", got)
	}
}

// What runs only on request, or is kept from running by its guard, gives nothing that another step could use.
func TestResultsOfWhatIsNotMade(t *testing.T) {
	for name, tt := range map[string]struct {
		call   plan.Call
		orders plan.Orders
		unkept bool
	}{
		"on request":        {plan.Call{Policy: plan.RunManual}, plan.Orders{}, true},
		"as requested":      {plan.Call{Policy: plan.RunManual}, plan.Orders{Invoke: patternsOf(t, "*")}, false},
		"guarded":           {plan.Call{Policy: plan.RunOnce, OnlyIf: cty.False}, plan.Orders{}, true},
		"guarded by others": {plan.Call{Policy: plan.RunOnce, OnlyIf: cty.UnknownVal(cty.Bool)}, plan.Orders{}, false},
		"let":               {plan.Call{Policy: plan.RunOnce, OnlyIf: cty.True}, plan.Orders{}, false},
		"before the end":    {plan.Call{Policy: plan.RunOnDestroy}, plan.Orders{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			step := action(t, "[1]", plan.RunOnce)
			step.Spec.(*plan.Action).Call = tt.call
			d := declare(t, "actor.counter.a", step)
			got := NewResults(&plan.Recalled{}, tt.orders).Of(d, plan.Observed{}, false)(step)
			if unkept := len(value.UnkeptIn(got)) > 0; unkept != tt.unkept || !unkept && got != cty.NilVal {
				t.Errorf("%#v", got)
			}
		})
	}
}

// A ledger that does not say yet how something is made that is what it was learns it, so that it still is when nobody can evaluate it again.
func TestHowAValueIsMadeIsLearnt(t *testing.T) {
	const secret = `["hunter2"]`
	step := action(t, secret, plan.RunOnChange)
	d := declare(t, "actor.counter.a", step)
	entry := remembered(t, d)
	entry.Input, entry.Triggers = memo(t, parse(t, secret)), memo(t, parse(t, secret))
	entry.Steps["action.seed"] = made(t, step, secret, plan.StepDone)
	source := value.Source{Step: "actor.counter.b.action.mint", Recipe: "how"}
	is := func(v cty.Value) {
		d.Input = cty.TupleVal([]cty.Value{v.Mark(value.Sensitive).Mark(source)})
		d.Triggers, step.Spec.(*plan.Action).Args = d.Input, d.Input
	}
	is(cty.StringVal("hunter2"))
	p, diags := Plan(inputs(d, present("id1"), entry))
	c := changed(p)
	if c.Action != plan.ActionNoOp || diags != nil || c.Adopt == nil || c.Steps[0].Remade == nil {
		t.Fatalf("%s, %v, %+v, %+v", c.Action, diags, c.Adopt, c.Steps[0].Remade)
	}
	for before, learnt := range map[*value.Memo]value.Memo{
		&entry.Input: c.Adopt.Input, &entry.Triggers: c.Adopt.Triggers, &entry.Steps["action.seed"].Args: *c.Steps[0].Remade,
	} {
		if learnt.Digest != before.Digest || learnt.Recipe == "" {
			t.Errorf("learnt is %+v", learnt)
		}
		*before = learnt
	}
	for _, v := range []cty.Value{cty.StringVal("hunter2"), cty.DynamicVal} {
		is(v)
		p, diags = Plan(inputs(d, present("id1"), entry))
		if again := changed(p); again.Action != plan.ActionNoOp || diags != nil || again.Adopt != nil || again.Steps[0].Remade != nil {
			t.Errorf("%s, %v; it is learnt again: %+v, %+v", again.Action, diags, again.Adopt, again.Steps[0].Remade)
		}
	}
}
