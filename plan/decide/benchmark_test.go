package decide

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Planning is linear: compare what one actor takes at both sizes, and what of it stays in memory.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		for name, in := range map[string]Inputs{"create": manyActors(b, n, false), "unchanged": manyActors(b, n, true)} {
			b.Run(fmt.Sprintf("%s/actors=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if p := build(b, in); p.Summary().HasWork() == (name == "unchanged") {
						b.Fatal("another plan than was meant")
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/actor")
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				p := build(b, in)
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(p)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "kept-B/actor")
			})
		}
	}
}

func build(b *testing.B, in Inputs) *plan.Plan {
	b.Helper()
	p, diags := Plan(in)
	if diags.HasErrors() {
		b.Fatal(diags)
	}
	return p
}

// manyActors are actors with an input and a call each, which were all made, or none of them.
func manyActors(tb testing.TB, n int, made bool) Inputs {
	tb.Helper()
	in := Inputs{Mode: plan.ModeApply, Observed: make([]plan.Observed, n), Recalled: &plan.Recalled{Serial: 1, DigestKey: digestKey, Actors: map[plan.Identity]*plan.Entry{}}}
	settings := &plan.Settings{Create: plan.GetOrCreate, OnInputChange: plan.InputWarn}
	for i := range n {
		a := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room", Key: address.NumberKey(i)}
		d := &plan.Desired{
			Address: a, Key: []string{"org", fmt.Sprint(i)}, Settings: settings,
			Input: cty.ObjectVal(map[string]cty.Value{"topic": cty.StringVal(fmt.Sprint("Topic ", i)), "limit": cty.NumberIntVal(int64(i))}),
			Steps: []*plan.Step{{
				Address:  a.Step(address.StepAction, "welcome", address.InstanceKey{}),
				Spec:     &plan.Action{Call: plan.Call{Policy: plan.RunOnChange}, Name: "welcome", Args: cty.TupleVal([]cty.Value{cty.StringVal("hello"), cty.NumberIntVal(int64(i))})},
				Settings: &plan.StepSettings{},
			}},
		}
		in.Desired = append(in.Desired, d)
		if made {
			in.Observed[i] = plan.Observed{Exists: true, ActorID: fmt.Sprintf("%030d", i)}
			in.Recalled.Actors[d.Identity()] = entryOf(tb, d, in.Observed[i].ActorID)
		}
	}
	return in
}

// entryOf is what the ledger has of an actor of which everything is done.
func entryOf(tb testing.TB, d *plan.Desired, id string) *plan.Entry {
	tb.Helper()
	input, err := value.Remember(digestKey, d.Input)
	if err != nil {
		tb.Fatal(err)
	}
	args, err := d.Steps[0].Remember(digestKey)
	if err != nil {
		tb.Fatal(err)
	}
	return &plan.Entry{
		Name: d.Address.Name, Key: d.Key, Address: d.Address, ActorID: id, Created: true, Fresh: true, Input: input,
		Steps: map[string]*plan.StepMemo{d.Steps[0].Address.Relative(): {ActorID: id, Status: plan.StepDone, Args: args}},
	}
}
