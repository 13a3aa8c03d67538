package apply_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
)

func TestPoolsAndNamespaces(t *testing.T) {
	refused, lost := errors.New("refused"), fmt.Errorf("lost: %w", apply.ErrInDoubt)
	for _, tt := range []struct {
		name       string
		kind       address.Kind
		action     plan.ChangeAction
		remembered bool // before
		fail       error
		outcome    plan.Outcome
		log        string
		remembers  bool
		made       bool // before the run
	}{
		{name: "a pool is created", action: plan.ActionCreate, outcome: plan.OutcomeDone, log: "create pool gpu", remembers: true},
		{name: "a pool is refused", action: plan.ActionCreate, fail: refused, outcome: plan.OutcomeFailed, log: "create pool gpu"},
		{name: "a pool may have been created", action: plan.ActionCreate, fail: lost, outcome: plan.OutcomeInDoubt, log: "create pool gpu", remembers: true},
		{name: "somebody else's pool is changed", action: plan.ActionUpdate, outcome: plan.OutcomeDone, log: "update pool gpu"},
		{name: "a change is refused", action: plan.ActionUpdate, remembered: true, fail: refused, outcome: plan.OutcomeFailed, log: "update pool gpu", remembers: true},
		{name: "a pool is deleted", action: plan.ActionDestroy, remembered: true, outcome: plan.OutcomeDone, log: "delete pool gpu"},
		{name: "a pool is not deleted", action: plan.ActionDestroy, remembered: true, fail: refused, outcome: plan.OutcomeFailed, log: "delete pool gpu", remembers: true},
		{name: "a pool is forgotten", action: plan.ActionForget, remembered: true, outcome: plan.OutcomeDone},
		{name: "a namespace is created", kind: address.KindNamespace, action: plan.ActionCreate, outcome: plan.OutcomeDone, log: "create namespace gpu"},
		{name: "a namespace is refused", kind: address.KindNamespace, action: plan.ActionCreate, fail: refused, outcome: plan.OutcomeFailed, log: "create namespace gpu"},
		{name: "a namespace was made before the run", kind: address.KindNamespace, action: plan.ActionCreate, made: true, outcome: plan.OutcomeDone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				kind := address.KindRunnerConfig
				if tt.kind != "" {
					kind = tt.kind
				}
				home := address.Address{Kind: kind, Label: "gpu"}
				if tt.remembered {
					w.pools["gpu"] = plan.PoolEntry{Name: "gpu", Created: true}
				}
				w.fail[tt.log] = tt.fail
				c := &plan.Change{Address: home, Name: "gpu", Action: tt.action}
				c.Input.After = cty.ObjectVal(map[string]cty.Value{"display_name": cty.StringVal("GPU")})
				inside := creation("inside", nil)
				inside.DependsOn = []address.Address{home}
				p := planOf(c, creation("outside", nil), inside)
				o := w.options()
				if tt.made {
					o.Made = home
				}
				got := outcomes(apply.Run(t.Context(), p, o))
				want := map[string]plan.Outcome{"gpu": tt.outcome, "outside": plan.OutcomeDone, "inside": plan.OutcomeDone}
				if tt.fail != nil {
					want["inside"] = plan.OutcomeSkipped
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				if _, remembers := w.pools["gpu"]; remembers != tt.remembers {
					t.Errorf("the ledger remembers: %t", remembers)
				}
				if sent := slices.DeleteFunc(w.log, func(s string) bool { return !strings.HasSuffix(s, " gpu") }); strings.Join(sent, ", ") != tt.log {
					t.Errorf("sent: %v", sent)
				}
			})
		})
	}
}
