package apply

import "riveter/plan"

// Event is something that happened during a run: a [ChangeStarted], [Waiting], [ChangeEnded], [StepStarted] or [StepEnded]. Start
// comes before end, and what is depended on before what depends on it; there is no other order.
type Event interface{ event() }

// ChangeStarted says that a change began.
type ChangeStarted struct{ Change plan.Change }

// Waiting says that the actor which a change has created is waited for, and why the engine has not started it yet.
type Waiting struct {
	Change *plan.ActorChange
	Reason string
}

// ChangeEnded says how a change that was started, or skipped, ended.
type ChangeEnded struct {
	Change plan.Change
	Result plan.ChangeResult
}

// StepStarted says that the call of a step is about to be made.
type StepStarted struct{ Step *plan.StepChange }

// StepEnded says how a call ended.
type StepEnded struct {
	Step   *plan.StepChange
	Result plan.Result
}

func (ChangeStarted) event() {}
func (Waiting) event()       {}
func (ChangeEnded) event()   {}
func (StepStarted) event()   {}
func (StepEnded) event()     {}
