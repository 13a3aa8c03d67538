package plan

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

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
		call   Call
		args   cty.Value
		on     string
		status StepStatus
		orders Orders
		known  bool
	}{
		"made once":                  {Call{Policy: RunOnce}, same, "id", StepDone, Orders{}, true},
		"made once, other arguments": {Call{Policy: RunOnce}, other, "id", StepDone, Orders{}, true},
		"on request only":            {Call{Policy: RunManual}, same, "id", StepDone, Orders{}, true},
		"requested":                  {Call{Policy: RunManual}, same, "id", StepDone, Orders{Invoke: all}, false},
		"always":                     {Call{Policy: RunAlways}, same, "id", StepDone, Orders{}, false},
		"unchanged":                  {Call{Policy: RunOnChange}, same, "id", StepDone, Orders{}, true},
		"changed":                    {Call{Policy: RunOnChange}, other, "id", StepDone, Orders{}, false},
		"changed, but its guard":     {Call{Policy: RunOnChange, OnlyIf: cty.False}, other, "id", StepDone, Orders{}, true},
		"perhaps changed":            {Call{Policy: RunOnChange}, cty.DynamicVal, "id", StepDone, Orders{}, false},
		"to be made again":           {Call{Policy: RunOnce}, same, "id", StepDone, Orders{Rerun: all}, false},
		"another incarnation":        {Call{Policy: RunOnce}, same, "other", StepDone, Orders{}, false},
		"in doubt":                   {Call{Policy: RunOnce}, same, "id", StepStarted, Orders{}, false},
		"failed":                     {Call{Policy: RunOnce}, same, "id", StepFailed, Orders{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := address.Address{Kind: address.KindActor, Name: "x", Label: "a"}
			step := func(args cty.Value) *Step {
				call := test.call
				return &Step{Address: a.Step(address.StepAction, "make", address.InstanceKey{}), Spec: &Action{Call: call, Name: "make", Args: args}, Settings: &StepSettings{}}
			}
			memo, err := step(same).Remember([]byte("key"))
			if err != nil {
				t.Fatal(err)
			}
			d := &Desired{Address: a, Key: []string{"k"}}
			recalled := &Recalled{DigestKey: []byte("key"), Actors: map[Identity]*Entry{d.Identity(): {
				Steps: map[string]*StepMemo{"action.make": {ActorID: test.on, Status: test.status, Args: memo, Output: []byte(`"made"`)}},
			}}}
			got := NewResults(recalled, test.orders).Of(d, step(test.args), Observed{Exists: true, ActorID: "id"})
			if known := got != cty.NilVal; known != test.known || known && !got.RawEquals(cty.StringVal("made")) {
				t.Errorf("the result is %#v", got)
			}
			recalled.Actors[d.Identity()].Steps["action.make"].Output = nil
			got = NewResults(recalled, test.orders).Of(d, step(test.args), Observed{Exists: true, ActorID: "id"})
			if unkept := value.IsUnkept(got); unkept != test.known {
				t.Errorf("not kept, the result is %#v", got)
			}
		})
	}
}
