package plan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Desired is one declared actor instance, as far as its expressions are known. Values may be unknown in whole or in part,
// and may carry [value.Sensitive] marks. What every instance of a block shares is shared in memory too.
type Desired struct {
	Address address.Address
	// Key is the compound key, or nil while it depends on something that is only known after apply.
	Key []string
	// KeyTold says that the server or other actors have a say in the key, so that it may become another one without a change of the
	// configuration, and be the same again.
	KeyTold bool
	// KeyRecipe is a digest of how the key is made, where it is of results that nobody may keep; empty otherwise.
	KeyRecipe string
	// ID is the actor id by which a data block names its actor instead of by a key.
	ID string
	// Input is the creation input. Absent, cty.NilVal, and null differ on the wire.
	Input cty.Value
	// InputLost says of an actor that goes that it was created with another input, of which nobody knows more.
	InputLost bool
	Params    cty.Value // connection parameters; cty.NilVal for the connection's own
	Settings  *Settings
	Steps     []*Step           // in the order in which they run
	StepMoves []StepMove        // how steps were called before, in source order
	DependsOn []address.Address // instances that must be done first, sorted, without repetition
	// Reads are the read blocks that some expression names, and ReadState says whether one names the live state.
	Reads     []*DesiredRead
	ReadState bool
	// ReadAfter says that something outside of the actor's own steps names what is read, so that it must be read again
	// when they are done.
	ReadAfter bool
	// Triggers replace the actor when it changes. It is cty.NilVal where there are none.
	Triggers cty.Value
	// Undecided says that nobody knows yet whether its preconditions hold, without which nothing is sent.
	Undecided bool
	// Postconditions must hold when the actor is done.
	Postconditions []Assertion
	// Making is that of what is not known of all this, but for the steps; nil for nothing.
	Making *value.Making
}

// Secrets returns the strings and numbers that are sensitive of all that is sent to the actor.
func (d *Desired) Secrets() []string {
	var secrets []string
	for _, v := range []cty.Value{d.Input, d.Params, d.Triggers} {
		secrets = append(secrets, value.Secrets(v)...)
	}
	for _, r := range d.Reads {
		secrets = append(append(secrets, value.Secrets(r.Args)...), value.Secrets(r.Path)...)
	}
	for _, s := range d.Steps {
		secrets = append(secrets, s.Secrets()...)
	}
	return secrets
}

// HasFarewells reports whether there are steps that come before the actor is destroyed.
func (d *Desired) HasFarewells() bool {
	return slices.ContainsFunc(d.Steps, func(s *Step) bool { return s.Policy() == RunOnDestroy })
}

// DesiredRead is one read-only question to an actor instance.
type DesiredRead struct {
	Label     string
	Range     hcl2.Range
	Action    string        // name of the action; empty where Path is asked for instead
	Args      cty.Value     // tuple of the action's arguments
	Path      cty.Value     // path of a GET request to the actor; cty.NilVal for an action
	Timeout   time.Duration // zero: the actor's CallTimeout
	Sensitive bool          // what the actor says is not shown
	Making    *value.Making // of what is not known of what is asked; nil for nothing
}

// IsKnown reports whether all is known that is to be asked.
func (r *DesiredRead) IsKnown() bool { return value.IsKnown(r.Args) && value.IsKnown(r.Path) }

// Assertion is something that must hold.
type Assertion struct {
	Range   hcl2.Range
	Holds   cty.Value // true, false or unknown
	Message string    // what to say where it does not hold
	// Condition and Context are what does not hold, and what it was evaluated with: it may have to be told without its text. They are
	// nil where it holds, or nobody knows.
	Condition hcl2.Expression
	Context   *hcl2.EvalContext
}

// Broken reports whether the assertion is known not to hold.
func (a *Assertion) Broken() bool {
	holds, _ := a.Holds.Unmark()
	return holds.IsKnown() && holds.False()
}

// Check is a named list of assertions about the whole. That one does not hold is worth a warning.
type Check struct {
	Name       string // with the path of its module, such as module.tenant["a"].check.quota
	Assertions []Assertion
}

// Broken returns a diagnostic for each postcondition that is known not to hold.
func (d *Desired) Broken() hcl2.Diagnostics {
	diags := broken(d.Postconditions, hcl2.DiagError, "Postcondition failed")
	for _, diag := range diags {
		diag.Detail += fmt.Sprintf("\n\nThis is a postcondition of %s.", d.Address)
	}
	return diags
}

// InputChanged says of an actor that stays that its input is not the one that it was created with: an error or a warning, as is declared; nil where
// that says to ignore it. One that is to be replaced stays where that was known too late.
func (d *Desired) InputChanged() *hcl2.Diagnostic {
	const fact = "The input of %s is not the one that the actor was created with, and the input of an existing actor cannot be changed. "
	diag := &hcl2.Diagnostic{Severity: hcl2.DiagWarning, Summary: "Input changed", Subject: d.Settings.Range.Ptr()}
	switch d.Settings.OnInputChange {
	case InputIgnore:
		return nil
	case InputFail:
		diag.Severity = hcl2.DiagError
		diag.Detail = fmt.Sprintf(fact+"Put the input back, or destroy the actor so that it is created anew.", d.Address)
	case InputReplace:
		diag.Detail = fmt.Sprintf(fact+"That was known only when the plan was carried out: the next one replaces the actor.", d.Address)
	case InputWarn:
		diag.Detail = fmt.Sprintf(fact+"The actor stays as it is. Say lifecycle { on_input_change = \"replace\" } to destroy and create it, or \"ignore\" to accept the difference.", d.Address)
	}
	return diag
}

// Broken returns a diagnostic for each assertion that is known not to hold.
func (c *Check) Broken(severity hcl2.DiagnosticSeverity) hcl2.Diagnostics {
	return broken(c.Assertions, severity, "Check failed")
}

func broken(assertions []Assertion, severity hcl2.DiagnosticSeverity, summary string) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, a := range assertions {
		if a.Broken() {
			diags = append(diags, &hcl2.Diagnostic{Severity: severity, Summary: summary, Detail: a.Message, Subject: a.Range.Ptr(), Expression: a.Condition, EvalContext: a.Context})
		}
	}
	return diags
}

// Lookup is an instance of a data block that is looked at when what it depends on is done, as that may change what there is to see.
type Lookup struct {
	Address   address.Address
	Key       []string // nil while it is not known
	DependsOn []address.Address
	Missing   *hcl2.Diagnostic // what is to be said where there is no such actor, and nothing makes it; nil where there may be one
}

// Reason says why it is not looked at before.
func (l *Lookup) Reason() string { return WhyLater(l.Key) }

// WhyLater says why what has a key, nil while that is not known, is looked for when its turn comes.
func WhyLater(key []string) string {
	if key == nil {
		return ReasonKeyUnknown
	}
	return "it is looked for when what it depends on is done"
}

// DesiredNamespace is a declared namespace.
type DesiredNamespace struct {
	Address     address.Address
	Name        string
	DisplayName string // empty: any
	Range       hcl2.Range
}

// DesiredRunnerConfig is the declared configuration of a pool, whose name is the address's label.
type DesiredRunnerConfig struct {
	Address address.Address
	// Datacenters is an object of what the management API calls datacenters: each is an object with either normal or
	// serverless. Parts may be sensitive.
	Datacenters cty.Value
	Range       hcl2.Range
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

// crashSleep is what a server does with an actor that crashes, where nothing is declared.
const crashSleep = "sleep"

// CreatedPolicy returns with which crash policy the actors of the declaration are created.
func (s *Settings) CreatedPolicy() string { return cmp.Or(s.CrashPolicy, crashSleep) }
