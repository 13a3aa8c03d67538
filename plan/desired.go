package plan

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Desired is one declared actor instance, as far as its expressions are known. Values may be unknown in whole or in part,
// and may carry [Sensitive] marks. What every instance of a block shares is shared in memory too.
type Desired struct {
	Address Address
	// Key is the compound key, or nil while it depends on something that is only known after apply.
	Key []string
	// Input is the creation input. Absent, cty.NilVal, and null differ on the wire.
	Input     cty.Value
	Params    cty.Value // connection parameters; cty.NilVal for the connection's own
	Settings  *Settings
	Steps     []*DesiredStep // in the order in which they run
	DependsOn []Address      // instances that must be done first, sorted, without repetition
}

// Settings is what a declaration says about how its actors are made and kept.
type Settings struct {
	Range          hcl2.Range // of the block's header, for diagnostics
	Create         CreateMode
	Pool           string // empty: the connection's
	Region         string // empty: the server chooses
	CrashPolicy    string // empty: "sleep"
	OnInputChange  OnInputChange
	PreventDestroy bool
	CreateTimeout  time.Duration // zero, as for the others: the default
	ReadyTimeout   time.Duration
	CallTimeout    time.Duration
	DestroyTimeout time.Duration
}

// CreateMode says what may happen when an actor is created.
type CreateMode string

// The modes of creation.
const (
	GetOrCreate CreateMode = "get_or_create" // an actor that is there already is adopted
	CreateNew   CreateMode = "create"        // one that is there already and unknown to the ledger is an error
	CreateNever CreateMode = "never"         // it must be there already
)

// OnInputChange says what to do about an actor whose declared input is no longer the one it was created with.
type OnInputChange string

// The answers to a changed input.
const (
	InputWarn    OnInputChange = "warn"
	InputFail    OnInputChange = "fail"
	InputIgnore  OnInputChange = "ignore"
	InputReplace OnInputChange = "replace"
)

// DesiredStep is one seeding step of one actor instance.
type DesiredStep struct {
	Address StepAddress
	// Call is the name of the action.
	Call string
	// Args is a tuple of the arguments. It is unknown, in whole or in part, while it depends on what only apply makes.
	Args     cty.Value
	Settings *StepSettings
}

// StepSettings is what a step's block says for all of its instances.
type StepSettings struct {
	Range      hcl2.Range // of the block's header, for diagnostics
	Policy     Policy
	OnUnknown  OnUnknown
	OnFailure  OnFailure
	Idempotent bool          // may be sent again when it is not certain that it did not run
	Sensitive  bool          // the result is not shown
	Timeout    time.Duration // zero: the actor's CallTimeout
	KeepOutput bool          // some expression refers to the result, so the ledger remembers it
}

// Policy says when a step that was done once is due again.
type Policy string

// The run policies.
const (
	RunOnce     Policy = "once"
	RunOnChange Policy = "on_change" // when the arguments are others than those it was done with
	RunAlways   Policy = "always"
	RunManual   Policy = "manual" // only when it is asked for by address
)

// OnUnknown says what becomes of a step of which nobody knows whether it was done.
type OnUnknown string

// The answers to a step that is in doubt.
const (
	UnknownFail OnUnknown = "fail" // apply does not start before somebody decides
	UnknownRun  OnUnknown = "run"
	UnknownSkip OnUnknown = "skip"
)

// OnFailure says what becomes of an actor whose step failed.
type OnFailure string

// The answers to a failed step.
const (
	FailureHalt     OnFailure = "halt"     // the actor failed, and its later steps do not run
	FailureContinue OnFailure = "continue" // the later steps run all the same
)
