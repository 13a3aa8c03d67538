package ledger

import (
	"encoding/json"
	"fmt"
	"time"

	"riveter/apply/ledger/jsonscan"
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
	KeyRecipe      string              `json:"key_recipe,omitempty"`
	PreventDestroy bool                `json:"prevent_destroy,omitempty"`
	OnDestroy      bool                `json:"on_destroy,omitempty"`
	DependsOn      []string            `json:"depends_on,omitempty"`
	FirstApplied   time.Time           `json:"first_applied,omitzero"`
	LastApplied    time.Time           `json:"last_applied,omitzero"`
	Tried          time.Time           `json:"tried,omitzero"`
	Until          time.Time           `json:"until,omitzero"`
	CrashPolicy    string              `json:"crash_policy,omitempty"`
	Input          memoJSON            `json:"input,omitzero"`
	Triggers       memoJSON            `json:"triggers,omitzero"`
	Steps          map[string]stepJSON `json:"steps,omitempty"`
	Withheld       map[string]string   `json:"withheld,omitempty"`
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

	OutputDigest string `json:"output_digest,omitempty"`
	Farewell     bool   `json:"on_destroy,omitempty"`
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
	Tried   time.Time `json:"tried,omitzero"`
	Again   []string  `json:"again,omitempty"` // in a journal: those of them of which something is remembered already
	At      time.Time `json:"at"`
}

func newIdentityJSON(id plan.Identity) *identityJSON { return &identityJSON{text(id.Name), id.Parts()} }

func (i *identityJSON) identity() plan.Identity { return plan.IdentityOf(string(i.Name), i.Key) }

func newEntryJSON(e *plan.Entry) entryJSON {
	out := entryJSON{
		Name: text(e.Name), Key: e.Key, Address: spell(e.Address), ActorID: text(e.ActorID), Created: e.Created, Fresh: e.Fresh,
		KeyRecipe: e.KeyRecipe, Project: e.Project, PreventDestroy: e.PreventDestroy, FirstApplied: e.FirstApplied, LastApplied: e.LastApplied, Tried: e.Tried, Until: e.Until,
		OnDestroy: e.OnDestroy, CrashPolicy: e.CrashPolicy, Input: memoJSON(e.Input), Triggers: memoJSON(e.Triggers),
		Steps: make(map[string]stepJSON, len(e.Steps)), Withheld: e.Withheld,
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
	return stepJSON{
		ActorID: text(s.ActorID), Status: s.Status, At: s.At, Args: memoJSON(s.Args), Output: s.Output, Sealed: s.Sealed,
		OutputDigest: s.OutputDigest, Farewell: s.Farewell,
	}
}

func (e *entryJSON) entry() (*plan.Entry, error) {
	out := &plan.Entry{
		Name: string(e.Name), Key: e.Key, ActorID: string(e.ActorID), Created: e.Created, Fresh: e.Fresh,
		KeyRecipe: e.KeyRecipe, Project: e.Project, PreventDestroy: e.PreventDestroy, FirstApplied: e.FirstApplied, LastApplied: e.LastApplied, Tried: e.Tried, Until: e.Until,
		OnDestroy: e.OnDestroy, CrashPolicy: e.CrashPolicy, Input: e.Input.memo(), Triggers: e.Triggers.memo(),
		Steps: make(map[string]*plan.StepMemo, len(e.Steps)), Withheld: e.Withheld,
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
		ActorID: string(s.ActorID), Status: s.Status, At: s.At, Args: s.Args.memo(), Output: jsonscan.Compact(s.Output), Sealed: s.Sealed,
		OutputDigest: s.OutputDigest, Farewell: s.Farewell,
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
	return value.Memo{Absent: m.Absent, Digest: m.Digest, Value: jsonscan.Compact(m.Value), Recipe: m.Recipe}
}

func newPoolJSON(p *plan.PoolEntry) poolJSON {
	return poolJSON{Name: text(p.Name), Address: spell(p.Address), Created: p.Created, Project: p.Project}
}

func (p *poolJSON) pool() (*plan.PoolEntry, error) {
	at, err := parse(p.Address)
	return &plan.PoolEntry{Name: string(p.Name), Address: at, Created: p.Created, Project: p.Project}, err
}

func newIntentJSON(i *intent) intentJSON {
	return intentJSON{Name: text(i.name), Key: i.key, Address: spell(i.address), ActorID: text(i.actorID), Steps: i.steps, At: i.at, Tried: i.tried}
}

func (i *intentJSON) intent() (*intent, error) {
	at, err := parse(i.Address)
	return &intent{name: string(i.Name), key: i.Key, address: at, actorID: string(i.ActorID), steps: i.Steps, at: i.At, tried: i.Tried}, err
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

// scan is what encoding/json does, without reflection. It knows no doubles, which only documents of version 1 come to, and reads steps
// apart.
func (e *entryJSON) scan(s *jsonscan.Scanner, steps map[string]*plan.StepMemo) {
	for name := range s.Members() {
		switch string(name) {
		case "name":
			e.Name = text(s.Text())
		case "key":
			e.Key = s.Texts()
		case "address":
			e.Address = s.Text()
		case "actor_id":
			e.ActorID = text(s.Text())
		case "created":
			e.Created = s.Bool()
		case "fresh":
			e.Fresh = s.Bool()
		case "project":
			e.Project = s.Text()
		case "key_recipe":
			e.KeyRecipe = s.Text()
		case "prevent_destroy":
			e.PreventDestroy = s.Bool()
		case "on_destroy":
			e.OnDestroy = s.Bool()
		case "depends_on":
			e.DependsOn = s.Texts()
		case "first_applied":
			scanTime(s, &e.FirstApplied)
		case "last_applied":
			scanTime(s, &e.LastApplied)
		case "tried":
			scanTime(s, &e.Tried)
		case "until":
			scanTime(s, &e.Until)
		case "crash_policy":
			e.CrashPolicy = s.Text()
		case "input":
			e.Input.scan(s)
		case "triggers":
			e.Triggers.scan(s)
		case "steps":
			scanSteps(s, steps)
		case "withheld":
			e.Withheld = map[string]string{}
			for name := range s.Members() {
				e.Withheld[string(name)] = s.Text()
			}
		default:
			s.Lose()
		}
	}
}

func scanSteps(s *jsonscan.Scanner, steps map[string]*plan.StepMemo) {
	for name := range s.Members() {
		step := string(name)
		var in stepJSON
		in.scan(s)
		memo, err := in.memo()
		if err != nil {
			s.Lose()
		}
		steps[step] = memo
	}
}

func (s *stepJSON) scan(in *jsonscan.Scanner) {
	for name := range in.Members() {
		switch string(name) {
		case "actor_id":
			s.ActorID = text(in.Text())
		case "status":
			s.Status = plan.StepStatus(in.Text())
		case "at":
			scanTime(in, &s.At)
		case "args":
			s.Args.scan(in)
		case "output":
			s.Output = in.Raw()
		case "sealed":
			s.Sealed = in.Text()
		case "output_digest":
			s.OutputDigest = in.Text()
		case "on_destroy":
			s.Farewell = in.Bool()
		default:
			in.Lose()
		}
	}
}

func (m *memoJSON) scan(s *jsonscan.Scanner) {
	for name := range s.Members() {
		switch string(name) {
		case "absent":
			m.Absent = s.Bool()
		case "digest":
			m.Digest = s.Text()
		case "value":
			m.Value = s.Raw()
		case "recipe":
			m.Recipe = s.Text()
		default:
			s.Lose()
		}
	}
}

func scanTime(s *jsonscan.Scanner, t *time.Time) {
	if t.UnmarshalJSON(s.Raw()) != nil {
		s.Lose()
	}
}
