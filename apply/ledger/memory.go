package ledger

import (
	"cmp"
	"maps"

	"riveter/plan"
)

// memory is what is remembered of one environment.
type memory struct {
	actors map[plan.Identity]*plan.Entry
	pools  map[string]*plan.PoolEntry
	// intents are what the run is about to do whose journal was merged last.
	intents map[plan.Identity]*intent
}

func newMemory() *memory {
	return &memory{
		actors: map[plan.Identity]*plan.Entry{}, pools: map[string]*plan.PoolEntry{}, intents: map[plan.Identity]*intent{},
	}
}

func (m *memory) isEmpty() bool { return len(m.actors)+len(m.pools)+len(m.intents) == 0 }

// bind keeps the steps that were made on this very actor, and forgets those on an earlier one in its place.
func (m *memory) bind(bound *entryJSON) error {
	entry, err := bound.entry()
	if err != nil {
		return err
	}
	entry.FirstApplied = cmp.Or(entry.FirstApplied, entry.LastApplied)
	if old := m.actors[entry.Identity()].Of(entry.ActorID); old != nil {
		if old.ActorID == entry.ActorID || old.ActorID == "" {
			entry.FirstApplied = old.FirstApplied
		}
		for name, memo := range old.Steps {
			if memo.ActorID == entry.ActorID {
				entry.Steps[name] = memo
			}
		}
	}
	m.actors[entry.Identity()] = entry
	m.bound(entry.Identity(), entry.ActorID)
	return nil
}

func (m *memory) bindPool(bound *poolJSON) error {
	pool, err := bound.pool()
	if err == nil {
		m.pools[pool.Name] = pool
	}
	return err
}

// moveSteps gives the steps of an actor other addresses within it, all at once.
func (m *memory) moveSteps(id plan.Identity, to map[string]string) {
	steps := m.at(id).Steps
	moved := make(map[string]*plan.StepMemo, len(to))
	for from, to := range to {
		if memo := steps[from]; memo != nil {
			moved[to] = memo
		}
		delete(steps, from)
	}
	maps.Copy(steps, moved)
}

// conceal forgets values, but for their digests.
func (m *memory) conceal(id plan.Identity, c *concealedJSON) {
	entry := m.at(id)
	if c.Input {
		entry.Input.Value = nil
	}
	if c.Triggers {
		entry.Triggers.Value = nil
	}
	for _, step := range c.Args {
		if memo := entry.Steps[step]; memo != nil {
			memo.Args.Value = nil
		}
	}
	for step, sealed := range c.Outputs {
		if memo := entry.Steps[step]; memo != nil {
			memo.Output, memo.Sealed = nil, sealed
		}
	}
}

func (m *memory) started(id plan.Identity, step string, started *stepJSON) error {
	memo, err := started.memo()
	if err == nil {
		m.at(id).Steps[step] = memo
		m.carriedOut(id, step)
	}
	return err
}

func (m *memory) finished(id plan.Identity, step string, f *finishedJSON) error {
	return finish(m.at(id), step, f)
}

// finish records the end of a step in the memory of its actor.
func finish(entry *plan.Entry, step string, f *finishedJSON) error {
	if err := checkStatus(f.Status); err != nil {
		return err
	}
	memo := entry.Steps[step]
	if memo == nil {
		memo = &plan.StepMemo{ActorID: entry.ActorID}
		entry.Steps[step] = memo
	}
	memo.Status, memo.At, memo.Output, memo.Sealed = f.Status, f.At, canonical(f.Output), f.Sealed
	return nil
}

// at returns the entry of an actor, which it adds if there is none.
func (m *memory) at(id plan.Identity) *plan.Entry {
	if m.actors[id] == nil {
		m.actors[id] = &plan.Entry{Name: id.Name, Key: id.Parts(), Steps: map[string]*plan.StepMemo{}}
	}
	return m.actors[id]
}
