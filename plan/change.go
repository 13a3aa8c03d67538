package plan

import (
	"fmt"
	"strings"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
)

// Change is what a plan has decided for one thing: an [*ActorChange], a [*NamespaceChange] or a [*PoolChange].
//
//sumtype:decl
type Change interface {
	// Head returns what every change has.
	Head() *ChangeHead
	isChange()
}

// ChangeHead is what every change has.
type ChangeHead struct {
	Address address.Address
	Action  ChangeAction
	Reason  string
	// DependsOn lists the changes of this plan that come first: what something refers to or lives in, or, for what is
	// destroyed, what refers to it or lives in it.
	DependsOn []address.Address
	Place     hcl2.Range // where it is declared; zero for what the configuration no longer declares
}

// Head implements [Change].
func (h *ChangeHead) Head() *ChangeHead { return h }

func (*ActorChange) isChange()     {}
func (*NamespaceChange) isChange() {}
func (*PoolChange) isChange()      {}

// ActorChange is what a plan has decided for one actor.
type ActorChange struct {
	ChangeHead
	Name      string
	Key       []string  // nil while it is not known
	ActorID   string    // of the actor that is there; empty when there is none
	CreatedAt time.Time // of the actor that is there, by the server's clock
	Stranger  bool      // the actor that is to go was not created by riveter
	Input     InputChange
	Steps     []*StepChange
	Desired   *Desired // nil when the configuration no longer declares it
	// PreviousAddress is what the ledger last knew the actor as, where that is not Address; zero for none.
	PreviousAddress address.Address
	// RenamedSteps has what the ledger is to call steps from now on, by what it calls them, as [address.StepAddress.Relative]
	// spells it. FormerSteps are steps that were made on this actor and are not declared any more, and FormerDoubts steps
	// that may have been.
	RenamedSteps              map[string]string
	FormerSteps, FormerDoubts []string
	// Adopt is what the ledger is to remember, before any step runs, of an actor that is there and not yet known to it, or
	// not in full.
	Adopt *Entry
	// Gone are the memories of actors that were there, and are not any more as the server says.
	Gone []*Entry
	// Doubted is the memory of an earlier attempt to create it, of which nobody heard; nil for none.
	Doubted *Entry
	// Guarded says that nobody knows yet whether the preconditions hold, without which nothing is done about the actor, or the postconditions.
	Guarded bool
	// MayAppear says of an actor that is to be created that something which the plan does before may make it as well.
	MayAppear bool
	// Unless are the declared actors one of which this may be, that nothing else declares: their keys are known after apply. It is forgotten
	// when it turns out to be none of them.
	Unless []address.Address
	// Meet decides about an actor that is looked for when its turn comes, given what is declared and seen by then. It may be called
	// concurrently, and is nil for other actors. Where there are errors, nothing is to be done about it.
	Meet func(now *Desired, seen Observed) (*ActorChange, hcl2.Diagnostics)
}

// What names the actor as Rivet's users do.
func (c *ActorChange) What() string { return what(c.Name, c.Key) }

func what(name string, key []string) string {
	if key == nil {
		return name
	}
	quoted := make([]string, len(key))
	for i, part := range key {
		quoted[i] = address.Quote(part)
	}
	return name + " [" + strings.Join(quoted, ", ") + "]"
}

// Drift says how the actor itself is not as it is declared: it is not there, or is not what its postconditions say.
func (c *ActorChange) Drift() hcl2.Diagnostics {
	if c.ActorID != "" {
		return c.Desired.Broken()
	}
	return hcl2.Diagnostics{{
		Severity: hcl2.DiagError, Summary: "Actor does not exist", Subject: c.Desired.Settings.Range.Ptr(),
		Detail: fmt.Sprintf("There is no %s, so nothing can be said of %s. Apply the configuration first.", c.What(), c.Address),
	}}
}

// NamespaceChange is what a plan has decided for a namespace.
type NamespaceChange struct {
	ChangeHead
	Name        string
	Own         bool   // it is the one that the run is about, so that everything else comes after it
	Before      string // how it is called for people; empty where there is none
	DisplayName string // how it is to be called; what it is called, where nothing is declared
}

// PoolChange is what a plan has decided for the configuration of a pool.
type PoolChange struct {
	ChangeHead
	Name string
	// Before and After are the settings as far as they are declared, as [DesiredRunnerConfig.Datacenters]; cty.NilVal for
	// none. Seen is what of it the decision goes by: all that the pool has where it is to be deleted.
	Before, After, Seen cty.Value
	// Gone is the memory of a pool that was there, and is not any more as the server says; nil for none.
	Gone *PoolEntry
}

// StepsOf returns the steps of a change. Only actors have some.
func StepsOf(c Change) []*StepChange {
	switch c := c.(type) {
	case *ActorChange:
		return c.Steps
	case *NamespaceChange, *PoolChange:
	}
	return nil
}

// InputChange compares the input that an actor was created with to the declared one. A value that is absent, or that
// nobody remembers, is cty.NilVal.
type InputChange struct {
	Before  cty.Value
	After   cty.Value
	Differs bool
}

// The reasons that say no more than the action or decision itself.
const (
	ReasonAbsent     = "it does not exist"
	ReasonKeyUnknown = "its key is known after apply"
	ReasonCallsDue   = "calls are due"
	ReasonCreated    = "riveter created it"
	ReasonNewActor   = "the actor is made by this run"
	ReasonUnread     = "not looked at, as -refresh=false says"
	ReasonUnkept     = "not looked at, as nobody kept what it compares"
	ReasonInTurn     = "looked at after the steps before it"
)

// Moment writes a time for people.
func Moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
