package screen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/view"
)

// Entry is an entry of the ledger, as JSON has it.
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
func DescribeEntries(entries []*plan.Entry, steps bool) []Entry {
	views := make([]Entry, len(entries))
	for i, e := range entries {
		views[i] = Entry{
			Address: e.Address.String(), Name: e.Name, Key: e.Key, ActorID: e.ActorID, Created: e.Created, Project: e.Project, FirstApplied: e.FirstApplied,
		}
		if steps {
			views[i].Steps = describeSteps(e)
		}
	}
	return views
}

func describeSteps(e *plan.Entry) (steps []EntryStep) {
	for _, name := range slices.Sorted(maps.Keys(e.Steps)) {
		memo := e.Steps[name]
		steps = append(steps, EntryStep{name, memo.Status, memo.At, memo.Args.Value, memo.Output, memo.Sealed != ""})
	}
	return steps
}

// WriteJSON prints v for programs and people. Secrets are taken out of the members that are foreign: those with what others have
// said or authors have written. Where none is named, that is everything.
func WriteJSON(out io.Writer, v any, foreign ...string) error {
	line, err := view.JSONLine(v)
	if err != nil {
		return err
	}
	hiding, ok := out.(*redact.Writer)
	if ok {
		if line, err = hiding.JSON(line, riveters(foreign)); err != nil {
			return err
		}
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(line), "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	if ok {
		return hiding.WriteHidden(view.EscapeUnprintable(indented.Bytes()))
	}
	_, err = out.Write(view.EscapeUnprintable(indented.Bytes()))
	return err
}

// riveters returns which members are riveter's own: all but those that are foreign, and the lists of steps that lead to some.
func riveters(foreign []string) func(path []string) bool {
	if len(foreign) == 0 {
		return nil
	}
	return func(path []string) bool {
		return path[len(path)-1] != "steps" && !slices.ContainsFunc(path, func(name string) bool { return slices.Contains(foreign, name) })
	}
}

// EntryText shows all that is remembered of an actor to a person.
func EntryText(e *plan.Entry) string {
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
		result := string(s.Output)
		if s.Sealed {
			result = "(sealed)"
		}
		line := fmt.Sprintf("  %-8s %s %s %s %s", s.Status, s.At.Format(time.RFC3339), s.Address, s.Args, result)
		b.WriteString(view.ShortenLine(strings.TrimRight(line, " ")) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
