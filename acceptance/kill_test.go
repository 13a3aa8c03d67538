package acceptance

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestKillLosesNothing kills riveter at random moments of an apply. What the next plan says was done, was done once; what it
// says is due, was not done; and at most one step of an actor, the one that was in flight, is in doubt.
func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	check(t, func(t *trial) {
		t.blocks = seeding()
		t.write()
		t.kill(drawMoment(t))
		t.goesOn(t.settle())
	})
}

func drawMoment(t *trial) time.Duration {
	return time.Duration(rapid.IntRange(1, 900).Draw(t.T, "milliseconds")) * time.Millisecond
}

// goesOn applies what is left to do, after which everything was done once.
func (t *trial) goesOn(orders orders) {
	if code, output := t.riveter("apply", append(orders.flags(), "-auto-approve")); code != 0 {
		t.Fatalf("the second apply ended with %d\n%s", code, output)
	}
	for id, calls := range t.counted(actorIDs) {
		for _, step := range stepLabels {
			if calls[step] != 1 {
				t.Errorf("%s was called %d times by %s", id, calls[step], step)
			}
		}
	}
	if code, output := t.riveter("plan", []string{"-detailed-exitcode"}); code != 0 {
		t.Fatalf("something is left to do\n%s", output)
	}
}

// seeding declares all actors with all steps, each to be made once.
func seeding() []*block {
	b := &block{Label: "all", Repeat: "for_each", IDs: actorIDs, OnEdit: "ignore"}
	for _, step := range stepLabels {
		b.Steps = append(b.Steps, declaredStep{Label: step, Policy: "once", OnUnknown: "fail", OnFailure: "halt"})
	}
	return []*block{b}
}

// kill starts an apply, of all actors at once or of few, and kills it when the time is up.
func (t *trial) kill(after time.Duration) {
	atOnce := rapid.IntRange(1, len(actorIDs)).Draw(t.T, "at once")
	run := t.command("apply", []string{"-auto-approve", fmt.Sprintf("-parallelism=%d", atOnce)})
	t.check(run.Start())
	timer := time.AfterFunc(after, func() { _ = run.Process.Kill() })
	defer timer.Stop()
	_ = run.Wait() // that it was killed is what is wanted
	// What was in flight has arrived when the same has gone there and back after it.
	t.check(t.engine.create("probe", t.key("straggler"), nil))
	_, err := t.engine.call("probe", t.key("straggler"), "call", `"last"`)
	t.check(err)
}

// settle compares what riveter remembers with what the actors have counted, and decides the steps in doubt by that.
func (t *trial) settle() orders {
	code, output := t.riveter("plan", []string{"-json"})
	if code != 0 {
		t.Fatalf("the plan after the kill ended with %d\n%s", code, output)
	}
	planned, err := readPlan(output)
	t.check(err)
	verdicts, counted := planned.verdicts(nil), t.counted(actorIDs)
	orders := orders{steps: map[string]verdict{}}
	for _, d := range declarations(t.blocks) {
		doubts := 0
		for _, s := range d.Steps {
			address, calls := d.address(s), counted[d.ID][s.Label]
			switch verdicts[d.ID+" "+s.relative()] {
			case doubt:
				doubts++
				orders.steps[address] = due
				if calls > 0 {
					orders.steps[address] = marked
				}
			case due:
				t.expect(calls == 0, "%s is due, and was made already", address)
			case notDue, marked:
				t.expect(calls == 1, "%s is done, and was made %d times", address, calls)
			}
		}
		t.expect(doubts <= 1 || t.isDiskGone, "%d steps of %s are in doubt", doubts, d.Address)
	}
	return orders
}

func (t *trial) expect(holds bool, otherwise string, args ...any) {
	if !holds {
		t.Fatalf(otherwise, args...)
	}
}
