package apply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/apply"
	"riveter/plan"
)

// TestWhetherACreatedActorStarts has the ways in which a created actor starts or does not, by what it is asked.
func TestWhetherACreatedActorStarts(t *testing.T) {
	crashed := fmt.Errorf("%w: bad input", apply.ErrStartFailed)
	never := fmt.Errorf("%w within 90s: no_envoys", apply.ErrNotStarted)
	for _, tt := range []struct {
		name    string
		steps   []string
		limited bool // the call has a time limit of its own
		late    bool
		start   error
		keep    bool

		want      []string // operations after the creation
		change    plan.Outcome
		step      plan.Outcome
		recorded  plan.StepStatus
		forgotten bool
		waiting   int // times that it is said
	}{
		{name: "the first call is the question", steps: []string{"one"}, want: []string{"call"}, change: plan.OutcomeDone, step: plan.OutcomeDone, recorded: plan.StepDone},
		{name: "without a call it is asked apart", want: []string{"ready"}, change: plan.OutcomeDone},
		{name: "time for the call is not for the start", steps: []string{"one"}, limited: true, want: []string{"ready", "call"}, change: plan.OutcomeDone, step: plan.OutcomeDone, recorded: plan.StepDone},
		{name: "late, with a call", steps: []string{"one"}, late: true, want: []string{"ready", "call"}, change: plan.OutcomeDone, step: plan.OutcomeDone, recorded: plan.StepDone, waiting: 1},
		{name: "late, without a call", late: true, want: []string{"ready"}, change: plan.OutcomeDone, waiting: 1},
		{name: "crashed, with a call", steps: []string{"one"}, start: crashed, want: []string{"ready", "destroy"}, change: plan.OutcomeFailed, step: plan.OutcomeSkipped, recorded: plan.StepStarted, forgotten: true},
		{name: "crashed, without a call", start: crashed, want: []string{"ready", "destroy"}, change: plan.OutcomeFailed, forgotten: true},
		{name: "crashed, and to be kept", steps: []string{"one"}, start: crashed, keep: true, want: []string{"ready"}, change: plan.OutcomeFailed, step: plan.OutcomeSkipped, recorded: plan.StepFailed},
		{name: "never, with a call", steps: []string{"one"}, start: never, want: []string{"ready"}, change: plan.OutcomeFailed, step: plan.OutcomeSkipped, recorded: plan.StepFailed},
		{name: "never, without a call", start: never, want: []string{"ready"}, change: plan.OutcomeFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.late["id-actor.a.a"] = tt.late
				if tt.start != nil {
					w.fail["ready id-actor.a.a"] = tt.start
				}
				c := creation("a", tt.steps)
				if tt.limited {
					c.Desired.Settings.CallTimeout = time.Second
				}
				o, waiting := w.options(), 0
				o.KeepFailed = tt.keep
				o.OnEvent = func(e apply.Event) {
					if _, ok := e.(apply.Waiting); ok {
						waiting++
					}
				}
				report := apply.Run(t.Context(), planOf(c), o)
				var did []string
				for _, operation := range w.log[1:] {
					did = append(did, strings.Fields(operation)[0])
				}
				if diff := cmp.Diff(tt.want, did); diff != "" {
					t.Errorf("operations (-want +got):\n%s", diff)
				}
				result := report.Changes[0]
				if result.Outcome != tt.change || len(tt.steps) > 0 && result.Steps[0].Outcome != tt.step {
					t.Errorf("%+v", result)
				}
				if tt.start != nil && !strings.Contains(fmt.Sprint(result.Err), tt.start.Error()) {
					t.Errorf("the error is %v", result.Err)
				}
				if got := w.steps["actor.a.a.action.one"]; got != tt.recorded {
					t.Errorf("recorded: %q", got)
				}
				if forgotten := len(w.entries) == 0; forgotten != tt.forgotten {
					t.Errorf("forgotten: %t", forgotten)
				}
				if waiting != tt.waiting {
					t.Errorf("said to be waiting %d times", waiting)
				}
			})
		})
	}
}

// TestASlowFirstCallIsWatched looks at an actor whose first call takes very long, and leaves the call alone. One that takes as long
// as with a busy engine is no reason to ask it more.
func TestASlowFirstCallIsWatched(t *testing.T) {
	for slow, watched := range map[time.Duration]bool{time.Second: false, 4 * time.Second: false, 8 * time.Second: true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.slow = slow
			report := apply.Run(t.Context(), planOf(creation("a", []string{"one"})), w.options())
			if slices.Contains(w.log, "ready id-actor.a.a") != watched || report.Failed() {
				t.Errorf("%s: %v: %v", slow, w.log, outcomes(report))
			}
		})
	}
}
