package acceptance

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strconv"
	"text/template"
)

// chaosWorld is a configuration with every kind of step, in which every step is to be made exactly once.
type chaosWorld struct {
	run    string // in the keys of the actors, so that they are nobody else's
	Actors []*chaosActor
}

// chaosActor is a witness, or a clerk, which takes messages only.
type chaosActor struct {
	Name, Label, Key string
	Limits           bool // it has limits of its own on how long things may take
	Farewell         bool // it is told before it is destroyed
	Steps            []*chaosStep
}

// chaosStep is known to its actor by its label.
type chaosStep struct {
	Kind, Label  string // action, ensure, message, request or expect
	Actor        string // its address
	Method       string // of a request; empty for none, which means GET
	Milliseconds int    // how long the actor takes
	Waits        bool   // for the answer to a message
	Awaits       bool   // the event that tells of it
	Idempotent   bool   // it may be sent again
	Sensitive    bool   // what it gives is not kept
	Policy       string
	Uses         string // an expression: what another step gives; empty for nothing
}

func (a *chaosActor) Address() string { return "actor." + a.Name + "." + a.Label }

func (s *chaosStep) address() string { return s.Actor + "." + s.Kind + "." + s.Label }

// gives reports whether others can use what the step gives.
func (s *chaosStep) gives() bool {
	return s.Kind == "action" || s.Kind == "request" || s.Kind == "message" && s.Waits
}

func drawWorld(random *rand.Rand, run string) *chaosWorld {
	w := &chaosWorld{run: run}
	for i := range 2 + random.IntN(4) {
		a := &chaosActor{
			Name:     []string{"witness", "witness", "clerk"}[random.IntN(3)],
			Label:    string(rune('a' + i)),
			Limits:   random.IntN(2) == 0,
			Farewell: random.IntN(3) == 0,
		}
		a.Key, a.Farewell = run+"/"+a.Label, a.Farewell && a.Name == "witness"
		for j := range 1 + random.IntN(4) {
			s := w.drawStep(random, a)
			s.Label, s.Actor = "s"+strconv.Itoa(j), a.Address()
			a.Steps = append(a.Steps, s)
		}
		w.Actors = append(w.Actors, a)
	}
	return w
}

func (w *chaosWorld) drawStep(random *rand.Rand, of *chaosActor) *chaosStep {
	kinds := []string{"action", "action", "ensure", "request", "request", "expect"}
	if of.Name == "clerk" {
		kinds = []string{"message"}
	}
	s := &chaosStep{
		Kind:         kinds[random.IntN(len(kinds))],
		Method:       []string{"", "GET", "POST", "PUT"}[random.IntN(4)],
		Milliseconds: random.IntN(3) * random.IntN(100),
		Waits:        random.IntN(2) == 0,
		Awaits:       random.IntN(3) == 0,
		Idempotent:   random.IntN(5) == 0,
		Policy:       []string{"once", "on_change"}[random.IntN(2)],
		Sensitive:    random.IntN(5) == 0,
	}
	if random.IntN(2) == 0 {
		w.use(random, s, of)
	}
	return s
}

// use has a step use what one before it gives, of its own actor or another.
func (w *chaosWorld) use(random *rand.Rand, s *chaosStep, of *chaosActor) {
	var giving []*chaosStep
	for _, a := range append(w.Actors, of) {
		for _, other := range a.Steps {
			if other.gives() {
				giving = append(giving, other)
			}
		}
	}
	if len(giving) == 0 {
		return
	}
	from := giving[random.IntN(len(giving))]
	s.Uses = from.Actor + ".step." + from.Label + ".output.said"
	if from.Actor == of.Address() {
		s.Uses = "step." + from.Label + ".output.said"
	}
}

// farewell is the label of a step that is made before its actor is destroyed.
const farewell = "bye"

// all are the steps that an actor counts.
func (a *chaosActor) all() []*chaosStep {
	all := slices.DeleteFunc(slices.Clone(a.Steps), func(s *chaosStep) bool { return s.Kind == "expect" })
	if a.Farewell {
		all = append(all, &chaosStep{Kind: "action", Label: farewell, Actor: a.Address()})
	}
	return all
}

// render writes the configuration.
func (w *chaosWorld) render() ([]byte, error) {
	var b bytes.Buffer
	err := chaosConfiguration.Execute(&b, w)
	return b.Bytes(), err
}

var chaosConfiguration = template.Must(template.New("").Parse(`rivet {
  retries = 2
  timeouts { request = "15s" }
}
{{- range .Actors}}

actor "{{.Name}}" "{{.Label}}" {
  key = split("/", "{{.Key}}")
  {{- if .Limits}}
  timeouts {
    ready   = "40s"
    call    = "15s"
    destroy = "20s"
  }
  {{- end}}
  read "report" {}
  {{- range .Steps}}

  {{.Kind}} "{{.Label}}" {
    {{- if eq .Kind "action"}}
    call = "tell"
    args = ["{{.Label}}", {{.Milliseconds}}{{with .Uses}}, {{.}}{{end}}]
    {{- else if eq .Kind "message"}}
    queue = "work"
    body  = { name = "{{.Label}}"{{with .Uses}}, note = {{.}}{{end}} }
    wait  = {{.Waits}}
    {{- else if eq .Kind "request"}}
    path = "/{{.Label}}"
    headers = { "Idempotency-Key" = "{{.Label}}"{{with .Uses}}, "X-Note" = {{.}}{{end}} }
    {{- with .Method}}
    method = "{{.}}"
    {{- end}}
    {{- else if eq .Kind "ensure"}}
    value = try(read.report.facts.{{.Label}}, null)
    want  = {{.Milliseconds}}
    call  = "establish"
    args  = ["{{.Label}}", {{.Milliseconds}}]
    {{- else}}
    condition = {{with .Uses}}{{.}} != ""{{else}}length(read.report.counts) >= 0{{end}}
    {{- end}}
    {{- if eq .Kind "action" "message" "request"}}
    run        = "{{.Policy}}"
    idempotent = {{.Idempotent}}
    {{- if .Sensitive}}
    sensitive  = true
    {{- end}}
    {{- end}}
    {{- if and .Awaits (ne .Kind "expect")}}
    await "told" {
      condition = event.args[0] == "{{.Label}}"
      timeout   = "3s"
    }
    {{- end}}
  }
  {{- end}}
  {{- if .Farewell}}

  action "bye" {
    call = "tell"
    args = ["bye"]
    run  = "on_destroy"
  }
  {{- end}}
}
{{- end}}
`))
