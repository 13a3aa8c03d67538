package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"riveter/plan"
	"riveter/plan/value"
)

// entryJSON is an entry as documents and journals have it.
type entryJSON struct {
	Name     string              `json:"name"`
	Key      []string            `json:"key"`
	ActorID  string              `json:"actor_id,omitempty"`
	Created  bool                `json:"created"`
	Fresh    bool                `json:"fresh,omitempty"`
	Input    memoJSON            `json:"input,omitzero"`
	Triggers memoJSON            `json:"triggers,omitzero"`
	Steps    map[string]stepJSON `json:"steps,omitempty"`
}

// stepJSON is a step as documents and journals have it.
type stepJSON struct {
	ActorID string          `json:"actor_id,omitempty"` // empty: the entry's
	Status  plan.StepStatus `json:"status"`
	At      time.Time       `json:"at"`
	Args    memoJSON        `json:"args,omitzero"`
	Output  json.RawMessage `json:"output,omitempty"`
}

// memoJSON is a memo as documents and journals have it.
type memoJSON struct {
	Absent bool            `json:"absent,omitempty"`
	Digest string          `json:"digest,omitempty"`
	Value  json.RawMessage `json:"value,omitempty"`
}

func newEntryJSON(e *plan.Entry) entryJSON {
	out := entryJSON{
		Name: e.Name, Key: e.Key, ActorID: e.ActorID, Created: e.Created, Fresh: e.Fresh, Input: memoJSON(e.Input),
		Triggers: memoJSON(e.Triggers),
		Steps:    make(map[string]stepJSON, len(e.Steps)),
	}
	for name, memo := range e.Steps {
		step := newStepJSON(memo)
		if step.ActorID == e.ActorID {
			step.ActorID = ""
		}
		out.Steps[name] = step
	}
	return out
}

func newStepJSON(s *plan.StepMemo) stepJSON {
	return stepJSON{ActorID: s.ActorID, Status: s.Status, At: s.At, Args: memoJSON(s.Args), Output: s.Output}
}

func (e entryJSON) entry() (*plan.Entry, error) {
	out := &plan.Entry{
		Name: e.Name, Key: e.Key, ActorID: e.ActorID, Created: e.Created, Fresh: e.Fresh, Input: e.Input.memo(),
		Triggers: e.Triggers.memo(),
		Steps:    make(map[string]*plan.StepMemo, len(e.Steps)),
	}
	for name, step := range e.Steps {
		if step.ActorID == "" {
			step.ActorID = e.ActorID
		}
		memo, err := step.memo()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.Steps[name] = memo
	}
	return out, nil
}

func (s stepJSON) memo() (*plan.StepMemo, error) {
	if err := checkStatus(s.Status); err != nil {
		return nil, err
	}
	return &plan.StepMemo{
		ActorID: s.ActorID, Status: s.Status, At: s.At, Args: s.Args.memo(), Output: canonical(s.Output),
	}, nil
}

func checkStatus(s plan.StepStatus) error {
	switch s {
	case plan.StepStarted, plan.StepDone, plan.StepFailed:
		return nil
	default:
		return fmt.Errorf("%q is no status of a step", s)
	}
}

func (m memoJSON) memo() value.Memo {
	return value.Memo{Absent: m.Absent, Digest: m.Digest, Value: canonical(m.Value)}
}

// canonical takes out the white space that made a value readable.
func canonical(value json.RawMessage) json.RawMessage {
	if value == nil {
		return nil
	}
	b := bytes.NewBuffer(make([]byte, 0, len(value)))
	_ = json.Compact(b, value) // whoever decoded the value has seen that it is JSON
	return b.Bytes()
}
