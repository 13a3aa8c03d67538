package ledger

import (
	"encoding/json"
	"errors"
	"time"

	"riveter/plan"
	"riveter/plan/address"
)

// record is one thing that was done to an actor, or with one of its steps. One of its last members says which.
type record struct {
	Environment string            `json:"environment"`
	Actor       string            `json:"actor,omitempty"`
	Step        string            `json:"step,omitempty"` // its address within the actor
	Bind        *entryJSON        `json:"bind,omitempty"`
	Started     *stepJSON         `json:"started,omitempty"`
	Finished    *finishedJSON     `json:"finished,omitempty"`
	Forget      bool              `json:"forget,omitempty"`
	Moved       map[string]string `json:"moved,omitempty"` // of many actors: the new address by the old one
}

// finishedJSON is the end of a step.
type finishedJSON struct {
	Status plan.StepStatus `json:"status"`
	At     time.Time       `json:"at"`
	Output json.RawMessage `json:"output,omitempty"`
}

// apply adds r to d.
func (r *record) apply(d *document) error {
	m := d.at(r.Environment)
	if r.Moved != nil {
		return m.move(r.Moved)
	}
	address, err := address.Parse(r.Actor)
	if err != nil {
		return err
	}
	switch {
	case r.Bind != nil:
		return m.bind(address, r.Bind)
	case r.Started != nil:
		return m.started(address, r.Step, r.Started)
	case r.Finished != nil:
		return m.finished(address, r.Step, r.Finished)
	case r.Forget:
		delete(m, address)
		return nil
	default:
		return errors.New("a record says nothing")
	}
}
