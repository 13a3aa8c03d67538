package ledger

import (
	"encoding/json"
	"errors"
	"time"

	"riveter/plan"
)

// record is one thing that was done to an actor, or with one of its steps. One of its last four members says which.
type record struct {
	Environment string        `json:"environment"`
	Actor       string        `json:"actor"`
	Step        string        `json:"step,omitempty"` // its address within the actor
	Bind        *entryJSON    `json:"bind,omitempty"`
	Started     *stepJSON     `json:"started,omitempty"`
	Finished    *finishedJSON `json:"finished,omitempty"`
	Forget      bool          `json:"forget,omitempty"`
}

// finishedJSON is the end of a step.
type finishedJSON struct {
	Status plan.StepStatus `json:"status"`
	At     time.Time       `json:"at"`
	Output json.RawMessage `json:"output,omitempty"`
}

// apply adds r to d.
func (r *record) apply(d *document) error {
	address, err := plan.ParseAddress(r.Actor)
	if err != nil {
		return err
	}
	entries := d.at(r.Environment)
	switch {
	case r.Bind != nil:
		return entries.bind(address, r.Bind)
	case r.Started != nil:
		return entries.started(address, r.Step, r.Started)
	case r.Finished != nil:
		return entries.finished(address, r.Step, r.Finished)
	case r.Forget:
		delete(entries, address)
		return nil
	default:
		return errors.New("a record says nothing")
	}
}

// bind keeps the steps that were made on this very actor, and forgets those on an earlier one in its place.
func (e environment) bind(a plan.Address, bound *entryJSON) error {
	entry, err := bound.entry()
	if err != nil {
		return err
	}
	if old := e[a]; old != nil {
		for name, memo := range old.Steps {
			if memo.ActorID == entry.ActorID {
				entry.Steps[name] = memo
			}
		}
	}
	e[a] = entry
	return nil
}

func (e environment) started(a plan.Address, step string, started *stepJSON) error {
	memo, err := started.memo()
	if err == nil {
		e.at(a).Steps[step] = memo
	}
	return err
}

func (e environment) finished(a plan.Address, step string, finished *finishedJSON) error {
	if err := checkStatus(finished.Status); err != nil {
		return err
	}
	entry := e.at(a)
	memo := entry.Steps[step]
	if memo == nil {
		memo = &plan.StepMemo{ActorID: entry.ActorID}
		entry.Steps[step] = memo
	}
	memo.Status, memo.At, memo.Output = finished.Status, finished.At, canonical(finished.Output)
	return nil
}

// at returns the entry of a, which it adds if there is none.
func (e environment) at(a plan.Address) *plan.Entry {
	if e[a] == nil {
		e[a] = &plan.Entry{Steps: map[string]*plan.StepMemo{}}
	}
	return e[a]
}
