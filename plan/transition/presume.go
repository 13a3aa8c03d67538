package transition

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// Presumption is what a plan takes for granted about one change: when none of it has changed, neither has the change.
type Presumption struct {
	Address   string
	Name      string
	Key       []string
	ActorID   string
	CreatedAt time.Time
	Entry     string // digest of what the ledger remembers of it; empty for nothing
	Digest    string // of what would be done, with the facts because of which it would be
}

// Presume returns the presumptions of a plan, one for each of its changes.
func Presume(p *plan.Plan, recalled *plan.Recalled) ([]Presumption, error) {
	e := newEncoder(&plan.Plan{}, recalled) // ids are what they are
	all := make([]Presumption, len(p.Changes))
	for i, c := range p.Changes {
		due := dueSteps(c)
		described := presumed{Change: e.change(c, due)}
		for _, s := range due {
			if fact := s.Desired.Fact(); fact != nil && fact.Seen() != cty.NilVal {
				described.Seen = append(described.Seen, e.value(fact.Seen()))
			}
		}
		all[i] = Presumption{Address: described.Change.Address, Name: described.Change.Name}
		switch c := c.(type) {
		case *plan.ActorChange:
			all[i].Key, all[i].ActorID, all[i].CreatedAt = c.Key, c.ActorID, c.CreatedAt.UTC()
			all[i].Entry = e.digestOf(memory(c, recalled))
		case *plan.PoolChange:
			if c.Seen != cty.NilVal {
				described.Seen = append(described.Seen, e.value(c.Seen))
			}
		case *plan.NamespaceChange:
		}
		all[i].Digest = e.digestOf(described)
	}
	return all, e.err
}

// presumed is what is digested of a change.
type presumed struct {
	Change change `json:"change"`
	Seen   []any  `json:"seen,omitempty"`
}

// remembered is what a plan depends on of an entry.
type remembered struct {
	ActorID        string
	Created, Fresh bool
	Input          string
	Triggers       string
	Protected      bool `json:",omitempty"` // of what is to be destroyed
	Steps          map[string]rememberedStep
}

type rememberedStep struct {
	ActorID string
	Status  plan.StepStatus
	Digest  string
	At      time.Time
}

func memory(c *plan.ActorChange, recalled *plan.Recalled) *remembered {
	if c.Key == nil {
		return nil
	}
	entry := recalled.Actors[plan.IdentityOf(c.Name, c.Key)].Of(c.ActorID)
	if entry == nil {
		return nil
	}
	destroys := c.Action == plan.ActionDestroy || c.Action == plan.ActionReplace
	m := &remembered{entry.ActorID, entry.Created, entry.Fresh, entry.Input.Digest, entry.Triggers.Digest, destroys && entry.PreventDestroy, map[string]rememberedStep{}}
	for name, s := range entry.Steps {
		m.Steps[name] = rememberedStep{s.ActorID, s.Status, s.Args.Digest, s.At.UTC()}
	}
	return m
}

// digestOf is the digest of the canonical JSON of something, and empty for nothing.
func (e *encoder) digestOf(v any) string {
	if m, ok := v.(*remembered); ok && m == nil {
		return ""
	}
	sum := sha256.Sum256(e.canonical(v))
	return hex.EncodeToString(sum[:])
}
