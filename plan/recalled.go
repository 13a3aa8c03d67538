package plan

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Recalled is the part of a ledger that concerns one environment: what riveter did there. The zero value remembers
// nothing. It must not be changed while a plan is built from it.
type Recalled struct {
	Lineage string
	Serial  uint64
	// DigestKey keys every digest of the ledger.
	DigestKey []byte
	Actors    map[Identity]*Entry
	Pools     map[string]*PoolEntry // by name
	// Unseal opens the sensitive result of a step. It may be nil where there is none.
	Unseal func(sealed string) ([]byte, error)
	// Holds finds a secret in the encoding of a value. It may be nil.
	Holds func(encoding string) bool
}

// Entry is the memory of one actor.
type Entry struct {
	Name    string
	Key     []string
	Address address.Address // at which it was last declared
	ActorID string          // empty when riveter was stopped while it created the actor
	Created bool            // by riveter; false for an adopted actor
	// Fresh says that a step without a record was never made: riveter made the actor, or found it made anew and owes it
	// all steps. For an adopted actor nobody knows.
	Fresh bool
	Input value.Memo
	// CrashPolicy is what the actor was created with; empty where riveter did not create it.
	CrashPolicy string
	// Triggers is what replace_triggered_by named when the actor was created, or first seen with it.
	Triggers value.Memo
	Steps    map[string]*StepMemo // by StepAddress.Relative
	// Withheld says of steps that were not made how their guards were made that did not let them, where these were made of results
	// that nobody keeps, of facts that held of which such results they are made, and of steps how that is made for each of which they were.
	Withheld map[string]string

	KeyRecipe      string            // as of a [Desired], when it was last declared
	Project        string            // whose configuration declared it; empty where that has no name
	PreventDestroy bool              // its lifecycle said so
	OnDestroy      bool              // it had steps that come before it is destroyed
	DependsOn      []address.Address // what it came after, at the addresses which that was last declared at
	// FirstApplied is when the ledger first learned of this very actor, and LastApplied when it was last told of it. They are
	// zero for what a ledger of 0.1 remembered.
	FirstApplied, LastApplied time.Time
	// Tried is when riveter began to create an actor whose id it does not know, and Until when that may come about at the latest, both
	// by the server's clock. They are zero where nobody knows.
	Tried, Until time.Time
	// Doubles are further memories of the same identity with other actor ids: of the actor that the server said was gone, while
	// riveter is about to create another one, and in a ledger of 0.1, in which an actor was what its address said. Which of them is
	// of the actor that there is, the server knows.
	Doubles []*Entry
}

// Identity returns what the actor is.
func (e *Entry) Identity() Identity { return IdentityOf(e.Name, e.Key) }

// What names the actor as Rivet's users do.
func (e *Entry) What() string { return what(e.Name, e.Key) }

// Of returns the memory of the actor with this id among e and its doubles, and e where it is of none of them.
func (e *Entry) Of(actorID string) *Entry {
	if e != nil && e.ActorID != actorID {
		for _, double := range e.Doubles {
			if double.ActorID == actorID {
				return double
			}
		}
	}
	return e
}

// Formers returns the memories of the actors that were there under this identity, the last one first. It may be called on a nil
// Entry.
func (e *Entry) Formers() []*Entry {
	if e == nil {
		return nil
	}
	var formers []*Entry
	if e.ActorID != "" {
		alone := *e
		alone.Doubles = nil
		formers = append(formers, &alone)
	}
	for _, double := range e.Doubles {
		if double.ActorID != "" {
			formers = append(formers, double)
		}
	}
	return formers
}

// ErrOvertaken says that nothing is recorded for this run any more, since somebody else has the ledger.
var ErrOvertaken = errors.New("somebody else has the ledger")

// Intent is what a run is about to do to an actor, and what it may have done when nobody hears from it any more.
type Intent struct {
	Name    string
	Key     []string
	Address address.Address
	ActorID string                // of the actor that takes the steps; empty for one that is created first
	Steps   []address.StepAddress // that are recorded when they are made
	Tried   time.Time             // of an actor that is created first, as of an [Entry]
}

// Identity returns what the actor is.
func (i *Intent) Identity() Identity { return IdentityOf(i.Name, i.Key) }

// PoolEntry is the memory of the configuration of a pool.
type PoolEntry struct {
	Name    string
	Address address.Address // at which it was last declared
	Created bool            // by riveter for sure; false where nobody heard how that ended
	Project string          // as of an [Entry]
}

// StepMemo is the memory of one step on one actor.
type StepMemo struct {
	ActorID string // the incarnation that the step was sent to
	Status  StepStatus
	Args    value.Memo
	At      time.Time
	Output  json.RawMessage // what is no secret of it, as of [value.Kept]; nil where nobody refers to it or all of it is one
	Sealed  string          // the secrets of it, for [Recalled.Unseal]; empty where they are not kept
	// OutputDigest tells one result that is sensitive from another, kept or not. That of a step which was done, and now is in doubt or
	// has failed, is of then; that of one which was only recorded as done is as [StepMemo.Unseen] says.
	OutputDigest string
	Farewell     bool // it came before the actor was to be destroyed
}

// unseen begins the digest of a result that nobody has seen.
const unseen = "unseen"

// Unseen is the digest of what a step gave that may have been made again, of which this is remembered: nobody has seen it. It may be called
// on a nil StepMemo.
func (m *StepMemo) Unseen() string {
	if m == nil {
		return unseen
	}
	return unseen + " " + m.At.UTC().Format(time.RFC3339Nano)
}

// Result returns what a step gave, with what is secret of it marked, and not known where that is not remembered; cty.NilVal where nothing
// is. Where something was sealed and cannot be opened, it says why as well.
func (r *Recalled) Result(m *StepMemo) (cty.Value, error) {
	var secrets []byte
	var sealed error
	if m.Sealed != "" {
		secrets, sealed = r.Unseal(m.Sealed)
	}
	if m.Output == nil && secrets == nil {
		return cty.NilVal, sealed
	}
	result, err := value.Reveal(m.Output, secrets)
	if err == nil {
		result = r.Conceal(result)
	}
	return result, cmp.Or(sealed, err)
}

// Conceal marks as sensitive what an actor says, or has said, where a secret is found in it. It may be called on a nil Recalled, and with
// [cty.NilVal].
func (r *Recalled) Conceal(said cty.Value) cty.Value {
	if r == nil || r.Holds == nil || said == cty.NilVal {
		return said
	}
	return value.Conceal(said, r.Holds)
}

// StepStatus is how far a step got.
type StepStatus string

// The states of a step. A step that is started and not more is in doubt: it may have reached the actor.
const (
	StepStarted StepStatus = "started"
	StepDone    StepStatus = "done"
	StepFailed  StepStatus = "failed"
)

// Of returns what is remembered of the actor that d means, whatever it and its steps were called then, or nil. Where several are remembered,
// as a ledger of 0.1 may have it, it is that of the actor that there is. It may be called on a nil Recalled.
func (r *Recalled) Of(d *Desired, o *Observed) *Entry {
	if r == nil || d.Key == nil {
		return nil
	}
	return r.settled(r.Actors[d.Identity()].Of(o.ActorID), d, o).renamed(d.StepMoves)
}

// KeysMade returns what tells the key that an actor of a name was last declared with, made in this way of results that nobody keeps; nil where
// none was. It may be asked by several at once.
func (r *Recalled) KeysMade() func(name, recipe string) []string {
	type making struct{ name, recipe string }
	last := sync.OnceValue(func() map[making]*Entry {
		last := map[making]*Entry{}
		for _, e := range r.Actors {
			made := making{e.Name, e.KeyRecipe}
			if known := last[made]; e.KeyRecipe != "" && (known == nil || known.LastApplied.Before(e.LastApplied)) {
				last[made] = e
			}
		}
		return last
	})
	return func(name, recipe string) []string {
		if e := last()[making{name, recipe}]; e != nil {
			return e.Key
		}
		return nil
	}
}

// KnowsInput reports whether it is remembered what the actor with this id was created with.
func (e *Entry) KnowsInput(actorID string) bool {
	return e != nil && e.ActorID == actorID && e.Input.Known()
}

// Step returns what is remembered of the step s on the actor with this id, or nil. It may be called on a nil Entry.
func (e *Entry) Step(s address.StepAddress, actorID string) *StepMemo {
	if e == nil {
		return nil
	}
	if memo := e.Of(actorID).Steps[s.Relative()]; memo != nil && memo.ActorID == actorID {
		return memo
	}
	return nil
}

// Owner says whose an actor is that a configuration declares: its project's, and with a prefix of the keys not that of another
// prefix. It is empty where neither has a name.
func Owner(project string, keyPrefix []string) string {
	if len(keyPrefix) == 0 {
		return project
	}
	return strings.TrimSpace(project + " -key-prefix=" + WireKey(keyPrefix))
}
