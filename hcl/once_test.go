package hcl

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEachExpressionIsEvaluatedAsOftenAsItCanDiffer counts evaluations by the environment variables that they ask for.
func TestEachExpressionIsEvaluatedAsOftenAsItCanDiffer(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(`
		locals {
			shared = env("LOCAL", "")
			unused = env("UNUSED", "")
		}
		actor "x" "first" { key = "first" }
		actor "x" "many" {
			for_each = toset([for n in range(100) : "${n}${env("FOR_EACH", "")}"])
			key      = ["many", each.key, local.shared]
			input    = [env("INPUT", ""), local.shared]
			params   = { token = env("PARAMS", "") }
			pool     = env("POOL", "")

			read "info" { args = [env("READ", "")] }
			action "same" {
				args    = [env("ARGS", ""), actor.x.first.id]
				only_if = env("GUARD", "") == "x"
				timeout = "${env("TIMEOUT", "")}s"
			}
			action "own" { args = [self.id, read.info, env("OWN", "")] }
		}
		output "keys" { value = [env("OUTPUT", ""), [for m in actor.x.many : m.key]] }
	`)})
	failOn(t, diags)
	values, diags := cfg.Variables(VariableSources{})
	failOn(t, diags)
	e, diags := cfg.Evaluate(values, Options{Env: func(name string) (string, bool) {
		counts[name]++
		return "1", true
	}})
	failOn(t, diags)
	diags, err := e.Observe(t.Context(), Server{Observer: &fakeServer{}})
	if err != nil {
		t.Fatal(err)
	}
	failOn(t, diags)
	want := map[string]int{
		"LOCAL": 1, "UNUSED": 1, "FOR_EACH": 100, "INPUT": 1, "PARAMS": 1, "POOL": 1, "READ": 1, "ARGS": 1, "GUARD": 1, "TIMEOUT": 1,
		"OWN": 100, "OUTPUT": 1,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}

	// What became known of one actor is evaluated again for those that are asked about, and nothing else is.
	many := find(t, e, `actor.x.many["01"]`)
	e.Settle(find(t, e, "actor.x.first").Address, "id", true, time.UnixMilli(1))
	before := maps.Clone(counts)
	for range 2 {
		_, diags := e.Resolve(many.Address)
		failOn(t, diags)
	}
	before["OWN"] += 2
	before["ARGS"]++
	for _, name := range []string{"LOCAL", "UNUSED", "FOR_EACH", "OWN", "ARGS", "OUTPUT"} {
		if counts[name] != before[name] {
			t.Errorf("%s is evaluated %d times, not %d", name, counts[name], before[name])
		}
	}
}
