package acceptance

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"text/template"

	"pgregory.net/rapid"
)

// declaration is an actor of a random configuration. All of them are probes, which count their calls.
type declaration struct {
	Label  string
	Spell  string // of its key: one of two, so that the label may come to mean another actor
	After  string // label of another one, to be done before; empty for none
	Input  creation
	OnEdit string // on_input_change: ignore or replace
	Steps  []declaredStep
}

// creation is the input of a probe.
type creation struct {
	Open   bool   // whether its guard is open at first
	Broken string // label of the step that fails at first; empty for none
}

// declaredStep is an ensure, or else an action with the policy.
type declaredStep struct {
	Label     string
	Ensure    bool
	Policy    string
	Guarded   bool   // made only on an actor whose guard is open
	OnUnknown string // fail, run or skip
	OnFailure string // halt or continue
	Version   int    // what is sent, and wanted
	Refers    bool   // sends the id of the actor that comes before too, if there is one
}

// id tells the declared actor from all others.
func (d *declaration) id() string { return d.Label + "/" + d.Spell }

func address(label string) string { return "actor.probe." + label }

func (d *declaration) address(s declaredStep) string {
	if s.Ensure {
		return address(d.Label) + ".ensure." + s.Label
	}
	return address(d.Label) + ".action." + s.Label
}

// configuration is written as a user would write it.
var configuration = template.Must(template.New("").Parse(`
{{- $run := .Run}}
{{- range .Declared}}{{$after := .After}}
actor "probe" "{{.Label}}" {
  key   = ["{{$run}}", "{{.Label}}", "{{.Spell}}"]
  input = { open = {{.Input.Open}}, broken = ["{{.Input.Broken}}"] }
  lifecycle { on_input_change = "{{.OnEdit}}" }
  {{- with .After}}
  depends_on = [actor.probe.{{.}}]
  {{- end}}

  read "report" { action = "report" }
  {{- range .Steps}}
  {{if .Ensure}}
  ensure "{{.Label}}" {
    value      = try(read.report.facts.{{.Label}}, 0)
    want       = {{.Version}}
    call       = "establish"
    args       = ["{{.Label}}", {{.Version}}]
    on_failure = "{{.OnFailure}}"
  }
  {{- else}}
  action "{{.Label}}" {
    call       = "call"
    args       = ["{{.Label}}", {{.Version}}{{if and .Refers $after}}, actor.probe.{{$after}}.id{{end}}]
    run        = "{{.Policy}}"
    on_unknown = "{{.OnUnknown}}"
    on_failure = "{{.OnFailure}}"
    {{- if .Guarded}}
    only_if    = read.report.open
    {{- end}}
  }
  {{- end}}
  {{- end}}
}
{{end}}`))

func render(t rapid.TB, run string, declared []*declaration) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := configuration.Execute(&b, map[string]any{"Run": run, "Declared": declared}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// renderRemoved writes the removed blocks of labels, which say whether the actor is destroyed.
func renderRemoved(removed map[string]bool) []byte {
	var b bytes.Buffer
	for _, label := range slices.Sorted(maps.Keys(removed)) {
		fmt.Fprintf(&b, "removed {\n  from    = %s\n  destroy = %t\n}\n", address(label), removed[label])
	}
	return b.Bytes()
}

// The names that a random configuration chooses from.
var (
	actorLabels = []string{"ada", "bob", "cyd"}
	spellings   = []string{"one", "two"}
	stepLabels  = []string{"p", "q", "r", "s"}
)

func drawDeclarations(t *rapid.T) []*declaration {
	labels := rapid.SliceOfNDistinct(rapid.SampledFrom(actorLabels), 1, len(actorLabels), rapid.ID[string]).Draw(t, "actors")
	slices.Sort(labels)
	declared := make([]*declaration, len(labels))
	for i, label := range labels {
		declared[i] = drawDeclaration(t, label, labels[:i])
	}
	return declared
}

func drawDeclaration(t *rapid.T, label string, before []string) *declaration {
	steps := rapid.SliceOfNDistinct(rapid.SampledFrom(stepLabels), 1, len(stepLabels), rapid.ID[string]).Draw(t, "steps of "+label)
	d := &declaration{
		Label: label,
		Spell: drawSpelling(t),
		After: rapid.SampledFrom(append([]string{""}, before...)).Draw(t, label+" comes after"),
		Input: creation{
			Open:   rapid.Bool().Draw(t, label+" is open"),
			Broken: rapid.SampledFrom(append([]string{"", ""}, steps...)).Draw(t, label+" is broken at"),
		},
		OnEdit: rapid.SampledFrom([]string{"ignore", "replace"}).Draw(t, "another input of "+label+" means"),
	}
	for _, step := range steps {
		d.Steps = append(d.Steps, drawStep(t, step))
	}
	return d
}

func drawStep(t *rapid.T, label string) declaredStep {
	return declaredStep{
		Label:     label,
		Ensure:    rapid.IntRange(0, 3).Draw(t, label+" is an ensure at 0") == 0,
		Policy:    rapid.SampledFrom([]string{"once", "once", "on_change", "on_change", "always"}).Draw(t, label+" runs"),
		Guarded:   rapid.Bool().Draw(t, label+" is guarded"),
		OnUnknown: rapid.SampledFrom([]string{"fail", "run", "skip"}).Draw(t, label+" when unknown"),
		OnFailure: rapid.SampledFrom([]string{"halt", "continue"}).Draw(t, label+" on failure"),
		Version:   drawVersion(t),
		Refers:    rapid.Bool().Draw(t, label+" refers"),
	}
}

// revise draws the configuration of the next round: the same with other arguments, or quite another one.
func revise(t *rapid.T, declared []*declaration) []*declaration {
	if declared == nil || rapid.IntRange(0, 2).Draw(t, "begins anew at 0") == 0 {
		return drawDeclarations(t)
	}
	revised := make([]*declaration, len(declared))
	for i, d := range declared {
		copied := *d
		if rapid.Bool().Draw(t, "changes the key of "+d.Label) {
			copied.Spell = drawSpelling(t)
		}
		copied.Steps = slices.Clone(d.Steps)
		for j := range copied.Steps {
			copied.Steps[j].Version = drawVersion(t)
		}
		revised[i] = &copied
	}
	return revised
}

// drawRemoved draws removed blocks for labels that are not declared.
func drawRemoved(t *rapid.T, declared []*declaration) map[string]bool {
	removed := map[string]bool{}
	for _, label := range actorLabels {
		isDeclared := slices.ContainsFunc(declared, func(d *declaration) bool { return d.Label == label })
		if !isDeclared && rapid.Bool().Draw(t, label+" is in a removed block") {
			removed[label] = rapid.Bool().Draw(t, "which destroys "+label)
		}
	}
	return removed
}

func drawSpelling(t *rapid.T) string { return rapid.SampledFrom(spellings).Draw(t, "key") }

func drawVersion(t *rapid.T) int { return rapid.IntRange(1, 2).Draw(t, "version") }
