package transition

import (
	"fmt"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// What enters a digest costs as much as it is, and what stays as it is next to nothing.
func BenchmarkOf(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		for _, action := range []plan.ChangeAction{plan.ActionCreate, plan.ActionNoOp} {
			p := many(n, action)
			b.Run(fmt.Sprintf("%s/changes=%d", action, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Of(p, plan.Orders{}, &plan.Recalled{}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/change")
			})
		}
	}
}

// many is a plan that does the same about actors with a call each.
func many(n int, action plan.ChangeAction) *plan.Plan {
	p := &plan.Plan{Mode: plan.ModeApply}
	for i := range n {
		a := address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room", Key: address.NumberKey(i)}
		c := &plan.ActorChange{ChangeHead: plan.ChangeHead{Address: a, Action: action}, Name: a.Name, Key: []string{"org", fmt.Sprint(i)}}
		c.Input.After = cty.ObjectVal(map[string]cty.Value{"topic": cty.StringVal(fmt.Sprint("Topic ", i)), "limit": cty.NumberIntVal(int64(i))})
		s := call(c, "welcome", cty.StringVal("hello"), cty.NumberIntVal(int64(i)))
		s.Desired.ID = fmt.Sprintf("5d9a1c1e-6f0b-5c52-9a3e-%012d", i)
		if action == plan.ActionNoOp {
			c.ActorID, c.CreatedAt, s.Decision = fmt.Sprintf("%030d", i), time.UnixMilli(1764140000000+int64(i)), plan.DecisionDone
		}
		p.Changes = append(p.Changes, c)
	}
	return p
}
