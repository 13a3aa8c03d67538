package screen

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/view"
)

// stream shows a run to a program: one JSON object a line, with the field names of Terraform's machine-readable output
// where they mean the same.
type stream struct {
	out   io.Writer
	begin func() // says which riveter this is, the first time
}

// message is what every line has. Type tells which of the other members it has.
type message struct {
	Level   string `json:"@level"`
	Text    string `json:"@message"`
	Module  string `json:"@module"`
	Time    string `json:"@timestamp"`
	Type    string `json:"type"`
	Version string `json:"riveter,omitempty"`
	Format  string `json:"ui,omitempty"`

	Change     *plannedChange         `json:"change,omitempty"`
	Changes    *changeSummary         `json:"changes,omitempty"`
	Hook       *hook                  `json:"hook,omitempty"`
	Diagnostic *view.Diagnostic       `json:"diagnostic,omitempty"`
	Outputs    map[string]view.Output `json:"outputs,omitempty"`
	Plan       *view.Document         `json:"plan,omitempty"`
	Report     *view.Document         `json:"report,omitempty"`
}

type plannedChange struct {
	Resource resource          `json:"resource"`
	Action   plan.ChangeAction `json:"action"`
	Reason   string            `json:"reason,omitempty"`
}

type resource struct {
	Address string `json:"addr"`
	Name    string `json:"resource_type"`
	Label   string `json:"resource_name"`
	Module  string `json:"module"`
}

type changeSummary struct {
	Add       int    `json:"add"`
	Change    int    `json:"change"`
	Remove    int    `json:"remove"`
	Operation string `json:"operation"`
	view.Summary
}

// hook is about one change, or one step of it, while it happens.
type hook struct {
	Resource resource     `json:"resource"`
	Step     string       `json:"step,omitempty"`
	Action   string       `json:"action"`
	Result   plan.Outcome `json:"result,omitempty"`
	Elapsed  float64      `json:"elapsed_seconds,omitempty"`
	Error    string       `json:"error,omitempty"`
}

// JSON shows a run to a program. As soon as there is something to be said, it begins with the version of riveter that it is of.
func JSON(out io.Writer, version string) Screen {
	s := &stream{out: out}
	s.begin = sync.OnceFunc(func() {
		s.write(message{Type: "version", Text: "Riveter " + version, Version: version, Format: view.FormatVersion})
	})
	return s
}

func (s *stream) send(m message) {
	s.begin()
	s.write(m)
}

func (s *stream) write(m message) {
	if m.Level == "" {
		m.Level = "info"
	}
	m.Module, m.Time = "riveter.ui", time.Now().UTC().Format("2006-01-02T15:04:05.000000Z07:00")
	m.Text = view.Clean(m.Text)
	hiding, ok := s.out.(*redact.Writer)
	if !ok {
		_ = view.WriteJSON(s.out, m)
		return
	}
	line, err := view.JSONLine(m)
	if err == nil {
		line, err = hiding.JSON(line, part)
	}
	if err != nil {
		panic(err) // a message always has a JSON form
	}
	_ = hiding.WriteHidden(view.EscapeUnprintable(append(line, '\n'))) // the writer remembers its failure
}

// The members of messages and documents that hold what others have said and authors have written, in whole: all that is not
// riveter's own. It is only there that secrets are looked for: an address or a count that happens to look like one is none.
var (
	foreign = []string{"before", "after", "output", "value", "seen", "want", "error", "accepted", "problems", "detail", "code", "statement"}
	leading = []string{"hook", "diagnostic", "diagnostics", "snippet", "values", "plan", "report", "changes", "steps", "input", "fact", "outputs", "checks"}
)

func part(path []string) redact.Part {
	last := path[len(path)-1]
	isOutput := len(path) > 1 && path[len(path)-2] == "outputs"
	switch {
	case isOutput || slices.Contains(leading, last):
		return redact.Structure
	case slices.Contains(foreign, last):
		return redact.Value
	default:
		return redact.Own
	}
}

func (s *stream) Diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	for _, diag := range diags {
		d := view.DescribeDiagnostic(diag, files)
		level := "error"
		if diag.Severity == hcl2.DiagWarning {
			level = "warn"
		}
		s.send(message{Type: "diagnostic", Level: level, Text: d.Summary, Diagnostic: d})
	}
}

func (s *stream) Plan(d *view.Document, problems hcl2.Diagnostics, files map[string]*hcl2.File) {
	s.Diagnostics(problems, files)
	for i := range d.Changes.Told {
		c := &d.Changes.Told[i]
		if c.Action != plan.ActionNoOp {
			s.planned(c)
		}
		s.unknownSteps(c)
	}
	s.send(message{Type: "change_summary", Text: d.PlanLine(), Changes: summarize("plan", d.Summary)})
	s.send(message{Type: "plan", Text: "Plan document", Plan: d})
}

func (s *stream) planned(c *view.Change) {
	s.send(message{Type: "planned_change", Text: c.Address + ": " + string(c.Action), Change: &plannedChange{
		Resource: resourceOf(c.Address), Action: c.Action, Reason: c.Reason,
	}})
}

func (s *stream) unknownSteps(c *view.Change) {
	for _, step := range c.Steps {
		if step.Decision == plan.DecisionUnknown {
			s.send(message{Type: "step_unknown", Level: "warn", Text: step.Address + ": " + step.Reason, Hook: &hook{
				Resource: resourceOf(c.Address), Step: step.Address, Action: "call",
			}})
		}
	}
}

func (s *stream) PlanFailed(int) {}

func (s *stream) Observe(func() plan.Stats) (done func()) { return func() {} }

func (s *stream) Begin(*plan.Plan) {}

func (s *stream) Event(e apply.Event) {
	switch e := e.(type) {
	case apply.ChangeStarted:
		s.change("apply_start", e.Change, plan.Result{})
	case apply.Waiting:
		s.send(message{Type: "apply_progress", Text: redact.Text(s.out, waiting(e)), Hook: &hook{Resource: resourceAt(e.Change.Address), Action: string(e.Change.Action)}})
	case apply.ChangeEnded:
		s.change(suffix("apply", e.Result.Result), e.Change, e.Result.Result)
	case apply.StepStarted:
		s.step("step_start", e.Step, plan.Result{})
	case apply.StepEnded:
		s.step(suffix("step", e.Result), e.Step, e.Result)
	}
}

func suffix(prefix string, r plan.Result) string {
	if r.Outcome == plan.OutcomeDone {
		return prefix + "_complete"
	}
	return prefix + "_errored"
}

func (s *stream) change(kind string, c plan.Change, r plan.Result) {
	head := c.Head()
	s.hook(kind, hook{Resource: resourceAt(head.Address), Action: string(head.Action)}, head.Address.String(), r)
}

func (s *stream) step(kind string, step *plan.StepChange, r plan.Result) {
	addr, action := step.Address.String(), "call"
	if step.Address.Kind == address.StepExpect {
		action = "read"
	}
	s.hook(kind, hook{Resource: resourceAt(step.Address.Actor), Step: addr, Action: action}, addr, r)
}

func (s *stream) hook(kind string, h hook, address string, r plan.Result) {
	h.Result, h.Elapsed = r.Outcome, r.Elapsed.Seconds()
	state := cmp.Or(strings.ReplaceAll(string(r.Outcome), "_", " "), "started")
	m := message{Type: kind, Text: fmt.Sprintf("%s: %s %s", address, h.Action, state), Hook: &h}
	if r.Err != nil {
		m.Level, h.Error = "error", r.Err.Error()
	}
	s.send(m)
}

func (s *stream) Report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File) {
	s.Diagnostics(failures, files)
	if len(d.Outputs) > 0 {
		s.send(message{Type: "outputs", Text: fmt.Sprintf("Outputs: %d", len(d.Outputs)), Outputs: d.Outputs})
	}
	s.send(message{Type: "change_summary", Text: d.ReportLine(), Changes: summarize(string(d.Mode), d.Applied.Summary())})
	s.send(message{Type: "report", Text: "Report document", Report: d})
}

func (s *stream) Result(text string) { s.send(message{Type: "result", Text: text}) }

func (s *stream) Note(string) {}

func summarize(operation string, s view.Summary) *changeSummary {
	return &changeSummary{Add: s.Create + s.Replace, Change: s.Update, Remove: s.Destroy + s.Replace, Operation: operation, Summary: s}
}

// resourceOf reads an address that package plan has written.
func resourceOf(addr string) resource {
	a, err := address.Parse(addr)
	if err != nil {
		return resource{Address: addr}
	}
	return resourceAt(a)
}

func resourceAt(a address.Address) resource {
	return resource{Address: a.String(), Name: a.Name, Label: a.Label, Module: a.Module}
}
