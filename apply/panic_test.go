package apply_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
)

// panicky is a world in which one thing goes wrong in riveter's own code.
type panicky struct {
	*world
	at string
}

func (p panicky) wrong(at string) {
	if at == p.at {
		panic("the value hunter2 is none")
	}
}

func (p panicky) Create(ctx context.Context, d *plan.Desired) (apply.Created, error) {
	p.wrong("create " + d.Address.Label)
	return p.world.Create(ctx, d)
}

func (p panicky) Call(ctx context.Context, id string, d *plan.Desired, s *plan.Step, matches apply.EventMatcher) (cty.Value, error) {
	p.wrong("call " + s.Address.Label)
	return p.world.Call(ctx, id, d, s, matches)
}

func (p panicky) SettleStep(s address.StepAddress, output cty.Value) {
	p.wrong("settle " + s.Label)
	p.world.SettleStep(s, output)
}

func (p panicky) Settle(a address.Address, _ string, _ bool, _ time.Time) { p.wrong("made " + a.Label) }

func TestPanicIsTheFailureOfOneChange(t *testing.T) {
	tests := []struct {
		at    string
		want  map[string]plan.Outcome // of what is not done
		steps map[string]plan.StepStatus
	}{
		{"create a", map[string]plan.Outcome{"a": plan.OutcomeFailed, "a.one": plan.OutcomeSkipped, "a.two": plan.OutcomeSkipped}, nil},
		{"made a", map[string]plan.Outcome{"a": plan.OutcomeFailed, "a.one": plan.OutcomeSkipped, "a.two": plan.OutcomeSkipped}, nil},
		{
			"call one",
			map[string]plan.Outcome{"a": plan.OutcomeInDoubt, "a.one": plan.OutcomeInDoubt, "a.two": plan.OutcomeSkipped},
			map[string]plan.StepStatus{"actor.a.a.action.one": plan.StepStarted},
		},
		{
			"settle one",
			map[string]plan.Outcome{"a": plan.OutcomeFailed, "a.one": plan.OutcomeFailed, "a.two": plan.OutcomeSkipped},
			map[string]plan.StepStatus{"actor.a.a.action.one": plan.StepDone},
		},
	}
	for _, tt := range tests {
		t.Run(tt.at, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				p := planOf(creation("a", []string{"one", "two"}), creation("b", nil, "a"), creation("c", []string{"three"}))
				actor(p).Steps[0].Desired.Settings.KeepOutput = true
				wrong := panicky{w, tt.at}
				o := apply.Options{Executor: wrong, Resolver: wrong, Ledger: w, Redact: func(text string) string {
					return strings.ReplaceAll(text, "hunter2", "(sensitive)")
				}}
				report := apply.Run(t.Context(), p, o)
				want := map[string]plan.Outcome{"b": plan.OutcomeSkipped, "c": plan.OutcomeDone, "c.three": plan.OutcomeDone}
				maps.Copy(want, tt.want)
				if diff := cmp.Diff(want, outcomes(report)); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
				delete(w.steps, "actor.a.c.action.three")
				if len(w.steps) != len(tt.steps) || cmp.Diff(tt.steps, w.steps) != "" && len(tt.steps) > 0 {
					t.Errorf("the ledger says %v", w.steps)
				}
				checkPanic(t, errors.Join(report.Changes[0].Err, report.Changes[0].Steps[0].Err))
			})
		})
	}
}

// checkPanic holds an error to what is to be reported: what is wrong, without secrets, and where.
func checkPanic(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*apply.PanicError](err); !ok {
		t.Fatalf("the error is %v", err)
	}
	for _, want := range []string{"a bug in riveter", "the value (sensitive) is none", "panicky.wrong (panic_test.go:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %s", want, err)
		}
	}
}
