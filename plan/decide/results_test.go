package decide

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// TestResultsAreThoseOfStepsThatAreNotMadeAgain holds what is known while planning to what the plan then decides.
func TestResultsAreThoseOfStepsThatAreNotMadeAgain(t *testing.T) {
	t.Parallel()
	pattern, err := address.ParsePattern("*")
	if err != nil {
		t.Fatal(err)
	}
	all := []address.Pattern{pattern}
	same, other := cty.TupleVal([]cty.Value{cty.StringVal("same")}), cty.TupleVal([]cty.Value{cty.StringVal("other")})
	for name, test := range map[string]struct {
		call   plan.Call
		args   cty.Value
		on     string
		status plan.StepStatus
		orders plan.Orders
		known  bool
	}{
		"made once":                  {plan.Call{Policy: plan.RunOnce}, same, "id", plan.StepDone, plan.Orders{}, true},
		"made once, other arguments": {plan.Call{Policy: plan.RunOnce}, other, "id", plan.StepDone, plan.Orders{}, true},
		"on request only":            {plan.Call{Policy: plan.RunManual}, same, "id", plan.StepDone, plan.Orders{}, true},
		"requested":                  {plan.Call{Policy: plan.RunManual}, same, "id", plan.StepDone, plan.Orders{Invoke: all}, false},
		"always":                     {plan.Call{Policy: plan.RunAlways}, same, "id", plan.StepDone, plan.Orders{}, false},
		"unchanged":                  {plan.Call{Policy: plan.RunOnChange}, same, "id", plan.StepDone, plan.Orders{}, true},
		"changed":                    {plan.Call{Policy: plan.RunOnChange}, other, "id", plan.StepDone, plan.Orders{}, false},
		"changed, but its guard":     {plan.Call{Policy: plan.RunOnChange, OnlyIf: cty.False}, other, "id", plan.StepDone, plan.Orders{}, true},
		"perhaps changed":            {plan.Call{Policy: plan.RunOnChange}, cty.DynamicVal, "id", plan.StepDone, plan.Orders{}, false},
		"to be made again":           {plan.Call{Policy: plan.RunOnce}, same, "id", plan.StepDone, plan.Orders{Rerun: all}, false},
		"another incarnation":        {plan.Call{Policy: plan.RunOnce}, same, "other", plan.StepDone, plan.Orders{}, false},
		"in doubt":                   {plan.Call{Policy: plan.RunOnce}, same, "id", plan.StepStarted, plan.Orders{}, false},
		"failed":                     {plan.Call{Policy: plan.RunOnce}, same, "id", plan.StepFailed, plan.Orders{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := address.Address{Kind: address.KindActor, Name: "x", Label: "a"}
			step := func(args cty.Value) *plan.Step {
				call := test.call
				return &plan.Step{Address: a.Step(address.StepAction, "make", address.InstanceKey{}), Spec: &plan.Action{Call: call, Name: "make", Args: args}, Settings: &plan.StepSettings{}}
			}
			memo, err := step(same).Remember([]byte("key"))
			if err != nil {
				t.Fatal(err)
			}
			d := &plan.Desired{Address: a, Key: []string{"k"}}
			recalled := &plan.Recalled{DigestKey: []byte("key"), Actors: map[plan.Identity]*plan.Entry{d.Identity(): {
				Steps: map[string]*plan.StepMemo{"action.make": {ActorID: test.on, Status: test.status, Args: memo, Output: []byte(`"made"`)}},
			}}}
			got := NewResults(recalled, test.orders).Of(d, plan.Observed{Exists: true, ActorID: "id"}, false)(step(test.args))
			if known := got != cty.NilVal; known != test.known || known && !got.RawEquals(cty.StringVal("made")) {
				t.Errorf("the result is %#v", got)
			}
			got = NewResults(recalled, test.orders).Of(d, plan.Observed{Exists: true, ActorID: "id"}, true)(step(test.args))
			if made := test.on == "id" && test.status == plan.StepDone; value.IsUnkept(got) == made || made && !got.RawEquals(cty.StringVal("made")) {
				t.Errorf("as the actor goes, the result is %#v", got)
			}
			recalled.Actors[d.Identity()].Steps["action.make"].Output = nil
			got = NewResults(recalled, test.orders).Of(d, plan.Observed{Exists: true, ActorID: "id"}, false)(step(test.args))
			if unkept := value.IsUnkept(got); unkept != test.known {
				t.Errorf("not kept, the result is %#v", got)
			}
		})
	}
}
