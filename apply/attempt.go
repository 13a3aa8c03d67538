package apply

import (
	"cmp"
	"time"

	"riveter/plan"
)

// CreateLimit is how long an actor may take to be created, where its configuration does not say.
const CreateLimit = 2 * time.Minute // the engine may take 30 s to answer one request when its host is busy

const (
	// lateness is how long a request to create an actor may be on its way besides: a minute foretold, and a minute held by something
	// between when riveter has given up.
	lateness = 2 * time.Minute
	// clockError is by how much clocks may differ where the server has never said what time it is.
	clockError = 5 * time.Minute
)

// serverTime returns the earliest time that the server's clock may show now; zero where nobody knows.
func (o *Options) serverTime() time.Time {
	earliest, known := o.Executor.ServerTime()
	if !known {
		return time.Time{}
	}
	return earliest.UTC().Truncate(time.Millisecond)
}

// attempt returns when the actor may come into being, by the server's clock, if it is said now that it is to be created.
func (w *worker) attempt(d *plan.Desired) (from, until time.Time) {
	from = w.serverTime()
	until = from
	if from.IsZero() {
		now := time.Now().UTC().Truncate(time.Millisecond)
		from, until = now.Add(-clockError), now.Add(clockError)
	}
	return from, until.Add(cmp.Or(d.Settings.CreateTimeout, CreateLimit) + lateness)
}
