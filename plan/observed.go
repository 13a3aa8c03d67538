package plan

import (
	"context"
	"maps"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// Observer looks at the server for what is declared. It never changes anything.
type Observer interface {
	// Observe resolves the declared actors and answers in the order of the question. Those whose key is not known are
	// not looked for and count as absent. Resolving wakes no actor. recalled holds the actor ids that the ledger
	// remembers, which may be cheaper to look up than keys.
	Observe(ctx context.Context, declared []*Desired, recalled *Recalled) ([]Observed, error)
}

// Reader asks actors for live values, which wakes them. It changes nothing else.
type Reader interface {
	// Read makes the declared reads of each actor, and reads its state where that is asked for. All of them exist. It
	// answers in the order of the question.
	Read(ctx context.Context, wanted []Read) ([]Live, error)
}

// Read is the question that an actor is asked.
type Read struct {
	Desired *Desired
	ActorID string
	Asleep  bool // when it was observed
}

// Live is what an actor said of itself.
type Live struct {
	State cty.Value            // cty.NilVal where it was not asked for, or could not be read
	Reads map[string]cty.Value // by label; those that failed are missing
	// Faults say why a read failed, by label, and StateFault why the state could not be read, in the actor's own words.
	Faults     map[string]string
	StateFault string
}

// Conceal returns what an actor said with each value as conceal returns it.
func (l *Live) Conceal(conceal func(cty.Value) cty.Value) *Live {
	concealed := *l
	concealed.State, concealed.Reads = conceal(l.State), make(map[string]cty.Value, len(l.Reads))
	for label, v := range l.Reads {
		concealed.Reads[label] = conceal(v)
	}
	return &concealed
}

// And returns what an actor said, with what it said when it was asked again.
func (l *Live) And(again *Live) *Live {
	all := *l
	if again.State != cty.NilVal {
		all.State = again.State
	}
	all.Reads = map[string]cty.Value{}
	maps.Copy(all.Reads, l.Reads)
	maps.Copy(all.Reads, again.Reads)
	return &all
}

// Observed is what the server says of one declared actor. The zero value is an actor that does not exist.
type Observed struct {
	Exists    bool
	Asleep    bool // to read from it wakes it
	ActorID   string
	Key       []string  // of an actor that was asked for by id
	CreatedAt time.Time // by the server's clock
	Pool      string    // it is in; empty where that is not known
	Failing   string    // why the actor does not start, in its own words; empty when it is well
	// Input is what the actor was created with, where that was read back, and InputFault why it could not be.
	Input      value.Memo
	InputFault string
}

// Surroundings is what a server has besides actors, as far as it is declared or remembered.
type Surroundings struct {
	Namespaces map[string]string    // how they are called for people, by name
	Pools      map[string]cty.Value // by name, as [DesiredRunnerConfig.Datacenters]
}
