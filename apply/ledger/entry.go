package ledger

import (
	"encoding/json"
	"fmt"
	"time"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// identityJSON is an identity as journals have it.
type identityJSON struct {
	Name text     `json:"name"`
	Key  []string `json:"key,omitzero"` // absent: the actor has none
}

// entryJSON is an entry as documents and journals have it.
type entryJSON struct {
	Name           text                `json:"name"`
	Key            []string            `json:"key,omitzero"` // absent: the actor has none
	Address        string              `json:"address,omitempty"`
	ActorID        text                `json:"actor_id,omitempty"`
	Created        bool                `json:"created"`
	Fresh          bool                `json:"fresh,omitempty"`
	Project        string              `json:"project,omitempty"`
	PreventDestroy bool                `json:"prevent_destroy,omitempty"`
	OnDestroy      bool                `json:"on_destroy,omitempty"`
	DependsOn      []string            `json:"depends_on,omitempty"`
	FirstApplied   time.Time           `json:"first_applied,omitzero"`
	LastApplied    time.Time           `json:"last_applied,omitzero"`
	CrashPolicy    string              `json:"crash_policy,omitempty"`
	Input          memoJSON            `json:"input,omitzero"`
	Triggers       memoJSON            `json:"triggers,omitzero"`
	Steps          map[string]stepJSON `json:"steps,omitempty"`
	Doubles        []entryJSON         `json:"doubles,omitempty"`
}

// stepJSON is a step as documents and journals have it.
type stepJSON struct {
	ActorID text            `json:"actor_id,omitempty"` // empty: the entry's
	Status  plan.StepStatus `json:"status"`
	At      time.Time       `json:"at"`
	Args    memoJSON        `json:"args,omitzero"`
	Output  json.RawMessage `json:"output,omitempty"`
	Sealed  string          `json:"sealed,omitempty"`
}

// memoJSON is a memo as documents and journals have it.
type memoJSON struct {
	Absent bool            `json:"absent,omitempty"`
	Digest string          `json:"digest,omitempty"`
	Value  json.RawMessage `json:"value,omitempty"`
	Recipe string          `json:"recipe,omitempty"`
}

// poolJSON is the memory of a pool as documents and journals have it.
type poolJSON struct {
	Name    text   `json:"name"`
	Address string `json:"address,omitempty"`
	Created bool   `json:"created"`
	Project string `json:"project,omitempty"`
}

// intentJSON is an intent as documents and journals have it.
type intentJSON struct {
	Name    text      `json:"name"`
	Key     []string  `json:"key,omitzero"`
	Address string    `json:"address,omitempty"`
	ActorID text      `json:"actor_id,omitempty"`
	Steps   []string  `json:"steps,omitempty"`
	Again   []string  `json:"again,omitempty"` // in a journal: those of them of which something is remembered already
	At      time.Time `json:"at"`
}

func newIdentityJSON(id plan.Identity) *identityJSON { return &identityJSON{text(id.Name), id.Parts()} }

func (i *identityJSON) identity() plan.Identity { return plan.IdentityOf(string(i.Name), i.Key) }

func newEntryJSON(e *plan.Entry) entryJSON {
	out := entryJSON{
		Name: text(e.Name), Key: e.Key, Address: spell(e.Address), ActorID: text(e.ActorID), Created: e.Created, Fresh: e.Fresh,
		Project: e.Project, PreventDestroy: e.PreventDestroy, FirstApplied: e.FirstApplied, LastApplied: e.LastApplied,
		OnDestroy: e.OnDestroy, CrashPolicy: e.CrashPolicy, Input: memoJSON(e.Input), Triggers: memoJSON(e.Triggers),
		Steps: make(map[string]stepJSON, len(e.Steps)),
	}
	for _, on := range e.DependsOn {
		out.DependsOn = append(out.DependsOn, on.String())
	}
	for name, memo := range e.Steps {
		step := newStepJSON(memo)
		if memo.ActorID == e.ActorID {
			step.ActorID = ""
		}
		out.Steps[name] = step
	}
	for _, double := range e.Doubles {
		out.Doubles = append(out.Doubles, newEntryJSON(double))
	}
	return out
}

func newStepJSON(s *plan.StepMemo) stepJSON {
	return stepJSON{ActorID: text(s.ActorID), Status: s.Status, At: s.At, Args: memoJSON(s.Args), Output: s.Output, Sealed: s.Sealed}
}

func (e *entryJSON) entry() (*plan.Entry, error) {
	out := &plan.Entry{
		Name: string(e.Name), Key: e.Key, ActorID: string(e.ActorID), Created: e.Created, Fresh: e.Fresh,
		Project: e.Project, PreventDestroy: e.PreventDestroy, FirstApplied: e.FirstApplied, LastApplied: e.LastApplied,
		OnDestroy: e.OnDestroy, CrashPolicy: e.CrashPolicy, Input: e.Input.memo(), Triggers: e.Triggers.memo(),
		Steps: make(map[string]*plan.StepMemo, len(e.Steps)),
	}
	var err error
	if out.Address, err = parse(e.Address); err != nil {
		return nil, err
	}
	for _, text := range e.DependsOn {
		on, err := address.Parse(text)
		if err != nil {
			return nil, err
		}
		out.DependsOn = append(out.DependsOn, on)
	}
	if err := e.addSteps(out); err != nil {
		return nil, err
	}
	for i := range e.Doubles {
		double, err := e.Doubles[i].entry()
		if err != nil {
			return nil, err
		}
		out.Doubles = append(out.Doubles, double)
	}
	return out, nil
}

func (e *entryJSON) addSteps(to *plan.Entry) error {
	for name, step := range e.Steps {
		if step.ActorID == "" {
			step.ActorID = e.ActorID
		}
		memo, err := step.memo()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		to.Steps[name] = memo
	}
	return nil
}

func (s *stepJSON) memo() (*plan.StepMemo, error) {
	if err := checkStatus(s.Status); err != nil {
		return nil, err
	}
	return &plan.StepMemo{
		ActorID: string(s.ActorID), Status: s.Status, At: s.At, Args: s.Args.memo(), Output: canonical(s.Output), Sealed: s.Sealed,
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
	return value.Memo{Absent: m.Absent, Digest: m.Digest, Value: canonical(m.Value), Recipe: m.Recipe}
}

func newPoolJSON(p *plan.PoolEntry) poolJSON {
	return poolJSON{Name: text(p.Name), Address: spell(p.Address), Created: p.Created, Project: p.Project}
}

func (p *poolJSON) pool() (*plan.PoolEntry, error) {
	at, err := parse(p.Address)
	return &plan.PoolEntry{Name: string(p.Name), Address: at, Created: p.Created, Project: p.Project}, err
}

func newIntentJSON(i *intent) intentJSON {
	return intentJSON{Name: text(i.name), Key: i.key, Address: spell(i.address), ActorID: text(i.actorID), Steps: i.steps, At: i.at}
}

func (i *intentJSON) intent() (*intent, error) {
	at, err := parse(i.Address)
	return &intent{name: string(i.Name), key: i.Key, address: at, actorID: string(i.ActorID), steps: i.Steps, at: i.At}, err
}

// spell and parse write and read an address that may be missing.
func spell(a address.Address) string {
	if a == (address.Address{}) {
		return ""
	}
	return a.String()
}

func parse(text string) (address.Address, error) {
	if text == "" {
		return address.Address{}, nil
	}
	return address.Parse(text)
}
