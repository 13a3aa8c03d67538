package hcl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// everythingIsReferredTo has outputs made of all that expressions may see of actors.
const everythingIsReferredTo = `
	locals { rooms = { a = "A", b = "B" } }
	actor "x" "input" {
		for_each = local.rooms
		key      = each.key
		input    = { topic = each.value }
	}
	actor "x" "own" {
		key   = "own"
		input = { topic = "own" }
		action "say" { args = [self.input.topic] }
		action "again" {
			for_each = toset(["a", "b"])
			args     = [each.value]
		}
		action "last" { args = [keys(step.again), step.say.output] }
		lifecycle {
			postcondition {
				condition     = self.input.topic == "own"
				error_message = "it is ${self.input.topic}"
			}
		}
	}
	actor "x" "whole" {
		key   = "whole"
		input = [1, 2]
	}
	actor "x" "rounds" {
		key = "rounds"
		action "say" {
			for_each = local.rooms
			args     = [each.value]
		}
	}
	actor "x" "unseen" {
		key    = "unseen"
		input  = { a = 1 }
		params = { b = 2 }
		action "say" { args = ["c"] }
	}
	output "input" { value = [for one in actor.x.input : one.input] }
	output "whole" { value = actor.x.whole }
	output "rounds" { value = keys(actor.x.rounds.step.say) }
	output "key" { value = actor.x.unseen.key }
`

// findings are what come of a configuration without a server.
type findings struct {
	Problems []string
	Outputs  map[string]string
	Actors   []string
}

func evaluateApart(t *testing.T, files map[string][]byte, path string, given []Given, opts Options) (*Evaluation, findings) {
	t.Helper()
	cfg, diags := LoadSources(path, files)
	if diags.HasErrors() {
		return nil, findings{}
	}
	values, more := cfg.Variables(VariableSources{Given: given, AllowMissing: true})
	diags = append(diags, more...)
	e, more := cfg.Evaluate(values, opts)
	diags = append(diags, more...)
	more, err := e.Observe(t.Context(), Server{})
	if err != nil {
		t.Fatal(err)
	}
	found := findings{Outputs: map[string]string{}}
	for _, d := range append(diags, more...) {
		found.Problems = append(found.Problems, d.Error()+"\n"+d.Detail)
	}
	outputs, _ := e.Outputs()
	for _, o := range outputs {
		found.Outputs[o.Name] = o.Value.GoString()
	}
	for _, d := range e.Desired() {
		found.Actors = append(found.Actors, d.Address.String()+" "+plan.WireKey(d.Key))
	}
	return e, found
}

func TestWhoOnlyChecksFindsTheSame(t *testing.T) {
	t.Parallel()
	cases := []*mistakes{{path: ".", files: map[string][]byte{"main.rivet.hcl": []byte(everythingIsReferredTo)}}}
	for _, path := range append(testFiles(t, "testdata/invalid/*"), testFiles(t, "testdata/valid/*")...) {
		cases = append(cases, readMistakes(t, path))
	}
	for _, c := range cases {
		_, all := evaluateApart(t, c.files, c.path, c.given, Options{Workdir: "/somewhere"})
		_, checked := evaluateApart(t, c.files, c.path, c.given, Options{Workdir: "/somewhere", OnlyCheck: true})
		if diff := cmp.Diff(all, checked); diff != "" {
			t.Errorf("%s: %s", c.path, diff)
		}
	}
}

func TestWhoOnlyChecksKeepsWhatIsReferredTo(t *testing.T) {
	t.Parallel()
	e, found := evaluateApart(t, map[string][]byte{"main.rivet.hcl": []byte(everythingIsReferredTo)}, ".", nil, Options{OnlyCheck: true})
	if len(found.Problems) > 0 {
		t.Fatal(found.Problems)
	}
	unseen := find(t, e, "actor.x.unseen")
	if unseen.Input != cty.NilVal || unseen.Params != cty.NilVal || unseen.Steps != nil || find(t, e, "actor.x.whole").Steps != nil {
		t.Errorf("something is kept that nothing refers to: %+v", unseen)
	}
}
