package plan

import (
	"context"
	"time"
)

// Observer looks at the server for what is declared. It never changes anything.
type Observer interface {
	// Observe resolves the declared actors and answers in the order of the question. Those whose key is not known are
	// not looked for and count as absent. Resolving wakes no actor. recalled holds the actor ids that the ledger
	// remembers, which may be cheaper to look up than keys.
	Observe(ctx context.Context, declared []*Desired, recalled *Recalled) ([]Observed, error)
}

// Observed is what the server says of one declared actor. The zero value is an actor that does not exist.
type Observed struct {
	Exists    bool
	ActorID   string
	CreatedAt time.Time // by the server's clock
	Failing   string    // why the actor does not start, in its own words; empty when it is well
}
