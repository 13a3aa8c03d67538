package apply_test

import (
	stdcmp "cmp"
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
		gone       bool // as the server said
		fail       error
		outcome    plan.Outcome
		log        string
		remembers  bool
		unsure     bool // whether riveter created it
	}{
		{name: "a pool is created", action: plan.ActionCreate, outcome: plan.OutcomeDone, log: "create pool gpu", remembers: true},
		{name: "a pool is refused", action: plan.ActionCreate, fail: refused, outcome: plan.OutcomeFailed, log: "create pool gpu"},
		{name: "a pool is refused that was there", action: plan.ActionCreate, gone: true, fail: refused, outcome: plan.OutcomeFailed, log: "create pool gpu", remembers: true},
		{name: "a pool may have been created", action: plan.ActionCreate, fail: lost, outcome: plan.OutcomeInDoubt, log: "create pool gpu", remembers: true, unsure: true},
		{name: "somebody else's pool is changed", action: plan.ActionUpdate, outcome: plan.OutcomeDone, log: "update pool gpu"},
		{name: "a change is refused", action: plan.ActionUpdate, remembered: true, fail: refused, outcome: plan.OutcomeFailed, log: "update pool gpu", remembers: true},
		{name: "a pool is deleted", action: plan.ActionDestroy, remembered: true, outcome: plan.OutcomeDone, log: "delete pool gpu"},
		{name: "a pool is not deleted", action: plan.ActionDestroy, remembered: true, fail: refused, outcome: plan.OutcomeFailed, log: "delete pool gpu", remembers: true},
		{name: "a pool is forgotten", action: plan.ActionForget, remembered: true, outcome: plan.OutcomeDone},
		{name: "a namespace is created", kind: address.KindNamespace, action: plan.ActionCreate, outcome: plan.OutcomeDone, log: "create namespace gpu"},
		{name: "a namespace is refused", kind: address.KindNamespace, action: plan.ActionCreate, fail: refused, outcome: plan.OutcomeFailed, log: "create namespace gpu"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				home := address.Address{Kind: stdcmp.Or(tt.kind, address.KindRunnerConfig), Label: "gpu"}
				if tt.remembered {
					w.pools["gpu"] = plan.PoolEntry{Name: "gpu", Created: true}
				}
				w.fail[tt.log] = tt.fail
				head := plan.ChangeHead{Address: home, Action: tt.action}
				pool := &plan.PoolChange{ChangeHead: head, Name: "gpu", After: cty.EmptyObjectVal}
				if tt.gone {
					pool.Gone = &plan.PoolEntry{Name: "gpu", Created: true}
				}
				var c plan.Change = pool
				if home.Kind == address.KindNamespace {
					c = &plan.NamespaceChange{ChangeHead: head, Name: "gpu", DisplayName: "GPU"}
				}
				inside := creation("inside", nil)
				inside.DependsOn = []address.Address{home}
				p := planOf(c, creation("outside", nil), inside)
				got := outcomes(apply.Run(t.Context(), p, w.options()))
				want := map[string]plan.Outcome{"gpu": tt.outcome, "outside": plan.OutcomeDone, "inside": plan.OutcomeDone}
				if tt.fail != nil {
					want["inside"] = plan.OutcomeSkipped
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				if pool, remembers := w.pools["gpu"]; remembers != tt.remembers || pool.Created != (tt.remembers && !tt.unsure) {
					t.Errorf("the ledger remembers: %t, %+v", remembers, pool)
				}
				if sent := slices.DeleteFunc(w.log, func(s string) bool { return !strings.HasSuffix(s, " gpu") }); strings.Join(sent, ", ") != tt.log {
					t.Errorf("sent: %v", sent)
				}
			})
		})
	}
}

// What a run remembers is kept by the id of the namespace, so it must be there first.
func TestTheRunsOwnNamespaceComesBeforeAnythingIsRemembered(t *testing.T) {
	for _, refused := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			own := &plan.NamespaceChange{
				ChangeHead: plan.ChangeHead{Address: address.Address{Kind: address.KindNamespace, Label: "own"}, Action: plan.ActionCreate},
				Name:       "own", Own: true, DisplayName: "Own",
			}
			inside, deeper := creation("inside", []string{"one"}), creation("deeper", nil, "inside")
			inside.DependsOn = []address.Address{own.Address}
			want := []string{"create namespace own", "create actor.a.inside", "call actor.a.inside.action.one", "create actor.a.deeper", "ready id-actor.a.deeper"}
			outcome := plan.OutcomeDone
			if refused {
				w.fail["create namespace own"] = errors.New("refused")
				want, outcome = want[:1], plan.OutcomeSkipped
			}
			var started []string
			o := w.options()
			o.OnEvent = func(e apply.Event) {
				if e, ok := e.(apply.ChangeStarted); ok {
					started = append(started, e.Change.Head().Address.Label)
				}
			}
			report := apply.Run(t.Context(), planOf(own, inside, deeper), o)
			if diff := cmp.Diff(want, w.log); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
			if got := outcomes(report); got["inside"] != outcome || got["deeper"] != outcome || got["inside.one"] != outcome {
				t.Errorf("outcomes: %v", got)
			}
			if started[0] != "own" || len(started) != 3 && !refused {
				t.Errorf("started: %v", started)
			}
			if announced := len(w.announced) > 0; announced == refused {
				t.Errorf("announced: %v", w.announced)
			}
		})
	}
}
