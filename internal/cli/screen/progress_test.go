package screen

import (
	"strings"
	"testing"
	"time"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

func TestProgressCountsWhatHappens(t *testing.T) {
	t.Parallel()
	a := newApplying(2)
	c := &plan.ActorChange{ChangeHead: plan.ChangeHead{Address: address.Address{Kind: address.KindActor, Name: "a", Label: "b"}}}
	events := []apply.Event{
		apply.ChangeStarted{Change: c},
		apply.StepStarted{},
		apply.StepEnded{Step: &plan.StepChange{}},
		apply.ChangeEnded{Change: c, Result: plan.ChangeResult{Result: plan.Result{Outcome: plan.OutcomeFailed, Elapsed: time.Second}}},
	}
	var failures []string
	for _, e := range events {
		if failure := a.event(e); failure != "" {
			failures = append(failures, failure)
		}
	}
	if got := strings.Join(failures, "\n"); got != "! actor.a.b failed after 1.0s" {
		t.Errorf("failures: %q", got)
	}
	if got := a.line(2*time.Second, 200); got != "Applying: 1 of 2 actors, 1 call, 0/s, 2.0s" {
		t.Errorf("the line is %q", got)
	}
	a.event(apply.ChangeStarted{Change: c})
	a.running[c] = time.Now().Add(-time.Minute)
	if got := a.line(time.Second, 200); !strings.Contains(got, "; slowest: actor.a.b, 60.") {
		t.Errorf("the line is %q", got)
	}
}

func TestTheLiveLineEndsWithTheSlowest(t *testing.T) {
	t.Parallel()
	a := newApplying(40)
	c := &plan.ActorChange{ChangeHead: plan.ChangeHead{Address: address.Address{Kind: address.KindActor, Name: "aName", Label: "ofALongActor", Key: address.NumberKey(17)}}}
	a.event(apply.ChangeStarted{Change: c})
	a.running[c] = time.Now().Add(-time.Minute)
	for _, columns := range []int{79, 200} {
		got := a.line(time.Second, columns)
		if view.Width(got) > columns || !strings.HasSuffix(got, ", 60.0s") || !strings.Contains(got, "Actor[17], ") {
			t.Errorf("in %d columns the line is %q", columns, got)
		}
	}
}

func TestProgressIsOfWhatIsDue(t *testing.T) {
	t.Parallel()
	h := &human{Terminal: Terminal{Stderr: &strings.Builder{}}}
	head := func(label string) plan.ChangeHead {
		return plan.ChangeHead{Address: address.Address{Kind: address.KindActor, Name: "a", Label: label}, Action: plan.ActionNoOp}
	}
	due := &plan.ActorChange{ChangeHead: head("due")}
	due.Action = plan.ActionCreate
	h.Begin(&plan.Plan{Changes: []plan.Change{&plan.ActorChange{ChangeHead: head("idle")}, due}})
	h.progress.stop()
	if got := h.applying.line(time.Second, 200); !strings.Contains(got, "0 of 1 actor,") {
		t.Errorf("the line is %q", got)
	}
	h.applying.event(apply.StepEnded{Step: &plan.StepChange{Address: due.Address.Step(address.StepExpect, "e", address.InstanceKey{})}})
	if got := h.applying.line(time.Second, 200); !strings.Contains(got, " 0 calls") {
		t.Errorf("an expectation counts as a call: %q", got)
	}
}

func TestObservingIsToldOnceItTakesLong(t *testing.T) {
	t.Parallel()
	line := observed(func() plan.Stats { return plan.Stats{Resolved: 1, Reads: 2, Woken: 3} })
	if got := line(time.Second/2, 200); got != "" {
		t.Errorf("told at once: %q", got)
	}
	if got := line(2*time.Second, 200); got != "Observing: 1 actor sought, 2 reads, 3 woken, 2.0s" {
		t.Errorf("the line is %q", got)
	}
}
