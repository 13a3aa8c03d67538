package apply_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/value"
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

// TestADoubtThatIsMarkedIsRecordedAsItWasStarted marks what the second step of two was started with, which may be due again since.
func TestADoubtThatIsMarkedIsRecordedAsItWasStarted(t *testing.T) {
	began := value.Memo{Digest: "what it was started with"}
	for name, tt := range map[string]struct {
		arrange func(*world, *plan.StepChange, *apply.Options)
		calls   int // of this step
		now     bool
		outcome plan.Outcome
	}{
		"it is not due again": {func(_ *world, s *plan.StepChange, _ *apply.Options) {
			s.Decision, s.MarkDone = plan.DecisionDone, true
		}, 0, false, plan.OutcomeDone},
		"it is due again": {func(*world, *plan.StepChange, *apply.Options) {}, 1, true, plan.OutcomeDone},
		"it turns out not to be due again": {func(w *world, s *plan.StepChange, o *apply.Options) {
			memo, _ := s.Desired.Remember(o.DigestKey)
			s.Conditional, s.DoneDigest = true, memo.Digest
			w.resolve[s.Address.String()] = s.Desired.Spec
		}, 0, false, plan.OutcomeDone},
		"a step before it fails": {func(w *world, _ *plan.StepChange, _ *apply.Options) {
			w.fail["call actor.a.a.action.one"] = errors.New("no")
		}, 0, false, plan.OutcomeSkipped},
		"the run is stopped": {func(_ *world, _ *plan.StepChange, o *apply.Options) {
			stop := make(chan struct{})
			close(stop)
			o.Stop = stop
		}, 0, false, plan.OutcomeNotStarted},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			o := w.options()
			c := creation("a", []string{"one", "two"})
			c.Action, c.ActorID, c.Steps[1].DoneAs = plan.ActionUpdate, "id", &began
			tt.arrange(w, c.Steps[1], &o)
			report := apply.Run(t.Context(), planOf(c), o)
			const two = "actor.a.a.action.two"
			if calls := strings.Count(strings.Join(w.log, "\n"), "call "+two); calls != tt.calls {
				t.Errorf("%s: %d calls", name, calls)
			}
			if now := w.args[two].Digest != began.Digest; now != tt.now || w.steps[two] == plan.StepStarted {
				t.Errorf("%s: remembered as %s with %v", name, w.steps[two], w.args[two])
			}
			if got := report.Changes[0].Steps[1].Outcome; got != tt.outcome {
				t.Errorf("%s: the report says %q", name, got)
			}
		})
	}
}
