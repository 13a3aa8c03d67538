package plan

import "testing"

func TestReportFailsWithAnyOfItsParts(t *testing.T) {
	for _, outcome := range []Outcome{OutcomeDone, OutcomeFailed, OutcomeSkipped, OutcomeNotStarted, OutcomeInDoubt} {
		done := Result{Outcome: OutcomeDone}
		change := Report{Changes: []ChangeResult{{Result: done}, {Result: Result{Outcome: outcome}}}}
		step := Report{Changes: []ChangeResult{{Result: done, Steps: []Result{done, {Outcome: outcome}}}}}
		if want := outcome != OutcomeDone; change.Failed() != want || step.Failed() != want {
			t.Errorf("%s: got %t for a change and %t for a step", outcome, change.Failed(), step.Failed())
		}
	}
	if new(Report).Failed() {
		t.Error("a report of nothing failed")
	}
}
