package ledger

import (
	"cmp"

	"riveter/apply/ledger/jsonscan"
	"riveter/plan"
	"riveter/plan/value"
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

func (m *memory) bind(bound *entryJSON) error {
	entry, err := bound.entry()
	if err != nil {
		return err
	}
	entry.FirstApplied = cmp.Or(entry.FirstApplied, entry.LastApplied)
	m.put(entry.Identity(), entry)
	m.bound(entry.Identity(), entry.ActorID)
	return nil
}

// put keeps the steps that were made on this very actor, and forgets those on an earlier one in its place as soon as there is another.
func (m *memory) put(id plan.Identity, entry *plan.Entry) {
	before := m.actors[id]
	if entry.ActorID == "" {
		entry.Doubles = before.Formers()
		if before.MayHaveMade(entry.Tried) { // an earlier attempt may still come about
			entry.Tried = before.Tried
		}
	}
	if old := before.Of(entry.ActorID); old != nil {
		if old.ActorID == entry.ActorID || old.ActorID == "" {
			entry.FirstApplied = cmp.Or(old.FirstApplied, entry.FirstApplied)
		}
		if old.ActorID == entry.ActorID {
			entry.Withheld = old.Withheld
		}
		for name, memo := range old.Steps {
			if memo.ActorID == entry.ActorID && entry.Steps[name] == nil {
				entry.Steps[name] = memo
			}
		}
	}
	m.actors[id] = entry
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
	entry := m.at(id)
	entry.Steps, entry.Withheld = plan.Renamed(entry.Steps, to), plan.Renamed(entry.Withheld, to)
}

// conceal forgets values, but for their digests and what is no secret of results.
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
			memo.Output, memo.Sealed, memo.OutputDigest = jsonscan.Compact(c.Rests[step]), sealed, cmp.Or(memo.OutputDigest, c.Digests[step])
		}
	}
}

func (m *memory) started(id plan.Identity, step string, started *stepJSON) error {
	memo, err := started.memo()
	if err == nil {
		begin(m.at(id), step, memo)
		m.carriedOut(id, step)
	}
	return err
}

// begin puts a step in doubt. What it gave when it was done is the last that is known of its result.
func begin(entry *plan.Entry, step string, memo *plan.StepMemo) {
	if last := entry.Steps[step]; last != nil && last.ActorID == memo.ActorID {
		memo.OutputDigest = last.OutputDigest
	}
	entry.Steps[step] = memo
	delete(entry.Withheld, step)
}

// withheld records which guard did not let a step be made.
func (m *memory) withheld(id plan.Identity, step, recipe string) {
	entry := m.at(id)
	if entry.Withheld == nil {
		entry.Withheld = map[string]string{}
	}
	entry.Withheld[step] = recipe
}

// remade records how the arguments of a step that was done are made now.
func (m *memory) remade(id plan.Identity, step string, args value.Memo) {
	entry := m.actors[id]
	if entry == nil {
		return
	}
	if memo := entry.Steps[step]; memo != nil && memo.Status == plan.StepDone {
		memo.Args = args
	}
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
	memo.Status, memo.At, memo.Output, memo.Sealed = f.Status, f.At, jsonscan.Compact(f.Output), f.Sealed
	if f.Status == plan.StepDone {
		memo.OutputDigest = f.OutputDigest
	}
	return nil
}

// at returns the entry of an actor, which it adds if there is none.
func (m *memory) at(id plan.Identity) *plan.Entry {
	if m.actors[id] == nil {
		m.actors[id] = &plan.Entry{Name: id.Name, Key: id.Parts(), Steps: map[string]*plan.StepMemo{}}
	}
	return m.actors[id]
}
