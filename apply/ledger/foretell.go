package ledger

import (
	"sync"
	"time"

	"riveter/plan"
)

// foretoldFor is how long it may take until an actor is created that was foretold. After that it is said again, as the time counts by which
// it is told from one that somebody else has made.
const foretoldFor = time.Minute

// foretold are the actors that a run will create, and to which it has not come yet.
type foretold struct {
	mu     sync.Mutex
	actors map[foretoldActor]saying
}

type foretoldActor struct {
	environment string
	identity    plan.Identity
}

// saying is the group of records that says of an actor that it will be created.
type saying struct {
	group *group
	at    time.Time
}

func (f *foretold) add(a foretoldActor, s saying) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.actors == nil {
		f.actors = map[foretoldActor]saying{}
	}
	f.actors[a] = s
}

// meet takes in that the run has come to an actor, and returns the group that says so, if there is one.
func (f *foretold) meet(a foretoldActor, now func() time.Time) *group {
	f.mu.Lock()
	defer f.mu.Unlock()
	said, ok := f.actors[a]
	delete(f.actors, a)
	if !ok || now().Sub(said.at) > foretoldFor {
		return nil
	}
	return said.group
}

// Foretell has whatever is recorded next say that an actor will be created, so that [Environment.Bind] need not wait for the disk when its turn comes. Of one
// to which the run does not come, nothing is remembered in the end. Nothing is foretold where somebody else has to be told, nor of an
// actor of which something is remembered already.
func (e *Environment) Foretell(entry plan.Entry) error {
	l, who := e.ledger, foretoldActor{e.id, entry.Identity()}
	if l.journal == nil || l.shipper != nil || l.journal.Private() || l.document.knows(who) {
		return nil
	}
	r := e.bind(entry)
	r.Environment = e.id
	g, err := l.recorder.join(&r, false)
	if err == nil {
		l.foretold.add(who, saying{g, r.Bind.LastApplied})
	}
	return err
}

func (d *document) knows(a foretoldActor) bool {
	m := d.environments[a.environment]
	return m != nil && m.actors[a.identity] != nil
}

// takeBack forgets the actors that were foretold and to which the run has not come.
func (l *Ledger) takeBack() error {
	for a := range l.foretold.actors {
		if err := l.recorder.add(&record{Environment: a.environment, Actor: newIdentityJSON(a.identity), Forget: true}); err != nil {
			return err
		}
	}
	return nil
}
