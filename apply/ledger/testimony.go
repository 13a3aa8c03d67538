package ledger

import (
	"bufio"
	"io"
	"slices"
	"time"

	"riveter/apply/ledger/chain"
	"riveter/plan"
)

// testimony is what a journal that nobody else could read says of its run, when others have gone past it since: they had to take
// for possible what it knows. It is believed of whatever is remembered of that run only, and of what nobody has heard since.
// What somebody did or decided later stays.
type testimony struct {
	said  *document // by the journal alone
	began bool      // whether there is more than what was about to be done
	// accounts has what is in doubt on account of the run, and whether nothing was remembered of the step before.
	accounts map[doubt]bool
}

// doubt is a step that is remembered as started since the run announced or began it: the time tells it from that of any other.
type doubt struct {
	environment string
	actor       plan.Identity
	step        string
	at          int64 // in milliseconds, as they are recorded
}

func newDoubt(environment string, actor plan.Identity, step string, at time.Time) doubt {
	return doubt{environment, actor, step, at.UnixMilli()}
}

func readTestimony(journal io.Reader) (*testimony, error) {
	t := &testimony{said: &document{}, accounts: map[doubt]bool{}}
	lines := &chain.Reader{In: bufio.NewReader(journal)}
	if _, err := lines.Next(); err != nil { // the header
		return nil, err
	}
	for {
		line, err := lines.Next()
		if line == nil || err != nil {
			return t, err
		}
		var group []record
		if err := decodeStrictly(line, &group); err != nil {
			return nil, err
		}
		for i := range group {
			if err := t.hear(&group[i]); err != nil {
				return nil, err
			}
		}
	}
}

func (t *testimony) hear(r *record) error {
	t.began = t.began || r.Announced == nil
	for i := range r.Announced {
		in := &r.Announced[i]
		for _, step := range in.Steps {
			d := newDoubt(r.Environment, plan.IdentityOf(string(in.Name), in.Key), step, in.At)
			t.accounts[d] = !slices.Contains(in.Again, step)
		}
	}
	if r.Started != nil {
		t.accounts[newDoubt(r.Environment, r.Actor.identity(), r.Step, r.Started.At)] = false
	}
	return r.apply(t.said)
}

// amend puts what the run did, and what it did not do, in the place of what others took for possible. It reports whether there
// was any of it.
func (t *testimony) amend(d *document) (amended bool) {
	for environment, said := range t.said.environments {
		known := d.environments[environment]
		if known == nil {
			continue
		}
		w := witness{t, environment, said, known}
		for id, entry := range said.actors {
			amended = w.did(id, entry) || amended
		}
		for id, in := range said.intents {
			amended = w.didNot(id, in) || amended
		}
	}
	return amended
}

// witness is a testimony about one environment.
type witness struct {
	*testimony
	environment string
	said, known *memory
}

// did tells what the run did to an actor. One that is not remembered was forgotten since.
func (w *witness) did(id plan.Identity, said *plan.Entry) (amended bool) {
	known := w.known.actors[id]
	switch {
	case known == nil:
		return false
	case !said.LastApplied.IsZero() && w.isSupposed(id, known) && !known.LastApplied.After(said.LastApplied):
		clear(known.Steps) // which are this run's
		w.known.put(id, said)
		return true
	}
	for step, memo := range said.Steps {
		known := known.Of(memo.ActorID)
		if memo.ActorID != "" && w.knowsBetter(id, known, step, memo) {
			known.Steps[step] = memo
			amended = true
		}
	}
	return amended
}

// isSupposed reports whether all that is remembered of an actor is that this run perhaps created it, and took its first steps.
func (w *witness) isSupposed(id plan.Identity, known *plan.Entry) bool {
	for step, memo := range known.Steps {
		if !w.accountsFor(id, step, memo) {
			return false
		}
	}
	return known.ActorID == ""
}

// knowsBetter reports whether nobody else has heard how far the run got with a step.
func (w *witness) knowsBetter(id plan.Identity, known *plan.Entry, step string, said *plan.StepMemo) bool {
	memo := known.Steps[step]
	if memo == nil {
		return known.ActorID == said.ActorID
	}
	isSame := memo.Status == said.Status && memo.At.Equal(said.At)
	return !isSame && memo.ActorID == said.ActorID && w.accountsFor(id, step, memo)
}

// accountsFor reports whether a step is in doubt on account of this very run.
func (w *witness) accountsFor(id plan.Identity, step string, memo *plan.StepMemo) bool {
	_, ok := w.accounts[newDoubt(w.environment, id, step, memo.At)]
	return ok && memo.Status == plan.StepStarted
}

// didNot tells what the run had announced and did not come to. Of a step that was to be made again, it is not remembered any
// more how it was made before, so that it stays in doubt.
func (w *witness) didNot(id plan.Identity, in *intent) (amended bool) {
	known, said := w.known.actors[id], w.said.actors[id]
	switch {
	case known == nil:
		return false
	case said == nil && in.actorID == "" && w.isSupposed(id, known) && known.LastApplied.IsZero():
		w.known.uncreate(id)
		return true
	}
	known = known.Of(in.actorID)
	for _, step := range in.steps {
		memo := known.Steps[step]
		began := said != nil && said.Steps[step] != nil
		if memo != nil && !began && memo.ActorID == in.actorID && w.isOnlyAnnounced(id, step, memo) {
			delete(known.Steps, step)
			amended = true
		}
	}
	return amended
}

// isOnlyAnnounced reports whether nothing else is remembered of a step than that this run was to make it for the first time.
func (w *witness) isOnlyAnnounced(id plan.Identity, step string, memo *plan.StepMemo) bool {
	return memo.Status == plan.StepStarted && w.accounts[newDoubt(w.environment, id, step, memo.At)]
}

// uncreate forgets that an actor was perhaps created.
func (m *memory) uncreate(id plan.Identity) {
	before := m.actors[id].Doubles
	delete(m.actors, id)
	if len(before) > 0 {
		m.actors[id], before[0].Doubles = before[0], before[1:]
	}
}
