package ledger

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"riveter/plan"
	"riveter/plan/address"
)

// What version 1 was, which riveter 0.1 wrote: an actor was known by the address of its declaration, so was a pool, and
// nothing had a checksum. Only what is read is left of it.

// memory1 is what version 1 remembers of one environment.
type memory1 map[address.Address]*plan.Entry

func (m memory1) bind(a address.Address, bound *entryJSON) error {
	entry, err := bound.entry()
	if err != nil {
		return err
	}
	if old := m[a]; old != nil {
		for name, memo := range old.Steps {
			if memo.ActorID == entry.ActorID {
				entry.Steps[name] = memo
			}
		}
	}
	m[a] = entry
	return nil
}

func (m memory1) move(to map[string]string) error {
	moved := make(memory1, len(to))
	for from, to := range to {
		old, err := address.Parse(from)
		if err != nil {
			return err
		}
		a, err := address.Parse(to)
		if err != nil {
			return err
		}
		if entry := m[old]; entry != nil {
			moved[a] = entry
		}
		delete(m, old)
	}
	maps.Copy(m, moved)
	return nil
}

func (m memory1) at(a address.Address) *plan.Entry {
	if m[a] == nil {
		m[a] = &plan.Entry{Steps: map[string]*plan.StepMemo{}}
	}
	return m[a]
}

// record1 is a record of version 1.
type record1 struct {
	Environment string            `json:"environment"`
	Actor       string            `json:"actor"`
	Step        string            `json:"step"`
	Bind        *entryJSON        `json:"bind"`
	Started     *stepJSON         `json:"started"`
	Finished    *finishedJSON     `json:"finished"`
	Forget      bool              `json:"forget"`
	Moved       map[string]string `json:"moved"`
}

func (r *record1) apply(d *document) error {
	m := d.at1(r.Environment)
	if r.Moved != nil {
		return m.move(r.Moved)
	}
	a, err := address.Parse(r.Actor)
	if err != nil {
		return err
	}
	switch {
	case r.Bind != nil:
		return m.bind(a, r.Bind)
	case r.Started != nil:
		memo, err := r.Started.memo()
		m.at(a).Steps[r.Step] = memo
		return err
	case r.Finished != nil:
		return finish(m.at(a), r.Step, r.Finished)
	case r.Forget:
		delete(m, a)
		return nil
	default:
		return errors.New("a record says nothing")
	}
}

func (d *document) at1(environment string) memory1 {
	if d.version1 == nil {
		d.version1 = map[string]memory1{}
	}
	if d.version1[environment] == nil {
		d.version1[environment] = memory1{}
	}
	return d.version1[environment]
}

func (r *documentReader) member1(name string) error {
	switch name {
	case "last_journal":
		return r.decode(&r.document.journal.ID)
	case "environments":
		return r.members(r.environment1)
	default:
		return r.commonMember(name)
	}
}

func (r *documentReader) environment1(id string) error {
	entries := r.document.at1(id)
	return r.members(func(text string) error {
		a, err := address.Parse(text)
		if err != nil {
			return err
		}
		if entries[a] != nil {
			return errors.New("it is there twice")
		}
		var in entryJSON
		if err := r.decode(&in); err != nil {
			return err
		}
		entries[a], err = in.entry()
		return err
	})
}

// group1 reads a line of a journal of version 1 after its first.
func group1(line []byte, d *document) error {
	var group []record1
	if err := json.Unmarshal(line, &group); err != nil {
		return err
	}
	for i := range group {
		if err := group[i].apply(d); err != nil {
			return err
		}
	}
	return nil
}

// migrate gives what version 1 remembers by address to the actors and pools that were declared there.
func (d *document) migrate() {
	for environment, entries := range d.version1 {
		m := d.at(environment)
		for _, a := range slices.SortedFunc(maps.Keys(entries), address.Address.Compare) {
			entry := entries[a]
			entry.Address = a
			if a.Kind == address.KindRunnerConfig {
				m.migratePool(entry)
				continue
			}
			entry.Name = cmp.Or(entry.Name, a.Name) // a step of what was never bound
			m.actors[entry.Identity()] = unite(m.actors[entry.Identity()], entry)
		}
	}
	d.version1 = nil
}

func (m *memory) migratePool(entry *plan.Entry) {
	pool := &plan.PoolEntry{Name: entry.Name, Address: entry.Address, Created: entry.Created}
	if other := m.pools[pool.Name]; other != nil {
		pool.Created = pool.Created || other.Created
	}
	m.pools[pool.Name] = pool
}

// unite makes one memory of two of the same identity, as an actor had that was declared under one address and then, without
// a moved block, under another one. What is known of one actor id is put together. Of several ids, the one to which something
// was done last comes first, and an actor that was perhaps never made says nothing beside one that was.
func unite(a, b *plan.Entry) *plan.Entry {
	if a == nil {
		return b
	}
	all := append([]*plan.Entry{a}, a.Doubles...)
	a.Doubles = nil
	if i := slices.IndexFunc(all, func(e *plan.Entry) bool { return e.ActorID == b.ActorID }); i >= 0 {
		all[i] = join(all[i], b)
	} else {
		all = append(all, b)
	}
	if len(all) > 1 {
		all = slices.DeleteFunc(all, func(e *plan.Entry) bool { return e.ActorID == "" && len(e.Steps) == 0 })
	}
	slices.SortStableFunc(all, func(a, b *plan.Entry) int { return lastStep(b).Compare(lastStep(a)) })
	all[0].Doubles = all[1:]
	return all[0]
}

// lastStep is when something was done to the actor last.
func lastStep(e *plan.Entry) (last time.Time) {
	for _, memo := range e.Steps {
		if memo.At.After(last) {
			last = memo.At
		}
	}
	return last
}

// join puts two memories of one actor id together. That a step was done counts more than that it is in doubt, and that more
// than that it failed.
func join(a, b *plan.Entry) *plan.Entry {
	if lastStep(a).After(lastStep(b)) {
		a, b = b, a
	}
	b.Created, b.Fresh = a.Created || b.Created, a.Fresh || b.Fresh
	if !b.Input.Known() {
		b.Input = a.Input
	}
	if !b.Triggers.Known() {
		b.Triggers = a.Triggers
	}
	rank := []plan.StepStatus{plan.StepFailed, plan.StepStarted, plan.StepDone}
	for name, memo := range a.Steps {
		other := b.Steps[name]
		if other == nil || cmp.Or(slices.Index(rank, memo.Status)-slices.Index(rank, other.Status), memo.At.Compare(other.At)) > 0 {
			b.Steps[name] = memo
		}
	}
	return b
}
