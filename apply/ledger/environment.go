package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Environment records what is done in one environment. Its methods may be called concurrently. A record is durable when
// its method returns without an error, and survives whatever happens to the process or the machine then. That holds for what comes first, so that
// nothing is done which nobody remembers. What is over survives the end of the process at once, and that of the machine with the next
// durable record, after a quarter of a second, or at the end: see [Environment.Finished] and [Environment.Forget]. A call that is made after another one has
// returned is recorded after it.
//
// The methods take no context: what was done must be remembered also when the run is being cancelled, and a record takes
// no longer than a flush of the disk. After an error nothing more can be recorded, every later call fails likewise, and
// no more steps should be sent; what was recorded before is safe.
type Environment struct {
	ledger *Ledger
	id     string
}

// Bind records what entry says of an actor, but for its steps. Steps that are remembered of the same actor id stay, and those
// of an earlier actor are forgotten. The time of an actor's first apply stays what it is; that of one which the ledger does not know is
// the entry's or, where it has none, now. The owner is the ledger's own where the entry has none.
func (e *Environment) Bind(entry plan.Entry) error {
	if entry.ActorID == "" {
		if g := e.ledger.foretold.meet(foretoldActor{e.id, entry.Identity()}, e.now); g != nil {
			return e.ledger.recorder.secure(g)
		}
	}
	return e.append(e.bind(entry))
}

// Made records the same of an actor that was about to be created, and now is. It does not wait until that is durable, as it is
// with the next record, and at the latest when the ledger is closed: whoever reads that the actor was about to be created looks
// for it, and it has no steps yet.
func (e *Environment) Made(entry plan.Entry) error {
	return e.record(e.bind(entry), e.ledger.recorder.add)
}

func (e *Environment) bind(entry plan.Entry) record {
	entry.Steps, entry.Withheld, entry.Doubles = nil, nil, nil
	entry.Project = cmp.Or(entry.Project, e.ledger.owner)
	entry.LastApplied = e.now()
	bound := newEntryJSON(&entry)
	return record{Bind: &bound}
}

// BindPool records what pool says of the configuration of a pool. Its project is the ledger's own.
func (e *Environment) BindPool(pool plan.PoolEntry) error {
	pool.Project = e.ledger.project
	bound := newPoolJSON(&pool)
	return e.append(record{BindPool: &bound})
}

// Started records that a step is about to be sent to the actor with this id. From then on until it is recorded as
// finished it is in doubt.
func (e *Environment) Started(id plan.Identity, s address.StepAddress, actorID string, args value.Memo) error {
	return e.started(id, s, stepJSON{ActorID: text(actorID), Args: memoJSON(args)})
}

// Farewell records the same of a step that comes before the actor is destroyed.
func (e *Environment) Farewell(id plan.Identity, s address.StepAddress, actorID string, args value.Memo) error {
	return e.started(id, s, stepJSON{ActorID: text(actorID), Args: memoJSON(args), Farewell: true})
}

func (e *Environment) started(id plan.Identity, s address.StepAddress, started stepJSON) error {
	started.Status, started.At = plan.StepStarted, e.now()
	return e.append(record{Actor: newIdentityJSON(id), Step: s.Relative(), Started: &started})
}

// Withheld records how the guards were made that did not let a step be made, or of which results a fact is made that held. It does not wait until that is durable, as it is with the
// next record.
func (e *Environment) Withheld(id plan.Identity, s address.StepAddress, recipe string) error {
	return e.note(record{Actor: newIdentityJSON(id), Step: s.Relative(), Withheld: recipe})
}

// Remade records how the arguments of a step that was done are made now, which are the same. It does not wait until that is durable either.
func (e *Environment) Remade(id plan.Identity, s address.StepAddress, args value.Memo) error {
	remade := memoJSON(args)
	return e.note(record{Actor: newIdentityJSON(id), Step: s.Relative(), Remade: &remade})
}

// Finished records how a step ended, and what it returned, or nil where nobody will ask. What is secret of that is sealed, or not kept
// where nobody is named for whom. A step that was not started is recorded for the actor id that was bound last, with arguments
// that nobody knows. Where the machine ends before that is durable, the step is in doubt.
func (e *Environment) Finished(id plan.Identity, s address.StepAddress, status plan.StepStatus, output *value.Kept) error {
	finished := finishedJSON{Status: status, At: e.now()}
	if output != nil {
		sealed, err := e.ledger.seal(output.Secrets)
		if err != nil {
			return fmt.Errorf("seal the result of %s: %w", s, err)
		}
		finished.Output, finished.Sealed, finished.OutputDigest = output.Rest, sealed, output.Digest
	}
	return e.note(record{Actor: newIdentityJSON(id), Step: s.Relative(), Finished: &finished})
}

// Forget records that the ledger has nothing more to remember of an actor. Where the machine ends before that is durable, it remembers one
// that is not there.
func (e *Environment) Forget(id plan.Identity) error {
	return e.note(record{Actor: newIdentityJSON(id), Forget: true})
}

// ForgetPool records that the ledger has nothing more to remember of a pool.
func (e *Environment) ForgetPool(name string) error {
	return e.append(record{Pool: &name, Forget: true})
}

// MoveSteps records that steps of an actor, which are called as [address.StepAddress.Relative] spells it, are called something
// else from now on. All of them move at once, so that one may take
// the place of another.
func (e *Environment) MoveSteps(id plan.Identity, to map[string]string) error {
	return e.append(record{Actor: newIdentityJSON(id), MovedSteps: to})
}

// Concealed are values of an actor that turned out to be secret when they were remembered already.
type Concealed struct {
	Input, Triggers bool
	Args            []string               // of these steps, by their address within the actor
	Outputs         map[string]*value.Kept // of these
}

// Conceal records that only the digests of values are remembered from now on, and of results what is no secret. The rest of these is sealed
// where somebody is named for whom.
func (e *Environment) Conceal(id plan.Identity, c Concealed) error {
	concealed := concealedJSON{Input: c.Input, Triggers: c.Triggers, Args: c.Args, Outputs: map[string]string{}, Rests: map[string]json.RawMessage{}, Digests: map[string]string{}}
	for step, output := range c.Outputs {
		var err error
		if concealed.Outputs[step], err = e.ledger.seal(output.Secrets); err != nil {
			return fmt.Errorf("seal the result of %s: %w", step, err)
		}
		if concealed.Digests[step] = output.Digest; output.Rest != nil {
			concealed.Rests[step] = output.Rest
		}
	}
	return e.append(record{Actor: newIdentityJSON(id), Concealed: &concealed})
}

// seal seals what is secret of a result, if anything is, where somebody is named for whom.
func (l *Ledger) seal(secrets json.RawMessage) (string, error) {
	if secrets == nil || !l.sealer.CanSeal() {
		return "", nil
	}
	return l.sealer.Seal(secrets)
}

func (e *Environment) append(r record) error { return e.record(r, e.ledger.recorder.record) }

func (e *Environment) note(r record) error { return e.record(r, e.ledger.recorder.note) }

func (e *Environment) record(r record, by func(*record) error) error {
	r.Environment = e.id
	if err := by(&r); err != nil || e.ledger.shipper == nil {
		return err
	}
	return e.ledger.shipper.recorded(&r)
}

// now returns the time with as many digits as a person wants to read.
func (e *Environment) now() time.Time { return e.ledger.now().UTC().Truncate(time.Millisecond) }
