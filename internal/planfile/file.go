// Package planfile is the file that a plan is saved in: all that planning read, so that it can be done again elsewhere, what it
// presumed of each actor, and the plan that was looked at.
//
//	File ─► Encode ─► one line of JSON, which ends with its digest ─► sealed with age, if it is to be
//	File ◄─ Decode ◄─ ────────────────────────────────────────────────┘
//
// No secret is in it: what holds one is withheld, with a digest under the ledger's key or of what it has beside, and taken from where it
// was when the plan is applied. schema.json describes it.
package planfile

import (
	"encoding/json"
	"time"
)

// FormatVersion is the version of the format. The minor version grows when fields are added, the major one when an older riveter
// would apply something else than was planned.
const FormatVersion = "1.2"

// Kind tells a plan file from other JSON.
const Kind = "riveter-plan"

// File is a saved plan.
type File struct {
	FormatVersion  string          `json:"format_version"`
	Kind           string          `json:"kind"`
	RiveterVersion string          `json:"riveter_version"`
	Options        Options         `json:"options"`
	Target         Target          `json:"target"`
	Ledger         Ledger          `json:"ledger"`
	Sources        Sources         `json:"sources"`
	Presumed       []Presumption   `json:"presumed"`
	Transition     string          `json:"transition"`
	Plan           json.RawMessage `json:"plan"` // the document, as plan -json has it
}

// Options are what the plan was made with. Addresses are spelled as flags have them.
type Options struct {
	Path           string   `json:"path"`
	Workdir        string   `json:"workdir"`
	Mode           string   `json:"mode"`
	ReadInputs     bool     `json:"read_inputs"`
	NoRefresh      bool     `json:"no_refresh"`
	IncludeAdopted bool     `json:"include_adopted"`
	Prune          bool     `json:"prune"`
	MaxDestroy     *int     `json:"max_destroy"`
	KeyPrefix      []string `json:"key_prefix,omitempty"`
	OnUnknown      string   `json:"on_unknown"`
	Target         []string `json:"target"`
	Exclude        []string `json:"exclude"`
	Rerun          []string `json:"rerun"`
	MarkDone       []string `json:"mark_done"`
	Invoke         []string `json:"invoke"`
	Replace        []string `json:"replace"`
}

// Target is the environment, without credentials.
type Target struct {
	Endpoint    string `json:"endpoint"`
	Namespace   string `json:"namespace"`
	NamespaceID string `json:"namespace_id"`
}

// Ledger is the memory that the plan was made with. The serial is zero where there was none yet.
type Ledger struct {
	Home    string `json:"home"`
	Path    string `json:"path,omitempty"` // where it is, or is to be, if that is a file of its machine
	Lineage string `json:"lineage"`
	Serial  uint64 `json:"serial"`
}

// Sources are what planning has read.
type Sources struct {
	Files       map[string]Source `json:"files"`       // by name; the listing of a folder by its name with a slash
	Environment map[string]Source `json:"environment"` // by name
	Variables   []Variable        `json:"variables"`   // of the command line, in order
	// Ephemeral are the names of the variables whose values are kept nowhere: they are given anew.
	Ephemeral []string `json:"ephemeral,omitempty"`
}

// Source is something that was read: its bytes, or that it was absent, or that it is withheld.
type Source struct {
	Content  []byte `json:"content,omitempty"`
	Absent   bool   `json:"absent,omitempty"`
	Withheld bool   `json:"withheld,omitempty"`
	Digest   string `json:"digest,omitempty"` // of what is withheld; where the ledger had no key yet, of what stands beside secrets
}

// Variable is a flag -var, of which the value may be withheld, or -var-file.
type Variable struct {
	Name string `json:"name,omitempty"`
	File string `json:"file,omitempty"`
	Source
}

// Presumption is what the plan takes for granted about one change.
type Presumption struct {
	Address   string    `json:"address"`
	Name      string    `json:"name"`
	Key       []string  `json:"key"`
	ActorID   string    `json:"actor_id,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	Entry     string    `json:"entry,omitempty"` // digest of what the ledger remembers of it
	Digest    string    `json:"digest"`          // of what is done, and why
}
