package decide

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// One test for each way in which a fact decides a step.
func TestBuildDecidesFacts(t *testing.T) {
	unknown := cty.UnknownVal(cty.Bool)
	tests := []struct {
		name           string
		seen           plan.Observed
		holds          cty.Value
		before         plan.Policy // of a call before the step, which is due
		differs        bool        // an ensure before the step is due
		noRefresh      bool
		ensure, expect plan.StepChange
		action         plan.ChangeAction
	}{
		{
			name: "the actor is made by this run", holds: unknown, action: plan.ActionCreate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it differs after creation", Conditional: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "looked at after the steps before it"},
		},
		{
			name: "it holds", seen: present("id1"), holds: cty.True, action: plan.ActionNoOp,
			ensure: plan.StepChange{Decision: plan.DecisionDone}, expect: plan.StepChange{Decision: plan.DecisionDone},
		},
		{
			name: "it does not hold", seen: present("id1"), holds: cty.False, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "it differs"},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "it does not hold now"},
		},
		{
			name: "it is not known yet", seen: present("id1"), holds: unknown, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it differs, which is known after apply", Conditional: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "known after apply"},
		},
		{
			name: "nobody asked", seen: present("id1"), holds: unknown, noRefresh: true, action: plan.ActionNoOp,
			ensure: plan.StepChange{Decision: plan.DecisionSkip, Reason: "not looked at, as -refresh=false says"},
			expect: plan.StepChange{Decision: plan.DecisionSkip, Reason: "not looked at, as -refresh=false says"},
		},
		{
			name: "it holds before a call that is due", seen: present("id1"), holds: cty.True, before: plan.RunOnce, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it differs after the steps before it", Conditional: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "looked at after the steps before it"},
		},
		{
			name: "it does not hold before a call that is due", seen: present("id1"), holds: cty.False, before: plan.RunOnce, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it still differs after the steps before it", Conditional: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "looked at after the steps before it"},
		},
		{
			name: "it holds before a call that runs always", seen: present("id1"), holds: cty.True, before: plan.RunAlways, action: plan.ActionNoOp,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it differs after the steps before it", Conditional: true, AfterAlways: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "looked at after the steps before it", AfterAlways: true},
		},
		{
			name: "it does not hold before a call that runs always", seen: present("id1"), holds: cty.False, before: plan.RunAlways, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it still differs after the steps before it", Conditional: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "it does not hold now"},
		},
		{
			name: "it holds before a fact that does not", seen: present("id1"), holds: cty.True, differs: true, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "if it differs after the steps before it", Conditional: true},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "looked at after the steps before it"},
		},
		{
			name: "neither holds", seen: present("id1"), holds: cty.False, differs: true, action: plan.ActionUpdate,
			ensure: plan.StepChange{Decision: plan.DecisionRun, Reason: "it differs"},
			expect: plan.StepChange{Decision: plan.DecisionRun, Reason: "looked at after the steps before it"},
		},
	}
	for _, tt := range tests {
		for kind, want := range map[address.StepKind]plan.StepChange{address.StepEnsure: tt.ensure, address.StepExpect: tt.expect} {
			t.Run(tt.name+", "+string(kind), func(t *testing.T) {
				step := about(kind, tt.holds)
				steps := []*plan.Step{step}
				if tt.before != "" {
					steps = []*plan.Step{action(t, "[1]", tt.before), step}
				}
				if tt.differs {
					steps = []*plan.Step{about(address.StepEnsure, cty.False), step}
				}
				d := declare(t, "actor.counter.a", steps...)
				in := inputs(d, tt.seen, remembered(t, d))
				in.Orders.NoRefresh = tt.noRefresh
				p, diags := Plan(in)
				got := *changed(p).Steps[len(steps)-1]
				got.Address, got.Desired = address.StepAddress{}, nil
				if diff := cmp.Diff(want, got, sameValues); diff != "" || diags != nil {
					t.Errorf("-want +got:\n%s%v", diff, diags)
				}
				if p.Changes[0].Head().Action != tt.action {
					t.Errorf("the actor: %s", p.Changes[0].Head().Action)
				}
			})
		}
	}
}

// about returns an ensure or expect whose fact holds, does not, or is not known to.
func about(kind address.StepKind, holds cty.Value) *plan.Step {
	s := &plan.Step{Address: address.StepAddress{Kind: kind, Label: "fact"}, Settings: &plan.StepSettings{}}
	if kind == address.StepEnsure {
		s.Spec = &plan.Ensure{Value: holds, Want: cty.True, Action: "set", Args: cty.TupleVal([]cty.Value{cty.True})}
	} else {
		s.Spec = &plan.Expect{Condition: holds}
	}
	return s
}

// TestAGuardThatMayChangeAsksOnlyAfterAnotherCall has something that may change a guard come before a call that the guard does not let be made: it may do
// so then, but what is in doubt is left in doubt only by a call that is due, and neither by a fact nor, for ever, by what is made always.
func TestAGuardThatMayChangeAsksOnlyAfterAnotherCall(t *testing.T) {
	due, skipped := plan.StepChange{Decision: plan.DecisionRun, Conditional: true}, plan.StepChange{Decision: plan.DecisionSkip}
	always := due
	always.AfterAlways = true
	for name, tt := range map[string]struct {
		before    plan.Policy // of a call; nothing for a fact
		adopted   bool
		onUnknown plan.OnUnknown
		want      plan.StepChange
	}{
		"due after a fact":                 {want: due},
		"due after what is made always":    {before: plan.RunAlways, want: always},
		"in doubt after a fact":            {adopted: true, onUnknown: plan.UnknownFail, want: skipped},
		"in doubt after a call":            {before: plan.RunOnce, adopted: true, onUnknown: plan.UnknownFail, want: plan.StepChange{Decision: plan.DecisionUnknown}},
		"in doubt after always":            {before: plan.RunAlways, adopted: true, onUnknown: plan.UnknownFail, want: skipped},
		"decided by its guard":             {adopted: true, onUnknown: plan.UnknownGuard, want: due},
		"decided by its guard after a run": {before: plan.RunAlways, adopted: true, onUnknown: plan.UnknownGuard, want: always},
	} {
		t.Run(name, func(t *testing.T) {
			before, step := about(address.StepEnsure, cty.False), action(t, "[1]", plan.RunOnce)
			if tt.before != "" {
				before = action(t, "[1]", tt.before)
				before.Address.Label, before.Call().OnUnknown = "before", plan.UnknownRun
			}
			call := step.Call()
			call.OnlyIf, call.GuardIsLive, call.OnUnknown = cty.False, true, tt.onUnknown
			d := declare(t, "actor.counter.a", before, step)
			entry := remembered(t, d)
			if tt.adopted {
				entry = nil
			}
			p, _ := Plan(inputs(d, present("id1"), entry))
			if got := changed(p).Steps[1]; got.Decision != tt.want.Decision || got.Conditional != tt.want.Conditional || got.AfterAlways != tt.want.AfterAlways {
				t.Errorf("it is to %s: %s", got.Decision, got.Reason)
			}
		})
	}
}

func TestPostconditionOfAnActorThatStaysMustHold(t *testing.T) {
	d := declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce))
	d.Postconditions = []plan.Assertion{{Holds: cty.False, Message: "no"}, {Holds: cty.UnknownVal(cty.Bool)}}
	entry := remembered(t, d)
	_, diags := Plan(inputs(d, present("id1"), entry))
	if diags != nil {
		t.Errorf("an actor with calls to make: %v", diags)
	}
	entry.Steps["action.seed"] = made(t, d.Steps[0], "[1]", plan.StepDone)
	_, diags = Plan(inputs(d, present("id1"), entry))
	if diff := cmp.Diff([]string{"Postcondition failed"}, summaries(diags)); diff != "" {
		t.Error(diff)
	}
}

func TestVerifyPlansToLookAtFactsOnly(t *testing.T) {
	holds, differs := about(address.StepEnsure, cty.True), about(address.StepExpect, cty.False)
	d := declare(t, "actor.counter.a", action(t, "[1]", plan.RunOnce), holds, differs)
	in := inputs(d, present("id1"), nil)
	in.Mode = plan.ModeVerify
	p, diags := Plan(in)
	steps := changed(p).Steps
	if diags != nil || len(steps) != 2 || steps[0].Decision != plan.DecisionDone || steps[1].Decision != plan.DecisionRun || p.Changes[0].Head().Action != plan.ActionNoOp {
		t.Errorf("got %v with %+v", diags, steps)
	}
	in.Observed[0] = plan.Observed{}
	p, diags = Plan(in)
	if drift := changed(p).Drift(); diags != nil || cmp.Diff([]string{"Actor does not exist"}, summaries(drift)) != "" || len(changed(p).Steps) > 0 {
		t.Errorf("of an actor that does not exist: %v, %v", diags, drift)
	}
}

func TestVerifyLooksAtWhatIsNotKnown(t *testing.T) {
	for _, kind := range []address.StepKind{address.StepEnsure, address.StepExpect} {
		in := inputs(declare(t, "actor.counter.a", about(kind, cty.UnknownVal(cty.Bool))), present("id1"), nil)
		in.Mode = plan.ModeVerify
		p, _ := Plan(in)
		if got := changed(p).Steps[0]; got.Decision != plan.DecisionRun {
			t.Errorf("%s: %s", kind, got.Decision)
		}
	}
}
