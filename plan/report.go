package plan

import (
	"errors"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Outcome is how a change or a step of a plan ended. Each ends in exactly one.
type Outcome string

// The outcomes.
const (
	OutcomeDone       Outcome = "done"
	OutcomeFailed     Outcome = "failed"
	OutcomeSkipped    Outcome = "skipped"     // something that it depends on was not done
	OutcomeNotStarted Outcome = "not_started" // the run was stopped before
	OutcomeInDoubt    Outcome = "in_doubt"    // it was cut off, and may have happened
)

// Result is the end of one change or step.
type Result struct {
	Outcome Outcome
	Err     error     // why it failed or is in doubt
	Cause   string    // the address because of which it was skipped
	Output  cty.Value // what the action answered; cty.NilVal for none
	// Unneeded says that a conditional step turned out not to be due, so that nothing was sent.
	Unneeded bool
	// Accepted is the code of the error that the actor answered with, where the step takes that for done.
	Accepted string
	Elapsed  time.Duration
	// Made is how many instances were made of a step of which nobody knew while planning how many there are.
	Made int
}

// Report says what became of a plan.
type Report struct {
	Plan    *Plan
	Changes []ChangeResult // one for each of Plan.Changes
	Outputs map[string]Output
	Checks  []Check
	Elapsed time.Duration
	// Interrupted says that the run was stopped, or cut off, before it came to its end.
	Interrupted bool
}

// ChangeResult is the end of a change and of its steps.
type ChangeResult struct {
	Result
	ActorID string // of the actor that was created or found
	// Became is what was done about an actor that was looked for when its turn came; empty otherwise.
	Became ChangeAction
	// Destroyed says that the actor which was there is gone, however the rest ended.
	Destroyed bool
	// Warnings are of what was known only when the turn of the change came.
	Warnings hcl2.Diagnostics
	Steps    []Result // one for each of the change's steps; a step that was not to run is done
}

// Failed reports whether anything did not end well.
func (r *Report) Failed() bool {
	for _, c := range r.Changes {
		if c.Outcome != OutcomeDone {
			return true
		}
		for _, s := range c.Steps {
			if s.Outcome != OutcomeDone {
				return true
			}
		}
	}
	return false
}

// ErrDrift is the error of what was looked at, and is not as it is declared. What cannot be looked at has other errors.
var ErrDrift = errors.New("it is not as it is declared")
