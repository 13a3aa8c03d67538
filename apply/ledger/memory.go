package ledger

import (
	"maps"

	"riveter/plan"
	"riveter/plan/address"
)

// memory is what is remembered of one environment.
type memory map[address.Address]*plan.Entry

// bind keeps the steps that were made on this very actor, and forgets those on an earlier one in its place.
func (m memory) bind(a address.Address, bound *entryJSON) error {
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

// move gives entries other addresses, all at once.
func (m memory) move(to map[string]string) error {
	moved := make(memory, len(to))
	for from, to := range to {
		old, err := address.Parse(from)
		if err != nil {
			return err
		}
		address, err := address.Parse(to)
		if err != nil {
			return err
		}
		if entry := m[old]; entry != nil {
			moved[address] = entry
		}
		delete(m, old)
	}
	maps.Copy(m, moved)
	return nil
}

func (m memory) started(a address.Address, step string, started *stepJSON) error {
	memo, err := started.memo()
	if err == nil {
		m.at(a).Steps[step] = memo
	}
	return err
}

func (m memory) finished(a address.Address, step string, finished *finishedJSON) error {
	if err := checkStatus(finished.Status); err != nil {
		return err
	}
	entry := m.at(a)
	memo := entry.Steps[step]
	if memo == nil {
		memo = &plan.StepMemo{ActorID: entry.ActorID}
		entry.Steps[step] = memo
	}
	memo.Status, memo.At, memo.Output = finished.Status, finished.At, canonical(finished.Output)
	return nil
}

// at returns the entry of a, which it adds if there is none.
func (m memory) at(a address.Address) *plan.Entry {
	if m[a] == nil {
		m[a] = &plan.Entry{Steps: map[string]*plan.StepMemo{}}
	}
	return m[a]
}
