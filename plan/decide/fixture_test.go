package decide

import (
	"slices"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

var (
	digestKey = []byte("a key for tests")
	someTime  = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

// parse evaluates an expression that may refer to unknown, and to secret, a sensitive string.
func parse(t *testing.T, expression string) cty.Value {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(expression), "test.hcl", hcl2.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := expr.Value(&hcl2.EvalContext{Variables: map[string]cty.Value{
		"unknown": cty.DynamicVal,
		"secret":  cty.StringVal("hunter2").Mark(value.Sensitive),
	}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return v
}

func at(t *testing.T, s string) address.Address {
	t.Helper()
	a, err := address.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// declare returns a declared actor with the key ["a"].
func declare(t *testing.T, addr string, steps ...*plan.Step) *plan.Desired {
	t.Helper()
	a := at(t, addr)
	for _, s := range steps {
		s.Address.Actor = a
	}
	return &plan.Desired{
		Address: a, Key: []string{"a"}, Steps: steps,
		Settings: &plan.Settings{Create: plan.GetOrCreate, OnInputChange: plan.InputWarn},
	}
}

// action returns a step named seed with these arguments.
func action(t *testing.T, args string, policy plan.Policy) *plan.Step {
	t.Helper()
	return &plan.Step{
		Address:  address.StepAddress{Kind: address.StepAction, Label: "seed"},
		Spec:     &plan.Action{Call: plan.Call{Policy: policy, OnUnknown: plan.UnknownFail}, Name: "seed", Args: parse(t, args)},
		Settings: &plan.StepSettings{},
	}
}

// remembered returns the memory of the actor id1, which riveter created for d.
func remembered(t *testing.T, d *plan.Desired) *plan.Entry {
	t.Helper()
	return &plan.Entry{
		Name: d.Address.Name, Key: d.Key, Address: d.Address, ActorID: "id1", Created: true, Fresh: true,
		Input: memo(t, d.Input), Steps: map[string]*plan.StepMemo{},
	}
}

func memo(t *testing.T, v cty.Value) value.Memo {
	t.Helper()
	m, err := value.Remember(digestKey, v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// made returns the memory of the step on the actor id1.
func made(t *testing.T, s *plan.Step, args string, status plan.StepStatus) *plan.StepMemo {
	t.Helper()
	before, spec := *s, *s.Spec.(*plan.Action)
	spec.Args = parse(t, args)
	before.Spec = &spec
	m, err := before.Remember(digestKey)
	if err != nil {
		t.Fatal(err)
	}
	return &plan.StepMemo{ActorID: "id1", Status: status, Args: m, At: someTime}
}

// memoOf is what is remembered of the arguments of a call that was made with these.
func memoOf(t *testing.T, args string) *value.Memo {
	t.Helper()
	return &made(t, action(t, args, plan.RunOnce), args, plan.StepStarted).Args
}

// inputs returns what a plan for d alone is built from; entry may be nil.
func inputs(d *plan.Desired, seen plan.Observed, entry *plan.Entry) Inputs {
	recalled := &plan.Recalled{Lineage: "lineage", Serial: 3, DigestKey: digestKey, Actors: map[plan.Identity]*plan.Entry{}}
	if entry != nil {
		recalled.Actors[entry.Identity()] = entry
	}
	return Inputs{Mode: plan.ModeApply, Desired: []*plan.Desired{d}, Observed: []plan.Observed{seen}, Recalled: recalled}
}

func present(actorID string) plan.Observed {
	return plan.Observed{Exists: true, ActorID: actorID, CreatedAt: someTime}
}

func presentSince(at time.Time) plan.Observed {
	return plan.Observed{Exists: true, ActorID: "id1", CreatedAt: at}
}

// cutOff makes a memory that of a creation of which nobody heard, which may have happened in the minute after someTime.
func cutOff(e *plan.Entry) {
	e.ActorID, e.LastApplied, e.Tried, e.Until = "", someTime, someTime, someTime.Add(time.Minute)
}

// withInput is an actor that was created in that minute, and has said with which input.
func withInput(t *testing.T, input cty.Value) plan.Observed {
	t.Helper()
	o := presentSince(someTime)
	o.Input = memo(t, input)
	return o
}

func summaries(diags hcl2.Diagnostics) []string {
	var list []string
	for _, d := range diags {
		list = append(list, d.Summary)
	}
	slices.Sort(list)
	return list
}

// changed returns the first change of a plan, which is of an actor.
func changed(p *plan.Plan) *plan.ActorChange { return p.Changes[0].(*plan.ActorChange) }
