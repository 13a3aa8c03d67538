package export_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/internal/export"
	"riveter/plan/address"
	"riveter/plan/value"
)

var update = flag.Bool("update", false, "write the golden files anew")

func str(s string) cty.Value { return cty.StringVal(s) }

func actorsOf(name string, keys ...[]string) []export.Actor {
	var actors []export.Actor
	for _, key := range keys {
		actors = append(actors, export.Actor{Name: name, Key: key, InputKnown: true})
	}
	return actors
}

func with(a export.Actor, change func(*export.Actor)) export.Actor {
	change(&a)
	return a
}

func object(members ...any) cty.Value {
	m := map[string]cty.Value{}
	for i := 0; i < len(members); i += 2 {
		m[members[i].(string)] = members[i+1].(cty.Value)
	}
	return cty.ObjectVal(m)
}

func TestWriteReadsAsIfAPersonHadWrittenIt(t *testing.T) {
	t.Parallel()
	created := func(name string, input cty.Value, key ...string) export.Actor {
		return export.Actor{Name: name, Key: key, InputKnown: true, Input: input}
	}
	state := func(name string, state cty.Value, key ...string) export.Actor {
		return export.Actor{Name: name, Key: key, InputKnown: true, State: state}
	}
	cases := []struct {
		name   string
		actors []export.Actor
		with   export.Options
	}{
		{"single", actorsOf("counter", []string{"visits"}, []string{"user", "7"}, []string{}), export.Options{}},
		{"one_part_varies", actorsOf("chatRoom", []string{"org-acme", "general"}, []string{"org-acme", "random"}, []string{"org-acme", "7"}), export.Options{}},
		{"few_kinds", actorsOf("chatRoom",
			[]string{"org-acme", "general"}, []string{"org-acme", "random"}, []string{"org-zeta", "general"}, []string{"org-zeta", "sales"},
			[]string{"org", "1", "members"}, []string{"org", "2", "members"}, []string{"org", "1", "log"}, []string{"org", "2", "log"}), export.Options{}},
		{"all_parts_vary", actorsOf("document", []string{"a", "1"}, []string{"b", "2"}, []string{"c", "3"}), export.Options{}},
		{"separators", actorsOf("document", []string{"a/b", "1"}, []string{"b", "2"}, []string{"/:|,; ", "3", "x"}, []string{"", "4", "y"}), export.Options{}},
		{"inputs", []export.Actor{
			created("chatRoom", object("topic", str("Everything else")), "org-acme", "general"),
			created("chatRoom", object("topic", str("Fun"), "limit", cty.NumberIntVal(5)), "org-acme", "random"),
			created("counter", object("start", cty.Zero), "a"),
			created("counter", object("start", cty.Zero), "b"),
			created("vault", cty.NullVal(cty.DynamicPseudoType), "null"),
			created("vault", cty.NilVal, "none"),
			created("values", object(
				"big", value.BigInt(big.NewInt(5)), "bytes", value.Bytes([]byte{1}), "date", value.Date(time.UnixMilli(0)), "none", value.Undefined,
				"for", cty.True, "a b", cty.NumberFloatVal(0.5), "${x}", str("%{ if }\n\"\\"), "empty", cty.EmptyObjectVal, "list", cty.EmptyTupleVal,
			), "v"),
		}, export.Options{}},
		{"unread_inputs", []export.Actor{{Name: "counter", Key: []string{"a"}}, {Name: "vault", Key: []string{"a"}, InputFault: "no \x1b[31m"}}, export.Options{}},
		{"state", []export.Actor{
			state("counter", object("count", cty.NumberIntVal(4)), "a"),
			state("counter", object("count", cty.NumberIntVal(5)), "b"),
			state("chatRoom", object("topic", str("Long "+strings.Repeat("x", 200)), "members", cty.TupleVal([]cty.Value{
				object("name", str("ada")), object("name", str("grace\nmalicious = true\u2028\u202e")),
			})), "general"),
			{Name: "vault", Key: []string{"closed"}, InputKnown: true, StateFault: "no\r\nkey = []"},
			state("many", cty.TupleVal(slices.Repeat([]cty.Value{str("0123456789")}, 100)), "items"),
		}, export.Options{}},
		{"settings", []export.Actor{
			with(actorsOf("counter", []string{"a"})[0], func(a *export.Actor) { a.Pool = "large" }),
			with(actorsOf("counter", []string{"b"})[0], func(a *export.Actor) { a.CrashPolicy = "restart" }),
		}, export.Options{Endpoint: "http://localhost:6420", Namespace: "staging"}},
		{"taken_labels", actorsOf("counter", []string{"a", "x"}, []string{"b", "c", "x"}, []string{"main"}), export.Options{Taken: []address.Address{
			{Kind: address.KindActor, Name: "counter", Label: "x"}, {Kind: address.KindActor, Name: "counter", Label: "main", Module: "module.m"},
		}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var all bytes.Buffer
			for _, f := range export.Write(c.actors, c.with).Files {
				fmt.Fprintf(&all, "-- %s --\n%s", f.Name, f.Content)
			}
			golden := filepath.Join("testdata", c.name+".txt")
			if *update {
				if err := os.WriteFile(golden, all.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), all.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteLeavesOutWhatCannotBeDeclared(t *testing.T) {
	t.Parallel()
	actors := slices.Concat(
		actorsOf("counter", []string{"e\u0301"}, []string{"nul\x00"}, []string{"fine"}),
		actorsOf("my actor", []string{"a"}),
		[]export.Actor{{Name: "counter", Unfit: "it has no key"}},
	)
	r := export.Write(actors, export.Options{})
	var reasons []string
	for _, o := range r.Omitted {
		reasons = append(reasons, o.Reason)
	}
	want := []string{
		"it has no key",
		"the key is not in Unicode's normal form C, to which HCL brings all text",
		"the key has the control character U+0000 in it",
		"its name is not one of 1 to 64 letters, digits, underscores and dashes",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if len(r.Declared) != 1 || r.Declared[0].Address.String() != "actor.counter.fine" {
		t.Errorf("declared %v", r.Declared)
	}
}
