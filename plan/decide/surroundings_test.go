package decide

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

func TestBuildDecidesPools(t *testing.T) {
	const declared = `{ default = { serverless = { max_runners = 2, headers = { a = "x" } } } }`
	tests := []struct {
		name     string
		mode     plan.Mode
		seen     string // empty: there is no such pool
		created  bool   // as the ledger remembers
		known    bool   // to the ledger
		left     bool   // it is not declared any more
		prune    bool
		action   plan.ChangeAction // empty: there is no change
		reason   string
		problems []string
	}{
		{name: "absent", action: plan.ActionCreate, reason: plan.ReasonAbsent},
		{name: "the same, with what the server adds", seen: `{ default = { serverless = { max_runners = 2, headers = { a = "x" }, more = 1 }, protocol = 8 }, other = {} }`, action: plan.ActionNoOp},
		{name: "a header that is not written any more", seen: `{ default = { serverless = { max_runners = 2, headers = { a = "x", b = "y" } } } }`, action: plan.ActionUpdate, reason: "its settings differ"},
		{name: "a header that is not there", seen: `{ default = { serverless = { max_runners = 2, headers = {} } } }`, action: plan.ActionUpdate, reason: "its settings differ"},
		{name: "other settings", seen: `{ default = { serverless = { max_runners = 3, headers = { a = "x" } } } }`, action: plan.ActionUpdate, reason: "its settings differ"},
		{name: "run in another way", seen: `{ default = { normal = {} } }`, action: plan.ActionUpdate, reason: "its settings differ"},
		{name: "not declared any more", left: true, known: true, created: true, seen: declared, action: plan.ActionForget, reason: "it is not declared any more; the pool itself stays"},
		{name: "not declared any more, and pruned", left: true, known: true, created: true, prune: true, seen: declared, action: plan.ActionDestroy, reason: "it is not declared any more"},
		{name: "not declared any more, and somebody else's", left: true, known: true, prune: true, seen: declared, action: plan.ActionForget, reason: "it is not declared any more; the pool itself stays"},
		{name: "not declared any more, and gone", left: true, known: true, created: true, prune: true, action: plan.ActionForget, reason: "it does not exist any more"},
		{name: "destroyed", mode: plan.ModeDestroy, known: true, created: true, seen: declared, action: plan.ActionDestroy, reason: plan.ReasonCreated},
		{name: "destroyed, and somebody else's", mode: plan.ModeDestroy, seen: declared, action: plan.ActionNoOp, reason: "riveter did not create it"},
		{name: "destroyed, and in doubt", mode: plan.ModeDestroy, known: true, seen: declared, action: plan.ActionNoOp, reason: "riveter was to create it and never heard how that ended, so it may be somebody else's"},
		{name: "destroyed, and gone", mode: plan.ModeDestroy, known: true, created: true, action: plan.ActionForget, reason: "it does not exist any more"},
		{name: "destroyed, and never there", mode: plan.ModeDestroy},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &plan.DesiredRunnerConfig{Address: address.Address{Kind: address.KindRunnerConfig, Label: "gpu"}, Datacenters: parse(t, declared)}
			in := Inputs{Mode: plan.ModeApply, Recalled: &plan.Recalled{Pools: map[string]*plan.PoolEntry{}}, Surroundings: plan.Surroundings{Pools: map[string]cty.Value{}}}
			if tt.mode != "" {
				in.Mode = tt.mode
			}
			if !tt.left {
				in.RunnerConfigs = []*plan.DesiredRunnerConfig{d}
			}
			if tt.known {
				in.Recalled.Pools["gpu"] = &plan.PoolEntry{Name: "gpu", Address: d.Address, Created: tt.created}
			}
			if tt.seen != "" {
				in.Surroundings.Pools["gpu"] = parse(t, tt.seen)
			}
			in.Orders.Prune = tt.prune
			p, diags := Plan(in)
			got := &plan.PoolChange{}
			if len(p.Changes) > 0 {
				got = p.Changes[0].(*plan.PoolChange)
			}
			if got.Action != tt.action || got.Reason != tt.reason {
				t.Errorf("got %s (%s)", got.Action, got.Reason)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestActorsComeAfterWhatTheyLiveIn(t *testing.T) {
	actor := declare(t, "actor.counter.a")
	namespace := &plan.DesiredNamespace{Address: address.Address{Kind: address.KindNamespace, Label: "staging"}, Name: "staging", DisplayName: "Staging"}
	in := inputs(actor, plan.Observed{}, nil)
	in.Namespaces, in.Target.Namespace = []*plan.DesiredNamespace{namespace}, "staging"
	p, _ := Plan(in)
	if p.Changes[0].Head().Action != plan.ActionCreate || !slices.Equal(p.Changes[0].Head().DependsOn, []address.Address{namespace.Address}) {
		t.Errorf("the actor comes after %v", p.Changes[0].Head().DependsOn)
	}
	in.Surroundings.Namespaces = map[string]string{"staging": "Testing"}
	p, diags := Plan(in)
	if len(p.Changes[0].Head().DependsOn) > 0 || p.Changes[1].Head().Action != plan.ActionNoOp {
		t.Errorf("got %+v", p.Changes)
	}
	if diff := cmp.Diff([]string{"Namespace has another display name"}, summaries(diags)); diff != "" {
		t.Error(diff)
	}
}

func TestAHeaderThatIsNotWrittenAnyMoreIsShownAsASecret(t *testing.T) {
	b := &builder{Inputs: Inputs{Surroundings: plan.Surroundings{Pools: map[string]cty.Value{
		"gpu": parse(t, `{ default = { serverless = { headers = { a = "x", b = "y" } } } }`),
	}}}}
	c := b.pool(&plan.DesiredRunnerConfig{
		Address:     address.Address{Kind: address.KindRunnerConfig, Label: "gpu"},
		Datacenters: parse(t, `{ default = { serverless = { headers = { a = "x" } } } }`),
	})
	headers := c.Before.GetAttr("default").GetAttr("serverless").GetAttr("headers")
	if headers.GetAttr("a").IsMarked() || !headers.GetAttr("b").HasMark(value.Sensitive) {
		t.Errorf("headers are %#v", headers)
	}
}

func TestActorsComeAfterTheirOwnPool(t *testing.T) {
	pool := func(name string) *plan.DesiredRunnerConfig {
		return &plan.DesiredRunnerConfig{Address: address.Address{Kind: address.KindRunnerConfig, Label: name}, Datacenters: parse(t, "{}")}
	}
	cpu, gpu := pool("cpu"), pool("gpu")
	own := &plan.DesiredNamespace{Address: address.Address{Kind: address.KindNamespace, Label: "stage"}, Name: "staging"}
	for _, tt := range []struct {
		pool   string
		target string
		after  []address.Address
	}{
		{pool: "gpu", after: []address.Address{gpu.Address, own.Address}},
		{pool: "other", after: []address.Address{own.Address}},
		{pool: "", after: []address.Address{cpu.Address, own.Address}},
		{pool: "gpu", target: "actor.counter.a", after: []address.Address{gpu.Address, own.Address}},
	} {
		actor := declare(t, "actor.counter.a")
		actor.Settings.Pool = tt.pool
		in := inputs(actor, plan.Observed{}, nil)
		in.Target.Namespace, in.Pool = "staging", "cpu"
		in.Namespaces, in.RunnerConfigs = []*plan.DesiredNamespace{own, {Address: address.Address{Kind: address.KindNamespace, Label: "other"}, Name: "other"}}, []*plan.DesiredRunnerConfig{cpu, gpu}
		changes := 5
		if tt.target != "" {
			pattern, err := address.ParsePattern(tt.target)
			if err != nil {
				t.Fatal(err)
			}
			in.Orders.Target, changes = []address.Pattern{pattern}, 3
		}
		p, _ := Plan(in)
		want := slices.SortedFunc(slices.Values(tt.after), address.Address.Compare)
		if got := p.Changes[0].Head().DependsOn; !slices.Equal(want, got) || len(p.Changes) != changes {
			t.Errorf("pool %q, -target=%s: %d changes, after %v", tt.pool, tt.target, len(p.Changes), got)
		}
		for _, c := range p.Changes {
			if pool, ok := c.(*plan.PoolChange); ok && !slices.Equal(pool.DependsOn, []address.Address{own.Address}) {
				t.Errorf("%s comes after %v", pool.Address, pool.DependsOn)
			}
		}
	}
}
