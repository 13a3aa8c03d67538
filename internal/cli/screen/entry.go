package screen

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"riveter/plan"
	"riveter/plan/view"
)

// Entries are entries of the ledger, as JSON has them: ledger.schema.json describes them.
type Entries struct {
	FormatVersion string  `json:"format_version"`
	Entries       []Entry `json:"entries"`
}

// Entry is one of them.
type Entry struct {
	Address      string      `json:"address"`
	Name         string      `json:"name"`
	Key          []string    `json:"key"`
	ActorID      string      `json:"actor_id,omitempty"`
	Created      bool        `json:"created"`
	Project      string      `json:"project,omitempty"`
	FirstApplied time.Time   `json:"first_applied,omitzero"`
	Steps        []EntryStep `json:"steps,omitempty"`
}

// EntryStep is a step that is remembered.
type EntryStep struct {
	Address string          `json:"address"`
	Status  plan.StepStatus `json:"status"`
	At      time.Time       `json:"at"`
	Args    json.RawMessage `json:"args,omitempty"`
	Output  json.RawMessage `json:"output,omitempty"`
	Sealed  bool            `json:"sealed,omitempty"`
}

// DescribeEntries describes entries of the ledger, with their steps where these are asked for.
func DescribeEntries(entries []*plan.Entry, steps bool) Entries {
	views := make([]Entry, len(entries))
	for i, e := range entries {
		views[i] = Entry{
			Address: e.Address.String(), Name: e.Name, Key: append([]string{}, e.Key...), ActorID: e.ActorID, Created: e.Created, Project: e.Project, FirstApplied: e.FirstApplied,
		}
		if steps {
			views[i].Steps = describeSteps(e)
		}
	}
	return Entries{FormatVersion: "1.0", Entries: views}
}

func describeSteps(e *plan.Entry) (steps []EntryStep) {
	for _, name := range slices.Sorted(maps.Keys(e.Steps)) {
		memo := e.Steps[name]
		steps = append(steps, EntryStep{name, memo.Status, memo.At, memo.Args.Value, memo.Output, memo.Sealed != ""})
	}
	return steps
}

// EntryText shows all that is remembered of an actor to a person. What others have said passes through foreign.
func EntryText(e *plan.Entry, foreign func(string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  name     %s\n  key      %s\n  actor    %s\n", e.Address, e.Name, view.KeyText(e.Key), e.ActorID)
	made := "adopted"
	if e.Created {
		made = "created by riveter"
	}
	fmt.Fprintf(&b, "  made     %s\n", made)
	if e.Project != "" {
		fmt.Fprintf(&b, "  project  %s\n", e.Project)
	}
	if !e.FirstApplied.IsZero() {
		fmt.Fprintf(&b, "  since    %s\n", e.FirstApplied.Format(time.RFC3339))
	}
	for _, s := range describeSteps(e) {
		result := foreign(string(s.Output))
		if s.Sealed {
			result = strings.TrimSpace(result + " (sealed)")
		}
		line := fmt.Sprintf("  %-8s %s %s %s %s", s.Status, s.At.Format(time.RFC3339), s.Address, foreign(string(s.Args)), result)
		b.WriteString(view.ShortenLine(strings.TrimRight(line, " ")) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
