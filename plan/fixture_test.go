package plan

import (
	"slices"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

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
func declare(t *testing.T, addr string, steps ...*Step) *Desired {
	t.Helper()
	a := at(t, addr)
	for _, s := range steps {
		s.Address.Actor = a
	}
	return &Desired{
		Address: a, Key: []string{"a"}, Steps: steps,
		Settings: &Settings{Create: GetOrCreate, OnInputChange: InputWarn},
	}
}

// action returns a step named seed with these arguments.
func action(t *testing.T, args string, policy Policy) *Step {
	t.Helper()
	return &Step{
		Address:  address.StepAddress{Kind: address.StepAction, Label: "seed"},
		Spec:     &Action{Call: Call{Policy: policy, OnUnknown: UnknownFail}, Name: "seed", Args: parse(t, args)},
		Settings: &StepSettings{},
	}
}

// remembered returns the memory of the actor id1, which riveter created for d.
func remembered(t *testing.T, d *Desired) *Entry {
	t.Helper()
	return &Entry{
		Name: d.Address.Name, Key: d.Key, Address: d.Address, ActorID: "id1", Created: true, Fresh: true,
		Input: memo(t, d.Input), Steps: map[string]*StepMemo{},
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
func made(t *testing.T, s *Step, args string, status StepStatus) *StepMemo {
	t.Helper()
	before := *s
	before.Spec = s.Spec.copied()
	before.Spec.(*Action).Args = parse(t, args)
	m, err := before.Remember(digestKey)
	if err != nil {
		t.Fatal(err)
	}
	return &StepMemo{ActorID: "id1", Status: status, Args: m, At: someTime}
}

// inputs returns what a plan for d alone is built from; entry may be nil.
func inputs(d *Desired, seen Observed, entry *Entry) Inputs {
	recalled := &Recalled{Lineage: "lineage", Serial: 3, DigestKey: digestKey, Actors: map[Identity]*Entry{}}
	if entry != nil {
		recalled.Actors[entry.Identity()] = entry
	}
	return Inputs{Mode: ModeApply, Desired: []*Desired{d}, Observed: []Observed{seen}, Recalled: recalled}
}

func present(actorID string) Observed {
	return Observed{Exists: true, ActorID: actorID, CreatedAt: someTime}
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
func changed(p *Plan) *ActorChange { return p.Changes[0].(*ActorChange) }
