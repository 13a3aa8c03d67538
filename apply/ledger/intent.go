package ledger

import (
	"slices"
	"time"

	"riveter/plan"
	"riveter/plan/address"
)

// intent is what a run was about to do to an actor when the document was saved. Where the journal of that run is there, it
// knows better. Where it is not, the run may have done all of it.
type intent struct {
	name    string
	key     []string
	address address.Address
	actorID string // empty while the actor is not known to have been created
	steps   []string
	at      time.Time
}

func newIntent(i *plan.Intent, at time.Time) *intent {
	var steps []string
	for _, s := range i.Steps {
		steps = append(steps, s.Relative())
	}
	return &intent{name: i.Name, key: i.Key, address: i.Address, actorID: i.ActorID, steps: steps, at: at}
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

// assume takes every intent for something that may have been done: the actor was perhaps created, each of the steps is in
// doubt, and of no other step it is said any more that it was never made.
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
		made := &plan.Entry{Name: i.name, Key: i.key, Address: i.address, Created: true, Doubles: []*plan.Entry{entry}}
		entry.Fresh = false
		m.actors[id] = made
		return
	}
	if i.actorID == "" {
		entry.Created, entry.Address = true, i.address
	}
	entry.Fresh = false
	for _, step := range i.steps {
		entry.Steps[step] = &plan.StepMemo{ActorID: i.actorID, Status: plan.StepStarted, At: i.at}
	}
}

// forgetIntents takes none of them for something that was done, as the journal tells what was.
func (d *document) forgetIntents() {
	for _, m := range d.environments {
		clear(m.intents)
	}
}
