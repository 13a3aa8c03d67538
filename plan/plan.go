package plan

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Plan says everything that an apply will do. It is plain data, and is not changed once it is built.
type Plan struct {
	Mode     Mode
	Target   Target
	Ledger   LedgerVersion
	Changes  []Change // sorted by address, those of a forgotten declaration too
	Lookups  []Lookup // sorted by address; only of an apply
	Outputs  map[string]Output
	Checks   []Check
	Observed Stats
}

// Mode is the command that a plan was made for.
type Mode string

// The modes of planning.
const (
	ModeApply   Mode = "apply"
	ModeDestroy Mode = "destroy"
	ModeVerify  Mode = "verify" // looks at every fact and sends nothing
)

// Target is the environment that a plan is for. NamespaceID tells environments apart; the others are for people.
type Target struct {
	Endpoint    string // without credentials
	Namespace   string
	NamespaceID string
}

// LedgerVersion is the state of the ledger that a plan was built from.
type LedgerVersion struct {
	Lineage string
	Serial  uint64
}

// Output is the value of an output block, unknown until apply where it depends on what apply makes.
type Output struct {
	Value     cty.Value
	Sensitive bool
}

// Stats counts what planning asked of the server.
type Stats struct {
	Resolved int // actors looked up
	Woken    int // of those that were asked for live values
	Reads    int
	Requests int
	Elapsed  time.Duration
}

// ChangeAction is what becomes of an actor.
type ChangeAction string

// The actions of a change.
const (
	ActionNoOp    ChangeAction = "no-op"
	ActionCreate  ChangeAction = "create"
	ActionAdopt   ChangeAction = "adopt"
	ActionUpdate  ChangeAction = "update"
	ActionReplace ChangeAction = "replace"
	ActionDestroy ChangeAction = "destroy"
	ActionForget  ChangeAction = "forget"
	// ActionRead is that of an actor which is looked for when its turn comes, and decided then; or of one that is remembered, and may be such
	// a one.
	ActionRead ChangeAction = "read"
)

// Decision says whether a step is to run.
type Decision string

// The decisions about a step.
const (
	DecisionRun     Decision = "run"
	DecisionDone    Decision = "done"
	DecisionUnknown Decision = "unknown" // nobody knows, and apply does not start before somebody decides
	DecisionSkip    Decision = "skip"
)

// StepChange is what a plan has decided for one step.
type StepChange struct {
	Address  address.StepAddress
	Decision Decision
	Reason   string
	// Before holds the arguments that the step was done with, or may have been; cty.NilVal when it was not, or they are not remembered.
	Before cty.Value
	// MarkDone asks apply to record the step as done without making the call.
	MarkDone bool
	// DoneAs is what the step, which is in doubt, was started with, where somebody says that this was done: that is recorded, whether the
	// step is due again or not. It is nil otherwise.
	DoneAs *value.Memo
	// Conditional asks apply to look again before it makes the call, as arguments, guards or facts are not known yet or
	// may change before: only if the step turns out to be due is it made.
	Conditional bool
	// AfterAlways says that the step is looked at only because one before it runs always, which makes no plan changed.
	AfterAlways bool
	// Anew says of a step that runs always that it was not made before as it is declared now, so that the actor may say something else.
	Anew bool
	// DoneDigest is the digest of the arguments that the step was done with; empty when it was not.
	// DoneRecipe is the digest of how these were made, where they were of results.
	// DoneOutput is the digest of what it gave, or of what it will be remembered to have given where somebody says that it was done.
	DoneDigest, DoneRecipe, DoneOutput string
	// Remade is what the ledger is to remember of how the arguments are made now, which are what they were; nil for nothing new.
	Remade *value.Memo
	// Looked is what the ledger is to remember of a fact that holds, as of [Entry.Withheld]; empty for nothing new.
	Looked string
	// Result is what the step gave when it was done; cty.NilVal when it was not, or that is not remembered.
	Result  cty.Value
	Desired *Step
	// Instance decides an instance of a step that was deferred, as soon as there is one. It may be called concurrently, and is nil
	// for other steps.
	Instance func(*Step) *StepChange
	// Previously is what the ledger calls the step, within its actor, where that is something else; empty otherwise.
	Previously string
}

// IsDue reports whether the step is to run, and not only because it, or one before it, always does.
func (s *StepChange) IsDue() bool {
	return s.MarkDone || s.Decision == DecisionRun && s.Desired.Policy() != RunAlways && !s.AfterAlways
}

// IsRecorded reports whether the ledger remembers that the step was made: an ensure only where something refers to its result, or did.
func (s *StepChange) IsRecorded() bool {
	_, isEnsure := s.Desired.Spec.(*Ensure)
	return s.Desired.Call() != nil || isEnsure && (s.Desired.Settings.KeepOutput || s.DoneDigest != "")
}

// IsLook reports whether the step sends nothing, but only looks.
func (s *StepChange) IsLook() bool {
	switch s.Desired.Spec.(type) {
	case *Expect:
		return true
	case *Action, *Message, *Request, *Ensure:
	}
	return false
}

// Strangers counts the actors that p would destroy and riveter did not create.
func (p *Plan) Strangers() int {
	n := 0
	for _, c := range p.Changes {
		if actor, ok := c.(*ActorChange); ok && actor.Stranger {
			n++
		}
	}
	return n
}

// Summary counts the changes and calls of a plan.
type Summary struct {
	Create, Adopt, Update, Replace, Destroy, Forget, Read, NoOp int

	Calls       int // to make, those that run always left out
	Always      int
	Conditional int // to make only if they turn out to be due
	Checks      int // expectations to look at
	Unknown     int
	Mark        int // to be recorded as done without a call
}

// Summary counts what p would do.
func (p *Plan) Summary() Summary {
	var s Summary
	for _, c := range p.Changes {
		s.countAction(c.Head().Action)
		for _, step := range StepsOf(c) {
			s.countStep(step)
		}
	}
	return s
}

func (s *Summary) countAction(a ChangeAction) {
	switch a {
	case ActionNoOp:
		s.NoOp++
	case ActionCreate:
		s.Create++
	case ActionAdopt:
		s.Adopt++
	case ActionUpdate:
		s.Update++
	case ActionReplace:
		s.Replace++
	case ActionDestroy:
		s.Destroy++
	case ActionForget:
		s.Forget++
	case ActionRead:
		s.Read++
	}
}

func (s *Summary) countStep(step *StepChange) {
	switch {
	case step.Decision == DecisionUnknown:
		s.Unknown++
	case step.MarkDone:
		s.Mark++
	case step.Decision != DecisionRun:
	case step.IsLook():
		s.Checks++
	case step.Desired.Policy() == RunAlways:
		s.Always++
	case step.Conditional:
		s.Conditional++
	default:
		s.Calls++
	}
}

// Changed reports whether the plan has more to do, or to decide, than the steps that run always. What is only to be looked
// at does not count by itself: where it is due, its actor is to be changed.
func (s Summary) Changed() bool {
	s.NoOp, s.Always, s.Conditional, s.Checks = 0, 0, 0, 0
	return s != Summary{}
}

// HasWork reports whether an apply would do anything at all.
func (s Summary) HasWork() bool { return s.Changed() || s.Always+s.Conditional+s.Checks > 0 }
