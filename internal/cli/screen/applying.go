package screen

import (
	"fmt"
	"sync"
	"time"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// applying is how far an apply is.
type applying struct {
	total int

	mu      sync.Mutex
	done    int
	calls   int
	running map[plan.Change]time.Time
}

func newApplying(total int) *applying {
	return &applying{total: total, running: map[plan.Change]time.Time{}}
}

// event counts what happened. It returns a line about what failed or is waited for, or nothing.
func (a *applying) event(e apply.Event) (news string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch e := e.(type) {
	case apply.ChangeStarted:
		a.running[e.Change] = time.Now()
	case apply.Waiting:
		return waiting(e)
	case apply.StepEnded:
		if e.Step.Address.Kind != address.StepExpect {
			a.calls++
		}
	case apply.ChangeEnded:
		a.done++
		delete(a.running, e.Change)
		if e.Result.Outcome == plan.OutcomeFailed || e.Result.Outcome == plan.OutcomeInDoubt {
			ended := map[plan.Outcome]string{plan.OutcomeFailed: "failed", plan.OutcomeInDoubt: "is in doubt"}[e.Result.Outcome]
			return fmt.Sprintf("! %s %s after %s", e.Change.Head().Address, ended, seconds(e.Result.Elapsed))
		}
	case apply.StepStarted:
	}
	return ""
}

func waiting(e apply.Waiting) string {
	return fmt.Sprintf("%s was created and has not started yet: the engine says %s. Waiting for it", e.Change.Address, e.Reason)
}

// line says how far it is in so many columns. Where they are few, the beginning of the slowest's address is left out.
func (a *applying) line(elapsed time.Duration, columns int) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	line := fmt.Sprintf("Applying: %d of %s, %s, %.0f/s, %s",
		a.done, view.Count(a.total, "actor"), view.Count(a.calls, "call"), float64(a.done)/elapsed.Seconds(), seconds(elapsed))
	slowest, since := a.slowest()
	if slowest == nil || time.Since(since) <= time.Second {
		return line
	}
	line += "; slowest: "
	took := ", " + seconds(time.Since(since))
	return line + view.CutStart(slowest.Head().Address.String(), columns-view.Width(line+took)) + took
}

// slowest is the change that has been running longest. Not many run at once.
func (a *applying) slowest() (slowest plan.Change, since time.Time) {
	for c, began := range a.running {
		if slowest == nil || began.Before(since) {
			slowest, since = c, began
		}
	}
	return slowest, since
}
