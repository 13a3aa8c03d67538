package ledger

import (
	"cmp"
	"slices"
	"time"

	"riveter/plan"
	"riveter/plan/address"
)

// intent is what a run was about to do to an actor when it was last heard of. Where the journal of that run on its own machine is
// there, it knows better. Where it is not, the run may have done all of it.
type intent struct {
	name    string
	key     []string
	address address.Address
	actorID string // empty while the actor is not known to have been created
	steps   []string
	at      time.Time
	tried   time.Time // by the server's clock; zero where nobody knows
}

func newIntent(i *plan.Intent, at time.Time) *intent {
	return &intent{name: i.Name, key: i.Key, address: i.Address, actorID: i.ActorID, steps: relative(i.Steps), at: at, tried: i.Tried}
}

func relative(steps []address.StepAddress) (names []string) {
	for _, s := range steps {
		names = append(names, s.Relative())
	}
	return names
}

// announce takes in what a run is about to do next.
func (m *memory) announce(announced []intentJSON) error {
	for i := range announced {
		in, err := announced[i].intent()
		if err != nil {
			return err
		}
		id := plan.IdentityOf(in.name, in.key)
		if before := m.intents[id]; before != nil {
			in.actorID = cmp.Or(in.actorID, before.actorID)
			in.steps = slices.Concat(before.steps, in.steps)
		}
		m.intents[id] = in
	}
	return nil
}

// markAgain says of which steps that are announced something is remembered already.
func (m *memory) markAgain(announced []intentJSON) {
	if m == nil {
		return
	}
	for i := range announced {
		in := &announced[i]
		entry := m.actors[plan.IdentityOf(string(in.Name), in.Key)].Of(string(in.ActorID))
		for _, step := range in.Steps {
			if entry != nil && entry.Steps[step] != nil {
				in.Again = append(in.Again, step)
			}
		}
	}
}

// bound takes in that an actor is there now.
func (m *memory) bound(id plan.Identity, actorID string) {
	if i := m.intents[id]; i != nil && actorID != "" {
		i.actorID = actorID
		m.reduce(id, i)
	}
}

// carriedOut takes in that there is a record of a step.
func (m *memory) carriedOut(id plan.Identity, step string) {
	if i := m.intents[id]; i != nil {
		i.steps = slices.DeleteFunc(i.steps, func(s string) bool { return s == step })
		m.reduce(id, i)
	}
}

// reduce drops an intent of which there is a record in full.
func (m *memory) reduce(id plan.Identity, i *intent) {
	if len(i.steps) == 0 && i.actorID != "" {
		delete(m.intents, id)
	}
}

// assume takes every intent for something that may have been done: the actor was perhaps created, and each of the steps is in
// doubt. Of an actor that was there the run has made no other step, so that it is still known of these that they were never made; of one
// that was to be created, nobody knows who has.
func (d *document) assume() {
	for _, m := range d.environments {
		for id, i := range m.intents {
			m.assume(id, i)
		}
		clear(m.intents)
	}
}

func (m *memory) assume(id plan.Identity, i *intent) {
	entry := m.at(id)
	if i.actorID == "" && entry.ActorID != "" { // perhaps another actor is in its place
		entry.Fresh = false
		made := &plan.Entry{Name: i.name, Key: i.key, Address: i.address, Created: true, Tried: i.tried, Doubles: entry.Formers()}
		m.actors[id] = made
		return
	}
	if i.actorID == "" {
		entry.Created, entry.Address, entry.Tried = true, i.address, i.tried
	}
	entry.Fresh = entry.Fresh && i.actorID != "" && i.actorID == entry.ActorID
	for _, step := range i.steps {
		begin(entry.Of(i.actorID), step, &plan.StepMemo{ActorID: i.actorID, Status: plan.StepStarted, At: i.at})
	}
}

// forgetIntents takes none of them for something that was done, as the journal tells what was.
func (d *document) forgetIntents() {
	for _, m := range d.environments {
		clear(m.intents)
	}
}
