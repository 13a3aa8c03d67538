package ledger

import (
	"encoding/json"
	"errors"
	"time"

	"riveter/plan"
)

// record is one thing that was done. Exactly one of the members after the step says what; those before it say to what.
type record struct {
	Environment string            `json:"environment"`
	Actor       *identityJSON     `json:"actor,omitempty"`
	Pool        *string           `json:"pool,omitempty"`
	Step        string            `json:"step,omitempty"` // its address within the actor
	Bind        *entryJSON        `json:"bind,omitempty"`
	BindPool    *poolJSON         `json:"bind_pool,omitempty"`
	Announced   []intentJSON      `json:"announced,omitempty"`
	Started     *stepJSON         `json:"started,omitempty"`
	Finished    *finishedJSON     `json:"finished,omitempty"`
	Withheld    string            `json:"withheld,omitempty"` // how the guards of a step are made
	Remade      *memoJSON         `json:"remade,omitempty"`   // how the arguments of a step that was done are made now
	Forget      bool              `json:"forget,omitempty"`
	MovedSteps  map[string]string `json:"moved_steps,omitempty"` // of an actor, the new address within it by the old one
	Concealed   *concealedJSON    `json:"concealed,omitempty"`
}

// concealedJSON says which values of an actor are not to be remembered in clear any more.
type concealedJSON struct {
	Input    bool                       `json:"input,omitempty"`
	Triggers bool                       `json:"triggers,omitempty"`
	Args     []string                   `json:"args,omitempty"`    // of these steps
	Outputs  map[string]string          `json:"outputs,omitempty"` // of these steps, what is secret, sealed; empty where it is not kept
	Rests    map[string]json.RawMessage `json:"rests,omitempty"`   // of those of these of which something is no secret
	Digests  map[string]string          `json:"digests,omitempty"` // of these
}

// finishedJSON is the end of a step.
type finishedJSON struct {
	Status plan.StepStatus `json:"status"`
	At     time.Time       `json:"at"`
	Output json.RawMessage `json:"output,omitempty"`
	Sealed string          `json:"sealed,omitempty"`

	OutputDigest string `json:"output_digest,omitempty"`
}

// apply adds r to d.
func (r *record) apply(d *document) error {
	m := d.at(r.Environment)
	switch {
	case r.Bind != nil:
		return m.bind(r.Bind)
	case r.BindPool != nil:
		return m.bindPool(r.BindPool)
	case r.Announced != nil:
		return m.announce(r.Announced)
	case r.Pool != nil && r.Forget:
		delete(m.pools, *r.Pool)
		return nil
	case r.Actor != nil:
		return r.applyTo(m, r.Actor.identity())
	default:
		return errors.New("a record says nothing")
	}
}

// applyTo adds what r says of one actor that is remembered.
func (r *record) applyTo(m *memory, id plan.Identity) error {
	switch {
	case r.Started != nil:
		return m.started(id, r.Step, r.Started)
	case r.Finished != nil:
		return m.finished(id, r.Step, r.Finished)
	case r.Remade != nil:
		m.remade(id, r.Step, r.Remade.memo())
		return nil
	case r.Withheld != "":
		m.withheld(id, r.Step, r.Withheld)
		return nil
	case r.MovedSteps != nil:
		m.moveSteps(id, r.MovedSteps)
		return nil
	case r.Concealed != nil:
		m.conceal(id, r.Concealed)
		return nil
	case r.Forget:
		delete(m.actors, id)
		return nil
	default:
		return errors.New("a record says nothing")
	}
}
