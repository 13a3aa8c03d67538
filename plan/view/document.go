package view

import (
	"encoding/json"

	"riveter/plan"
	"riveter/plan/address"
)

// FormatVersion is the version of the format of a [Document]. The minor version grows when fields are added, the major
// version when a reader of the old format would misunderstand the new one.
const FormatVersion = "1.1"

// Document is a plan, or a plan with what became of it, in the form in which it is saved and drawn. The field names of
// its JSON are a promise, and schema.json describes them. No document holds a sensitive value.
type Document struct {
	FormatVersion  string    `json:"format_version"`
	RiveterVersion string    `json:"riveter_version"` // Describe leaves it to the caller
	Mode           plan.Mode `json:"mode"`
	Target         Target    `json:"target"`
	Ledger         *Ledger   `json:"ledger,omitempty"` // absent where nothing is remembered
	// Transition is the digest by which the plan is approved. Describe leaves it to the caller.
	Transition  string            `json:"transition,omitempty"`
	Changes     Changes           `json:"changes"`
	Lookups     []Lookup          `json:"lookups,omitempty"`
	Outputs     map[string]Output `json:"outputs"`
	Checks      []Check           `json:"checks"`
	Diagnostics []*Diagnostic     `json:"diagnostics"` // Describe leaves them to the caller
	Summary     Summary           `json:"summary"`
	Observed    Observed          `json:"observed"`

	// A report has these two as well.
	Applied   *Applied `json:"applied,omitempty"`
	ElapsedMS int64    `json:"elapsed_ms,omitempty"`
	// Interrupted says of a report that the run was stopped, or cut off, before it came to its end.
	Interrupted bool `json:"interrupted,omitempty"`
}

// Lookup is an instance of a data block that is looked at during apply, when what it depends on is done.
type Lookup struct {
	Address   string   `json:"address"`
	Name      string   `json:"name"`
	Key       []string `json:"key"`        // null while it is not known
	Reason    string   `json:"reason"`     // why it is not looked at before
	DependsOn []string `json:"depends_on"` // the addresses that come first
}

// Check is what is known of a check block: pass, fail, or unknown. Problems has the messages of what does not hold.
type Check struct {
	Address  string   `json:"address"`
	Status   string   `json:"status"`
	Problems []string `json:"problems,omitempty"`
}

// Target is the environment of a document. The endpoint has no credentials in it.
type Target struct {
	Endpoint    string `json:"endpoint"`
	Namespace   string `json:"namespace"`
	NamespaceID string `json:"namespace_id"`
}

// Ledger is the state of the ledger that a plan was built from.
type Ledger struct {
	Lineage string `json:"lineage"`
	Serial  uint64 `json:"serial"`
}

// Change is what a plan has decided for one actor and, in a report, how that ended.
type Change struct {
	Address string            `json:"address"`
	Name    string            `json:"name"`
	Key     []string          `json:"key"` // null while it is not known
	Action  plan.ChangeAction `json:"action"`
	Became  plan.ChangeAction `json:"became,omitempty"` // in a report, what it was instead: it was looked for, or somebody else had made it
	// Destroyed says, in a report of a change that did not end well, that the actor which was there is gone.
	Destroyed bool   `json:"destroyed,omitempty"`
	Reason    string `json:"reason,omitempty"`
	// PreviousAddress is what the ledger last knew it as, where it is called something else now.
	PreviousAddress string   `json:"previous_address,omitempty"`
	ActorID         string   `json:"actor_id,omitempty"`   // of the actor that is there or, in a report, of the one it made
	CreatedAt       string   `json:"created_at,omitempty"` // of the actor that the plan found, in RFC 3339
	Settled         *Settled `json:"settled,omitempty"`    // how an actor is to be created; nil where all of that is the default
	Input           Input    `json:"input"`
	Steps           []Step   `json:"steps"`
	FormerSteps     []string `json:"former_steps,omitempty"`  // made on the actor and not declared any more, within its address
	FormerDoubts    []string `json:"former_doubts,omitempty"` // the same of what may have been made
	DependsOn       []string `json:"depends_on"`              // the addresses that come first
	Result
}

// Settled are the settings that an actor is created with and that can never be changed. Those that are not declared are empty.
type Settled struct {
	Pool        string `json:"pool,omitempty"`
	Region      string `json:"region,omitempty"`
	CrashPolicy string `json:"crash_policy,omitempty"`
}

// Input compares the input that an actor was created with to the declared one. Before and After are absent where there
// is no such input, or nobody remembers it; a part of them that is sensitive or not known is null.
type Input struct {
	Before          json.RawMessage `json:"before,omitempty"`
	After           json.RawMessage `json:"after,omitempty"`
	AfterUnknown    Mask            `json:"after_unknown"`
	Sensitive       Mask            `json:"sensitive"`                  // the sensitive parts of After
	BeforeSensitive Mask            `json:"before_sensitive,omitempty"` // the sensitive parts of Before
	Differs         bool            `json:"differs,omitempty"`          // and on_input_change has something to say about it
}

// Step is what a plan has decided for one step and, in a report, how that ended. Before holds the arguments it was made
// with, or may have been, null when it was not made or they are not remembered; After holds the arguments it has now.
type Step struct {
	Address         string           `json:"address"`
	Kind            address.StepKind `json:"kind"`
	Decision        plan.Decision    `json:"decision"`
	Reason          string           `json:"reason,omitempty"`
	Policy          plan.Policy      `json:"policy"`
	Call            string           `json:"call"`
	Before          json.RawMessage  `json:"before"`
	After           json.RawMessage  `json:"after"`
	AfterUnknown    Mask             `json:"after_unknown,omitempty"`
	Sensitive       Mask             `json:"sensitive,omitempty"`        // the sensitive parts of After
	BeforeSensitive Mask             `json:"before_sensitive,omitempty"` // the sensitive parts of Before
	MarkDone        bool             `json:"mark_done,omitempty"`        // recorded as done without a call
	Conditional     bool             `json:"conditional,omitempty"`      // called only if it turns out to be due
	Fact            *Fact            `json:"fact,omitempty"`             // of an ensure or expect
	Previously      string           `json:"previously,omitempty"`       // what the ledger calls it within the actor, where that is something else
	Result
	Output          json.RawMessage `json:"output,omitempty"` // what a call answered
	OutputSensitive Mask            `json:"output_sensitive,omitempty"`
	Unneeded        bool            `json:"unneeded,omitempty"` // a conditional step that turned out not to be due
	Made            int             `json:"made,omitempty"`     // instances that were made, of a step whose for_each was not known
	Accepted        string          `json:"accepted,omitempty"` // code of the error that the actor answered with, which counts as done
}

// Fact is what an ensure makes true and an expect waits for: a value as it is, as far as it is wanted, and as it should
// be. One that is a mere condition has no values.
type Fact struct {
	Seen          json.RawMessage `json:"seen,omitempty"`
	SeenUnknown   Mask            `json:"seen_unknown,omitempty"`
	SeenSensitive Mask            `json:"seen_sensitive,omitempty"`
	Want          json.RawMessage `json:"want,omitempty"`
	WantUnknown   Mask            `json:"want_unknown,omitempty"`
	WantSensitive Mask            `json:"want_sensitive,omitempty"`
}

// Result is the end of a change or a step. It is empty in a plan.
type Result struct {
	Outcome   plan.Outcome `json:"result,omitempty"`
	Error     string       `json:"error,omitempty"`
	Cause     string       `json:"cause,omitempty"` // the address because of which it was skipped
	ElapsedMS int64        `json:"elapsed_ms,omitempty"`
	Drift     bool         `json:"drift,omitempty"` // it was looked at, and is not as it is declared
}

// Output is the value of an output block.
type Output struct {
	Value     json.RawMessage `json:"value"`
	Unknown   Mask            `json:"after_unknown,omitempty"`
	Sensitive Mask            `json:"sensitive"`
}

// Summary counts the changes and calls of a plan.
type Summary struct {
	Create  int `json:"create"`
	Adopt   int `json:"adopt"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Destroy int `json:"destroy"`
	Forget  int `json:"forget"`
	Read    int `json:"read"` // actors to look for when their turn comes
	NoOp    int `json:"no_op"`

	Calls       int `json:"calls"` // those that are made always left out
	Always      int `json:"always"`
	Conditional int `json:"conditional"` // calls that are made only if they turn out to be due
	Checks      int `json:"checks"`      // expectations to look at
	Unknown     int `json:"unknown"`
	Mark        int `json:"mark"` // steps that are recorded as done without a call
}

// Observed counts what planning asked of the server.
type Observed struct {
	Resolved int     `json:"resolved"`
	Woken    int     `json:"woken"`
	Reads    int     `json:"reads"`
	Requests int     `json:"requests"`
	Seconds  float64 `json:"seconds"`
}
