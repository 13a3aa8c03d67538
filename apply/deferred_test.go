package apply_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"riveter/apply"
	"riveter/plan"
)

// TestDeferredStepsAreMadeWhenTheirTurnComes runs an actor whose middle step is deferred.
func TestDeferredStepsAreMadeWhenTheirTurnComes(t *testing.T) {
	for name, tt := range map[string]struct {
		instances []string
		decisions map[string]plan.Decision
		fail      string
		outcomes  []plan.Outcome
		calls     []string
	}{
		"each": {
			[]string{"a", "b"}, nil, "", []plan.Outcome{plan.OutcomeDone, plan.OutcomeDone, plan.OutcomeDone}, []string{"first", `each["a"]`, `each["b"]`, "last"},
		},
		"only what is due": {
			[]string{"a", "b"},
			map[string]plan.Decision{"a": plan.DecisionDone},
			"",
			[]plan.Outcome{plan.OutcomeDone, plan.OutcomeDone, plan.OutcomeDone},
			[]string{"first", `each["b"]`, "last"},
		},
		"one fails": {
			[]string{"a", "b"}, nil, `each["a"]`, []plan.Outcome{plan.OutcomeDone, plan.OutcomeFailed, plan.OutcomeSkipped}, []string{"first", `each["a"]`},
		},
		"one is in doubt": {
			[]string{"a"},
			map[string]plan.Decision{"a": plan.DecisionUnknown},
			"",
			[]plan.Outcome{plan.OutcomeDone, plan.OutcomeFailed, plan.OutcomeSkipped},
			[]string{"first"},
		},
		"still not known": {nil, nil, "", []plan.Outcome{plan.OutcomeDone, plan.OutcomeFailed, plan.OutcomeSkipped}, []string{"first"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				c := creation("x", []string{"first", "each", "last"})
				deferred := c.Steps[1]
				deferred.Desired.Deferred, deferred.Conditional = true, true
				deferred.Instance = func(now *plan.Step) *plan.StepChange {
					key, _ := now.Address.Key.Text()
					decision := plan.DecisionRun
					if d, ok := tt.decisions[key]; ok {
						decision = d
					}
					return &plan.StepChange{Address: now.Address, Desired: now, Decision: decision}
				}
				w.instances = map[string][]string{deferred.Address.String(): tt.instances}
				w.fail["call actor.a.x.action."+tt.fail] = errors.New("refused")
				report := apply.Run(t.Context(), planOf(c), w.options())
				var outcomes []plan.Outcome
				for _, r := range report.Changes[0].Steps {
					outcomes = append(outcomes, r.Outcome)
				}
				if diff := cmp.Diff(tt.outcomes, outcomes); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				var calls []string
				for _, line := range slices.DeleteFunc(w.log, func(s string) bool { return !strings.HasPrefix(s, "call ") }) {
					calls = append(calls, strings.TrimPrefix(line, "call actor.a.x.action."))
				}
				if diff := cmp.Diff(tt.calls, calls); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
				made := 0
				for _, call := range calls {
					if strings.HasPrefix(call, "each") && call != tt.fail {
						made++
					}
				}
				if got := report.Changes[0].Steps[1].Made; got != made {
					t.Errorf("%d instances count as made, not %d", got, made)
				}
			})
		})
	}
}
