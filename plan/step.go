package plan

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Step is one seeding step of one actor instance: what every step has, and in Spec what only those of its kind have.
// Values are unknown, in whole or in part, while they depend on what only apply makes.
type Step struct {
	Address address.StepAddress
	// ID is step.id, where some expression names it and it is known. It is another one in each environment.
	ID     string
	Spec   Spec
	Params cty.Value // connection parameters; cty.NilVal for the actor's
	// Deferred says that this stands for all instances of a step whose for_each is known only after apply. They are made and
	// decided when its turn comes.
	Deferred bool
	// Lost is what a step is repeated for that is deferred as nobody kept a result that this is made of; cty.NilVal for others.
	Lost   cty.Value
	Making *value.Making // of what is not known of it; nil for nothing
	Awaits []*Await
	// Reads are the labels of the reads that the step refers to, of which an empty one stands for all, and ReadState says whether it refers to the live state.
	Reads     []string
	ReadState bool
	Settings  *StepSettings
}

// Spec is what only steps of one kind have: an [*Action], [*Message], [*Request], [*Ensure] or [*Expect]. What a step sends,
// what is known of it, what is secret and how it is described all follow from its methods.
//
//sumtype:decl
type Spec interface {
	// sends returns whom the step is for, and what is sent in the form in which it is remembered and shown: a tuple.
	sends() (to string, payload cty.Value)
	// fields are all values of the step.
	fields() []field
	// copied returns a copy whose fields can be set.
	copied() Spec
	// call returns what steps have that are made when they are due, and fact what those have that are about a fact. One of
	// the two is nil.
	call() *Call
	fact() Fact
}

// Call is what actions, messages and requests have alike: they are made when they are due, and remembered.
type Call struct {
	Policy     Policy
	OnUnknown  OnUnknown
	Idempotent bool // may be sent again when it is not certain that it did not run
	// Accept has the codes of errors of the actor that count as done.
	Accept []string
	// OnlyIf and Unless are true, false or unknown; cty.NilVal where there is no such guard.
	OnlyIf, Unless cty.Value
	// GuardIsLive says that a guard refers to what an actor says of itself, so that it can tell whether the step is due.
	GuardIsLive bool
	Triggers    cty.Value // makes a step due again when it changes, as what is sent does; cty.NilVal for nothing
	Expect      cty.Value // what the answer must contain; cty.NilVal for anything
}

// Action calls an action of the actor.
type Action struct {
	Call
	Name string
	Args cty.Value // tuple
}

// Message puts a message into a queue of the actor.
type Message struct {
	Call
	Queue string
	Body  cty.Value
	Wait  bool // it is done when the message has been worked on, not when it is stored
}

// Request sends a request over HTTP to the actor.
type Request struct {
	Call
	Method  string
	Path    cty.Value
	Headers cty.Value // cty.NilVal for none
	JSON    cty.Value // the body, as a value; cty.NilVal for none
	Body    cty.Value // the body, as it is; cty.NilVal for none
	Status  []int     // which answers are good; empty: any from 200 to 299
}

// Ensure calls an action where a value is not what is wanted.
type Ensure struct {
	Value, Want cty.Value
	Exact       bool // Value may have nothing that Want does not have
	Action      string
	Args        cty.Value // tuple
}

// Expect waits for a condition to hold, or for a value to be what is wanted.
type Expect struct {
	Condition   cty.Value        // true, false or unknown; cty.NilVal where there are Value and Want
	Unmet       *hcl2.Diagnostic // shows what a condition is made of that is false; nil otherwise
	Value, Want cty.Value
	Message     string        // the author's words for the case that it does not hold; may be empty
	Interval    time.Duration // between two looks; zero: growing
}

// Await is an event that a step causes: it is subscribed to before the step is sent, and waited for after it.
type Await struct {
	Event   string
	Range   hcl2.Range
	Timeout time.Duration // zero: the step's
	Making  *value.Making // of the condition on the event; nil for none
}

// StepSettings is what a step's block says for all of its instances.
type StepSettings struct {
	Range      hcl2.Range // of the block's header, for diagnostics
	OnFailure  OnFailure
	Sensitive  bool          // the result is not shown
	Timeout    time.Duration // zero: the actor's CallTimeout
	KeepOutput bool          // some expression refers to the result, so the ledger remembers it
	NamesInput bool          // it is made of what its actor was created with
}

// Policy says when a step that was done once is due again.
type Policy string

// The run policies.
const (
	RunOnce     Policy = "once"
	RunOnChange Policy = "on_change" // when what is sent is another than it was done with
	RunAlways   Policy = "always"
	RunManual   Policy = "manual" // only when it is asked for by address
	// RunOnDestroy is before the actor is destroyed, and never otherwise.
	RunOnDestroy Policy = "on_destroy"
)

// IsFarewell reports whether the step is made before its actor is destroyed, and never otherwise.
func (s *StepChange) IsFarewell() bool { return s.Desired.Policy() == RunOnDestroy }

// OnUnknown says what becomes of a step of which nobody knows whether it was done.
type OnUnknown string

// The answers to a step that is in doubt.
const (
	UnknownFail  OnUnknown = "fail" // apply does not start before somebody decides
	UnknownRun   OnUnknown = "run"
	UnknownSkip  OnUnknown = "skip"
	UnknownGuard OnUnknown = "guard" // the guards tell whether it is due
)

// OnFailure says what becomes of an actor whose step failed.
type OnFailure string

// The answers to a failed step.
const (
	FailureHalt     OnFailure = "halt"     // the actor failed, and its later steps do not run
	FailureContinue OnFailure = "continue" // the later steps run all the same
)
