package hcl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// fakeServer knows some actors by their keys and remembers what it was asked.
type fakeServer struct {
	actors  map[string]string // id by key on the wire
	batches [][]string
}

func (s *fakeServer) Observe(_ context.Context, declared []*plan.Desired, _ *plan.Recalled) ([]plan.Observed, error) {
	observed := make([]plan.Observed, len(declared))
	var batch []string
	for i, d := range declared {
		batch = append(batch, d.Address.String())
		if id, ok := s.actors[plan.WireKey(d.Key)]; ok && d.Key != nil {
			observed[i] = plan.Observed{Exists: true, ActorID: id, CreatedAt: time.UnixMilli(1000)}
		}
	}
	s.batches = append(s.batches, batch)
	return observed, nil
}

// tryObserve evaluates a configuration against a server.
func tryObserve(tb testing.TB, server Server, source string) (*Evaluation, hcl2.Diagnostics) {
	tb.Helper()
	return tryFiles(tb, server, map[string][]byte{"main.rivet.hcl": []byte(source)})
}

func tryFiles(tb testing.TB, server Server, files map[string][]byte) (*Evaluation, hcl2.Diagnostics) {
	tb.Helper()
	cfg, diags := LoadSources(".", files)
	if diags.HasErrors() {
		return nil, diags
	}
	values, more := cfg.Variables(VariableSources{})
	diags = append(diags, more...)
	e, more := cfg.Evaluate(values, Options{})
	diags = append(diags, more...)
	server.Namespace = "default"
	more, err := e.Observe(tb.Context(), server)
	if err != nil {
		tb.Fatal(err)
	}
	return e, append(diags, more...)
}

// observed is tryObserve that fails the test on any diagnostic.
func observed(tb testing.TB, server Server, source string) *Evaluation {
	tb.Helper()
	return observedFiles(tb, server, map[string][]byte{"main.rivet.hcl": []byte(source)})
}

func observedFiles(tb testing.TB, server Server, files map[string][]byte) *Evaluation {
	tb.Helper()
	e, diags := tryFiles(tb, server, files)
	failOn(tb, diags)
	return e
}

func failOn(tb testing.TB, diags hcl2.Diagnostics) {
	tb.Helper()
	for _, d := range diags {
		tb.Fatal(d)
	}
}

func find(tb testing.TB, e *Evaluation, address string) *plan.Desired {
	tb.Helper()
	for _, d := range e.Desired() {
		if d.Address.String() == address {
			return d
		}
	}
	tb.Fatalf("%s is not declared", address)
	return nil
}

func TestActorsAreObservedInAsFewBatchesAsReferencesAllow(t *testing.T) {
	t.Parallel()
	server := &fakeServer{actors: map[string]string{"a": "id-a"}}
	observed(t, Server{Observer: server}, `
		actor "x" "a" { key = "a" }
		actor "x" "b" { key = actor.x.a.id }
		actor "x" "c" {
			key   = "c"
			input = actor.x.b.id
		}
		actor "x" "d" { key = concat(actor.x.a.key, ["d"]) }
	`)
	want := [][]string{{"actor.x.a", "actor.x.c", "actor.x.d"}, {"actor.x.b"}}
	if diff := cmp.Diff(want, server.batches); diff != "" {
		t.Error(diff)
	}
}

func TestDependenciesArePrecise(t *testing.T) {
	t.Parallel()
	const shared = `
		actor "x" "target" {
			for_each = toset(["p", "q"])
			key      = ["t", each.key]
		}
		actor "x" "single" { key = "s" }
		locals {
			first = actor.x.target["p"].id
			all   = [for t in actor.x.target : t.id]
		}
	`
	p, q := `actor.x.target["p"]`, `actor.x.target["q"]`
	tests := []struct {
		name, body string
		want       map[string][]string
	}{
		{"constant index", `input = actor.x.target["p"].id`, map[string][]string{"p": {p}, "q": {p}}},
		{"index by each", `input = actor.x.target[each.key].id`, map[string][]string{"p": {p}, "q": {q}}},
		{"index by expression", `input = actor.x.target[each.key == "p" ? "q" : "p"].key`, map[string][]string{"p": {q}, "q": {p}}},
		{"two instances", `input = [actor.x.target[each.key].id, actor.x.target["q"].id]`, map[string][]string{"p": {p, q}, "q": {q}}},
		{"through a local value", `input = local.first`, map[string][]string{"p": {p}, "q": {p}}},
		{"whole block through a local value", `input = local.all`, map[string][]string{"p": {p, q}, "q": {p, q}}},
		{"for expression", `input = [for t in actor.x.target : t.id]`, map[string][]string{"p": {p, q}, "q": {p, q}}},
		{"index bound by a for expression", `input = [for k in ["p"] : actor.x.target[k].id]`, map[string][]string{"p": {p, q}, "q": {p, q}}},
		{"splat", `input = values(actor.x.target)[*].id`, map[string][]string{"p": {p, q}, "q": {p, q}}},
		{"actor that is not repeated", `input = actor.x.single.name`, map[string][]string{"p": {"actor.x.single"}, "q": {"actor.x.single"}}},
		{"depends_on an instance", `depends_on = [actor.x.target["q"], actor.x.single]`, map[string][]string{"p": {"actor.x.single", q}, "q": {"actor.x.single", q}}},
		{"step for each of its own", `
			action "a" {
				for_each = toset(["q"])
				args     = [actor.x.target[each.key].id]
			}`, map[string][]string{"p": {q}, "q": {q}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := observed(t, Server{Observer: &fakeServer{}}, shared+fmt.Sprintf(`
				actor "y" "y" {
					for_each = toset(["p", "q"])
					key      = each.key
					%s
				}`, test.body))
			for key, want := range test.want {
				var got []string
				for _, a := range find(t, e, fmt.Sprintf("actor.y.y[%q]", key)).DependsOn {
					got = append(got, a.String())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s", key, diff)
				}
			}
		})
	}
}

func TestSettledActorsFillInWhatRefersToThem(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "a" {
			key = "a"
			action "greet" { args = [self.id, step.id] }
		}
		locals { id = actor.x.a.id }
		actor "x" "b" {
			key   = local.id
			input = { of = local.id, created = actor.x.a.created }
		}
		output "all" { value = [actor.x.b.key, actor.x.b.id] }
	`)
	a, b := find(t, e, "actor.x.a"), find(t, e, "actor.x.b")
	if b.Key != nil {
		t.Errorf("the key is known too early: %q", b.Key)
	}
	e.Settle(a.Address, "id-a", true, time.UnixMilli(5))
	step, diags := e.ResolveStep(a.Steps[0].Address)
	failOn(t, diags)
	if id := sent(step).Index(cty.NumberIntVal(1)).AsString(); len(id) != 36 {
		t.Errorf("step.id is %q", id)
	}
	resolved, diags := e.Resolve(b.Address)
	failOn(t, diags)
	if !slices.Equal(resolved.Key, []string{"id-a"}) {
		t.Errorf("the key is %q", resolved.Key)
	}
	want := cty.ObjectVal(map[string]cty.Value{"of": cty.StringVal("id-a"), "created": cty.True})
	if !resolved.Input.RawEquals(want) {
		t.Errorf("the input is %#v", resolved.Input)
	}
	e.Settle(b.Address, "id-b", true, time.UnixMilli(6))
	outputs, diags := e.Outputs()
	failOn(t, diags)
	wantOutput := cty.TupleVal([]cty.Value{cty.ListVal([]cty.Value{cty.StringVal("id-a")}), cty.StringVal("id-b")})
	if !outputs[0].Value.RawEquals(wantOutput) {
		t.Errorf("the output is %#v", outputs[0].Value)
	}
}

func TestAbsentInputIsNotNull(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "absent" { key = "a" }
		actor "x" "null" {
			key   = "b"
			input = null
		}
		actor "x" "undefined" {
			key   = "c"
			input = undefined()
		}
	`)
	for _, addr := range []string{"actor.x.absent", "actor.x.undefined"} { // which no actor can tell apart
		if find(t, e, addr).Input != cty.NilVal {
			t.Errorf("the input of %s is there", addr)
		}
	}
	if v := find(t, e, "actor.x.null").Input; v == cty.NilVal || !v.IsNull() {
		t.Errorf("the null input is %#v", v)
	}
}

func TestWhatInstancesShareIsEvaluatedOnce(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "many" {
			count = 3
			key   = [count.index]
			input = { list = [for n in range(10) : "item ${n}"] }
		}
	`)
	all := e.Desired()
	if all[0].Settings != all[2].Settings {
		t.Error("the settings are not shared")
	}
}

// As in Terraform, a function has a longer name too: core::upper. It is the same function to all who look for some of them.
func TestFunctionsHaveTheirNamespace(t *testing.T) {
	t.Parallel()
	const now = "2026-06-01T00:00:00.000Z"
	const native = `
		actor "x" "a" {
			key   = core::lower("A")
			input = [core::upper("b"), core::first_applied(), core::try(null.c, "d"), "${core::env("NOTHING", "e")}", core::templatestring("$${core::upper(f)}", { f = "f" })]
		}
	`
	const json = `{"actor": {"x": {"a": {"key": "${core::lower(\"A\")}", "input": [
		"${core::upper(\"b\")}", "${core::first_applied()}", "${core::try(null.c, \"d\")}", "${core::env(\"NOTHING\", \"e\")}",
		"${core::templatestring(\"$${core::upper(f)}\", { f = \"f\" })}"
	]}}}}`
	for name, source := range map[string]string{"main.rivet.hcl": native, "main.rivet.json": json} {
		e := observedFiles(t, Server{Observer: &fakeServer{actors: map[string]string{"a": "id-a"}}, Recalled: &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{
			plan.IdentityOf("x", []string{"a"}): {ActorID: "id-a", FirstApplied: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)},
		}}}, map[string][]byte{name: []byte(source)})
		var got []string
		for _, v := range find(t, e, "actor.x.a").Input.AsValueSlice() {
			v, _ = v.Unmark()
			got = append(got, v.AsString())
		}
		if diff := cmp.Diff([]string{"B", now, "d", "e", "F"}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for source, want := range map[string]string{
		"output \"o\" { value = core::toupper(1) }":             `There is no function named "toupper". Did you mean "upper"?`,
		"output \"o\" { value = provider::a::upper(1) }":        `There are no functions in namespace "provider::a::".`,
		"actor \"x\" \"a\" {\n  key = core::first_applied()\n}": "first_applied() is the time",
	} {
		_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, source)
		if len(diags) == 0 || !strings.Contains(diags[0].Detail, want) {
			t.Errorf("%s: %v", source, diags)
		}
	}
}
