package hcl

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

func TestPartialPlansAskOnlyForWhatTheyNeed(t *testing.T) {
	t.Parallel()
	const source = `
		data "x" "settings" {
			key = "settings"
			read "names" {}
		}
		actor "x" "room" {
			for_each = toset(["a", "b"])
			key      = ["room", each.key]
			read "info" {}
			expect "e" { condition = read.info == 1 }
		}
		actor "x" "member" {
			for_each = toset(["a", "b"])
			key      = ["member", each.key]
			input    = actor.x.room[each.key].id
		}
		actor "x" "broken" {
			for_each = toset(data.x.settings.read.names)
			key      = each.key
		}
		actor "x" "loner" {
			key   = "loner"
			input = local.names
		}
		locals { names = data.x.settings.read.names }
		output "names" { value = local.names }
		output "loner" { value = actor.x.loner.key }
		check "c" {
			assert {
				condition     = actor.x.loner.id != ""
				error_message = "m"
			}
		}
	`
	room := []string{`actor.x.room["a"]`, `actor.x.room["b"]`}
	for _, test := range []struct {
		name, target, exclude string
		observed              []string
		asked                 []string // which answer nothing
		outputs               []string
	}{
		{name: "one instance", target: `actor.x.room["a"]`, observed: room[:1], asked: room[:1]},
		{name: "with what it refers to", target: `actor.x.member["a"]`, observed: []string{`actor.x.member["a"]`, room[0], room[1]}, asked: room},
		{name: "with data", target: "actor.x.loner", observed: []string{"actor.x.loner", "data.x.settings"}, asked: []string{"data.x.settings"}, outputs: []string{"names", "loner"}},
		{name: "nothing that there is", target: "actor.x.missing"},
		{
			name: "without a block", exclude: "actor.x.broken",
			observed: []string{"actor.x.loner", `actor.x.member["a"]`, `actor.x.member["b"]`, room[0], room[1], "data.x.settings"},
			asked:    append(slices.Clone(room), "data.x.settings"), outputs: []string{"names", "loner"},
		},
		{
			name: "without an instance", target: "actor.x.room", exclude: `actor.x.room["b"]`, observed: room[:1], asked: room[:1],
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := &fakeServer{actors: map[string]string{"settings": "id-s", "room/a": "id-a", "room/b": "id-b"}}
			actors := &fakeActors{live: plan.Live{Reads: map[string]cty.Value{"names": cty.SetVal([]cty.Value{cty.StringVal("n")})}}}
			e := partial(t, source, test.target, test.exclude)
			diags, err := e.Observe(t.Context(), Server{Observer: server, Reader: actors})
			if err != nil {
				t.Fatal(err)
			}
			failOn(t, diags)
			var asked []string
			for _, question := range actors.asked {
				address, _, _ := strings.Cut(question, ": ")
				asked = append(asked, address)
			}
			slices.Sort(asked)
			if diff := cmp.Diff(test.asked, asked); diff != "" {
				t.Errorf("asked: %s", diff)
			}
			if diff := cmp.Diff(test.observed, slices.Sorted(slices.Values(slices.Concat(server.batches...)))); diff != "" {
				t.Errorf("observed: %s", diff)
			}
			if test.exclude == "actor.x.broken" && !slices.Equal(e.LeftOut(), []string{"actor.x.broken"}) {
				t.Errorf("left out: %v", e.LeftOut())
			}
			outputs, diags := e.Outputs()
			failOn(t, diags)
			var names []string
			for _, o := range outputs {
				names = append(names, o.Name)
			}
			if diff := cmp.Diff(test.outputs, names); diff != "" {
				t.Errorf("outputs: %s", diff)
			}
			if _, diags := e.Checks(); diags.HasErrors() {
				t.Error(diags)
			}
		})
	}
}

// partial evaluates what a target, or an exception, leaves of a configuration.
func partial(t *testing.T, source, target, exclude string) *Evaluation {
	t.Helper()
	var orders plan.Orders
	for text, into := range map[string]*[]address.Pattern{target: &orders.Target, exclude: &orders.Exclude} {
		if text == "" {
			continue
		}
		p, err := address.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		*into = append(*into, p)
	}
	config, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(source)})
	failOn(t, diags)
	values, diags := config.Variables(VariableSources{})
	failOn(t, diags)
	e, diags := config.Evaluate(values, Options{Selection: orders})
	failOn(t, diags)
	return e
}
