package operate_test

import (
	"testing"

	"riveter/internal/operate"
	"riveter/plan"
)

// The actor that keeps the ledger stays, whoever made it and whatever a memory from before says of it.
func TestTheActorThatKeepsTheLedgerOutlivesItsMemory(t *testing.T) {
	t.Parallel()
	const kept = "actor \"counter\" \"kept\" { key = \"kept\" }\n"
	const other = "actor \"counter\" \"other\" { key = \"other\" }\n"
	for name, tt := range map[string]struct {
		after string
		mode  plan.Mode
		prune bool
	}{
		"forgotten": {other, plan.ModeApply, false},
		"pruned":    {other, plan.ModeApply, true},
		"removed":   {other + "removed {\n  from = actor.counter.kept\n  destroy = true\n}\n", plan.ModeApply, false},
		"destroyed": {other, plan.ModeDestroy, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, kept+other)
			w.applied()
			w.keeper = &operate.Keeper{Identity: plan.IdentityOf("counter", []string{"kept"}), Namespace: "default"}
			w.write(tt.after)
			w.plans.Mode, w.plans.Orders.Prune = tt.mode, tt.prune
			w.applied()
			want := []string{"kept", "other"}
			if tt.mode == plan.ModeDestroy {
				want = want[:1]
			}
			w.equal(w.keys("counter"), want)
		})
	}
}
