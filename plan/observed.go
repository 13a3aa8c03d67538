package plan

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
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

// warnOfFailing says that an actor that stays does not start. It may yet, when what it lacks is there.
func (b *builder) warnOfFailing(c *ActorChange, o *Observed) {
	if o.Failing != "" {
		b.warnf(c.Desired, "Actor does not start", "%s is there and does not start: %s. It stays as it is; -replace='%s' makes it anew, which loses its state.",
			c.Address, strings.TrimSuffix(o.Failing, "."), c.Address)
	}
}

// crashSleep is what a server does with an actor that crashes, where nothing is declared.
const crashSleep = "sleep"

// CreatedPolicy returns with which crash policy the actors of the declaration are created.
func (s *Settings) CreatedPolicy() string { return cmp.Or(s.CrashPolicy, crashSleep) }

// checkSettled warns of what is declared otherwise than an actor was created with, and cannot be changed. The server says in
// which pool an actor is. Of the crash policy it says "sleep" whatever it is (engine 2.3.19), so that the ledger has to know.
func (b *builder) checkSettled(c *ActorChange, o *Observed, entry *Entry) {
	d := c.Desired.Settings
	if d.Pool != "" && o.Pool != "" && d.Pool != o.Pool {
		b.warnSettled(c, "pool", o.Pool, d.Pool)
	}
	if entry == nil || entry.ActorID != o.ActorID {
		return
	}
	if created := entry.CrashPolicy; created != "" && created != d.CreatedPolicy() {
		b.warnSettled(c, "crash_policy", created, d.CreatedPolicy())
	}
}

func (b *builder) warnSettled(c *ActorChange, name, before, after string) {
	b.warnf(c.Desired, "Setting cannot be changed", "%s was created with %s = %s, and is declared with %s, which has no effect on an actor that exists. "+
		"Write what it has, or make it anew with -replace='%s', which loses its state.", c.Address, name, address.Quote(before), address.Quote(after), c.Address)
}
