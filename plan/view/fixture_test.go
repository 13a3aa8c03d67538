package view

import (
	"math/big"
	"testing"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/decide"
	"riveter/plan/value"
)

// world is what a plan is built from.
type world struct {
	t *testing.T
	decide.Inputs
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{t, decide.Inputs{
		Mode:     plan.ModeApply,
		Target:   plan.Target{Endpoint: "http://localhost:6420", Namespace: "default", NamespaceID: "ns1"},
		Recalled: &plan.Recalled{Lineage: "lineage", Serial: 7, DigestKey: []byte("key"), Actors: map[plan.Identity]*plan.Entry{}},
		Stats:    plan.Stats{Resolved: 1, Requests: 1, Elapsed: 200 * time.Millisecond},
	}}
}

func (w *world) build() *plan.Plan {
	w.t.Helper()
	p, _ := decide.Plan(w.Inputs)
	return p
}

// actor declares one that does not exist.
func (w *world) actor(addr string, key ...string) *actor {
	w.t.Helper()
	parsed, err := address.Parse(addr)
	if err != nil {
		w.t.Fatal(err)
	}
	d := &plan.Desired{Address: parsed, Key: key, Settings: &plan.Settings{Create: plan.GetOrCreate, OnInputChange: plan.InputWarn}}
	w.Desired = append(w.Desired, d)
	w.Observed = append(w.Observed, plan.Observed{})
	return &actor{t: w.t, world: w, Desired: d, seen: len(w.Observed) - 1}
}

type actor struct {
	*plan.Desired
	t     *testing.T
	world *world
	seen  int
}

func (a *actor) input(expression string) *actor {
	a.Input = val(a.t, expression)
	return a
}

// exists makes the server have the actor.
func (a *actor) exists(id string) *actor {
	a.world.Observed[a.seen] = plan.Observed{
		Exists: true, ActorID: id, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	return a
}

// recalled makes the ledger remember the actor, created by riveter with this input.
func (a *actor) recalled(id, input string) *actor {
	a.t.Helper()
	memo := value.Memo{Absent: true}
	if input != "" {
		memo = remember(a.t, val(a.t, input))
	}
	a.world.Recalled.Actors[a.Identity()] = &plan.Entry{
		Name: a.Address.Name, Key: a.Key, Address: a.Address, ActorID: id, Created: true, Fresh: true, Input: memo, Steps: map[string]*plan.StepMemo{},
	}
	return a
}

// step declares an action with these arguments. The label is the action's name unless call names another.
func (a *actor) step(label, args string, options ...func(*plan.Action)) *actor {
	a.t.Helper()
	address, err := address.ParseStep(a.Address.String() + ".action." + label)
	if err != nil {
		a.t.Fatal(err)
	}
	action := &plan.Action{
		Call: plan.Call{Policy: plan.RunOnce, OnUnknown: plan.UnknownFail}, Name: address.Label, Args: val(a.t, "["+args+"]"),
	}
	for _, option := range options {
		option(action)
	}
	a.Steps = append(a.Steps, &plan.Step{Address: address, Spec: action, Settings: &plan.StepSettings{}})
	return a
}

// fact declares an ensure or expect.
func (a *actor) fact(kind address.StepKind, label, seen, want string) *actor {
	a.t.Helper()
	is, wanted := val(a.t, seen), val(a.t, want)
	s := &plan.Step{Address: a.Address.Step(kind, label, address.InstanceKey{}), Settings: &plan.StepSettings{}}
	if kind == address.StepEnsure {
		s.Spec = &plan.Ensure{Value: is, Want: wanted, Action: "set", Args: cty.TupleVal([]cty.Value{wanted})}
	} else {
		s.Spec = &plan.Expect{Value: is, Want: wanted}
	}
	a.Steps = append(a.Steps, s)
	return a
}

// did makes the ledger remember the last declared step as made with these arguments.
func (a *actor) did(args string, status plan.StepStatus) *actor {
	a.t.Helper()
	entry := a.world.Recalled.Actors[a.Identity()]
	s := a.Steps[len(a.Steps)-1]
	entry.Steps[s.Address.Relative()] = &plan.StepMemo{
		ActorID: entry.ActorID, Status: status, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Args: sent(a.t, s.Spec.(*plan.Action).Name, val(a.t, "["+args+"]")),
	}
	return a
}

func calls(name string) func(*plan.Action) { return func(a *plan.Action) { a.Name = name } }

func runs(policy plan.Policy) func(*plan.Action) { return func(a *plan.Action) { a.Policy = policy } }

func sent(t *testing.T, action string, args cty.Value) value.Memo {
	t.Helper()
	memo, err := (&plan.Step{Spec: &plan.Action{Name: action, Args: args}}).Remember([]byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	return memo
}

func remember(t *testing.T, v cty.Value) value.Memo {
	t.Helper()
	memo, err := value.Remember([]byte("key"), v)
	if err != nil {
		t.Fatal(err)
	}
	return memo
}

// value evaluates an expression that may refer to unknown, and to secret, a sensitive string.
func val(t *testing.T, expression string) cty.Value {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(expression), "test.hcl", hcl2.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := expr.Value(&hcl2.EvalContext{
		Variables: map[string]cty.Value{
			"unknown":        cty.DynamicVal,
			"secret":         cty.StringVal("hunter2").Mark(value.Sensitive),
			"sensitive_list": cty.TupleVal([]cty.Value{cty.StringVal("hunter2")}).Mark(value.Sensitive),
			"undefined":      value.Undefined,
			"big":            value.BigInt(new(big.Int).Exp(big.NewInt(2), big.NewInt(70), nil)),
			"bytes":          value.Bytes([]byte("hello")),
			"date":           value.Date(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		},
	})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return v
}
