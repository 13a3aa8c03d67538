package view

import (
	"cmp"

	"riveter/plan"
	"riveter/plan/address"
)

// Applied counts how the changes and calls of a plan ended. Every change is counted once, by what was done or by how it
// failed, and so is every call that the plan wanted. An actor that was created, destroyed or replaced counts as such also where its change
// did not end well.
type Applied struct {
	Created    int `json:"created"`
	Adopted    int `json:"adopted"`
	Changed    int `json:"changed"`
	Replaced   int `json:"replaced"`
	Destroyed  int `json:"destroyed"`
	Forgotten  int `json:"forgotten"`
	Unchanged  int `json:"unchanged"`
	Failed     int `json:"failed"`
	InDoubt    int `json:"in_doubt"`
	Skipped    int `json:"skipped"`
	Stopped    int `json:"stopped"` // by an interrupt, in the middle
	NotStarted int `json:"not_started"`

	Calls Calls `json:"calls"`
}

// Calls counts how calls ended.
type Calls struct {
	Made     int `json:"made"` // those that are made always left out
	Always   int `json:"always"`
	Marked   int `json:"marked"` // recorded as done without a call
	Failed   int `json:"failed"`
	InDoubt  int `json:"in_doubt"`
	NotMade  int `json:"not_made"`
	Unneeded int `json:"unneeded"` // conditional ones that turned out not to be due
	Checked  int `json:"checked"`  // expectations that hold
	// NotChecked counts the expectations that nobody came to look at.
	NotChecked int `json:"not_checked"`
}

func tally(changes *Changes) *Applied {
	a := Applied{Unchanged: changes.idle()}
	for _, c := range changes.Told {
		a.count(&c)
		for _, s := range c.Steps {
			a.Calls.count(&s)
		}
	}
	return &a
}

// Summary counts what was done by the names that a plan has for what is to be done; what is in doubt is unknown.
func (a *Applied) Summary() Summary {
	return Summary{
		Create: a.Created, Adopt: a.Adopted, Update: a.Changed, Replace: a.Replaced, Destroy: a.Destroyed, Forget: a.Forgotten, NoOp: a.Unchanged,
		Calls: a.Calls.Made, Always: a.Calls.Always, Checks: a.Calls.Checked, Unknown: a.Calls.InDoubt, Mark: a.Calls.Marked,
	}
}

func (a *Applied) count(c *Change) {
	if c.Outcome != plan.OutcomeDone {
		a.countDone(c.halfway())
	}
	switch c.Outcome {
	case plan.OutcomeDone:
		a.countDone(cmp.Or(c.Became, c.Action))
	case plan.OutcomeFailed:
		a.Failed++
	case plan.OutcomeInDoubt:
		a.InDoubt++
	case plan.OutcomeSkipped:
		a.Skipped++
	case plan.OutcomeNotStarted:
		if c.begun() {
			a.Stopped++
		} else {
			a.NotStarted++
		}
	}
}

func (a *Applied) countDone(action plan.ChangeAction) {
	switch action {
	case plan.ActionCreate:
		a.Created++
	case plan.ActionAdopt:
		a.Adopted++
	case plan.ActionUpdate:
		a.Changed++
	case plan.ActionReplace:
		a.Replaced++
	case plan.ActionDestroy:
		a.Destroyed++
	case plan.ActionForget:
		a.Forgotten++
	case plan.ActionNoOp, plan.ActionRead:
		a.Unchanged++
	}
}

func (c *Calls) count(s *Step) {
	if s.Policy == plan.RunAlways {
		c.Always += s.Made
	} else {
		c.Made += s.Made
	}
	switch {
	case s.Made > 0 && s.Outcome == plan.OutcomeDone: // counted one by one
	case s.Decision != plan.DecisionRun && !s.MarkDone:
	case s.Outcome == plan.OutcomeFailed:
		c.Failed++
	case s.Outcome == plan.OutcomeInDoubt:
		c.InDoubt++
	case s.Outcome != plan.OutcomeDone && s.Kind == address.StepExpect:
		c.NotChecked++
	case s.Outcome != plan.OutcomeDone:
		c.NotMade++
	case s.MarkDone:
		c.Marked++
	case s.Unneeded:
		c.Unneeded++
	case s.Kind == address.StepExpect:
		c.Checked++
	case s.Policy == plan.RunAlways:
		c.Always++
	default:
		c.Made++
	}
}

// failed reports whether anything did not end well.
func (a *Applied) failed() bool {
	calls := a.Calls
	return a.Failed+a.InDoubt+a.Skipped+a.Stopped+a.NotStarted+calls.Failed+calls.InDoubt+calls.NotMade+calls.NotChecked > 0
}
