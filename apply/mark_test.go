package apply_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"riveter/apply"
	"riveter/plan"
)

// TestWhatIsMarkedIsRecordedWhateverElseFails marks the second step of three as done.
func TestWhatIsMarkedIsRecordedWhateverElseFails(t *testing.T) {
	stays := func(c *plan.ActorChange) { c.Action, c.ActorID = plan.ActionUpdate, "id" }
	cases := map[string]struct {
		arrange func(*world, *plan.ActorChange, *apply.Options)
		want    plan.StepStatus
		outcome plan.Outcome
	}{
		"a step before it fails": {func(w *world, c *plan.ActorChange, _ *apply.Options) {
			stays(c)
			w.fail["call actor.a.b.action.one"] = errors.New("no")
		}, plan.StepDone, plan.OutcomeDone},
		"a step before it fails, of an actor that was created": {func(w *world, _ *plan.ActorChange, _ *apply.Options) {
			w.fail["call actor.a.b.action.one"] = errors.New("no")
		}, plan.StepDone, plan.OutcomeDone},
		"what the actor depends on fails": {func(w *world, c *plan.ActorChange, _ *apply.Options) {
			stays(c)
			w.fail["create actor.a.a"] = errors.New("no")
		}, plan.StepDone, plan.OutcomeDone},
		"what is adopted depends on fails": {func(w *world, c *plan.ActorChange, _ *apply.Options) {
			stays(c)
			c.Action, c.Adopt = plan.ActionAdopt, &plan.Entry{Name: "a", Key: []string{"b"}, ActorID: "id"}
			w.fail["create actor.a.a"] = errors.New("no")
		}, plan.StepDone, plan.OutcomeDone},
		"the run is stopped": {func(_ *world, c *plan.ActorChange, o *apply.Options) {
			stays(c)
			stop := make(chan struct{})
			close(stop)
			o.Stop = stop
		}, plan.StepDone, plan.OutcomeDone},
		"the actor cannot be created": {func(w *world, _ *plan.ActorChange, _ *apply.Options) {
			w.fail["create actor.a.b"] = errors.New("no")
		}, "", plan.OutcomeSkipped},
		"the actor that was to be created is not": {func(w *world, _ *plan.ActorChange, _ *apply.Options) {
			w.fail["create actor.a.a"] = errors.New("no")
		}, "", plan.OutcomeSkipped},
		"the actor cannot be destroyed to be replaced": {func(w *world, c *plan.ActorChange, _ *apply.Options) {
			c.Action, c.ActorID = plan.ActionReplace, "id"
			w.fail["destroy id"] = errors.New("no")
		}, "", plan.OutcomeSkipped},
		"the ledger cannot be written": {func(w *world, c *plan.ActorChange, _ *apply.Options) {
			stays(c)
			w.broken["started"] = errors.New("the disk is full")
		}, "", plan.OutcomeFailed},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				o := w.options()
				c := creation("b", []string{"one", "two", "three"}, "a")
				c.Steps[1].Decision, c.Steps[1].MarkDone = plan.DecisionDone, true
				tt.arrange(w, c, &o)
				report := apply.Run(t.Context(), planOf(creation("a", nil), c), o)
				if got := w.steps["actor.a.b.action.two"]; got != tt.want {
					t.Errorf("it is remembered as %q", got)
				}
				if got := report.Changes[1].Steps[1].Outcome; got != tt.outcome {
					t.Errorf("the report says %q", got)
				}
				if _, bound := w.entries[addr("b")]; c.Adopt != nil && !bound {
					t.Error("nothing says whose step it is")
				}
			})
		})
	}
}
