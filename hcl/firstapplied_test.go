package hcl

import (
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

func TestFirstAppliedIsWhatTheLedgerKeeps(t *testing.T) {
	t.Parallel()
	const source = `
		actor "x" "a" {
			key   = "a"
			input = first_applied()
			action "s" { args = [first_applied()] }
		}
	`
	const kept, now, unknown = "2026-01-02T03:04:05.670Z", "2026-06-01T00:00:00.000Z", ""
	first, err := time.Parse(time.RFC3339, kept)
	if err != nil {
		t.Fatal(err)
	}
	began, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]string{"a": "id-a"}
	for name, test := range map[string]struct {
		actors          map[string]string
		entry           *plan.Entry
		replaced        bool
		planned, during string
	}{
		"new":               {nil, nil, false, unknown, now},
		"somebody else's":   {there, nil, false, unknown, now},
		"known":             {there, &plan.Entry{ActorID: "id-a", FirstApplied: first}, false, kept, kept},
		"replaced":          {there, &plan.Entry{ActorID: "id-a", FirstApplied: first}, true, unknown, now},
		"made anew":         {there, &plan.Entry{ActorID: "id-b", FirstApplied: first}, false, unknown, now},
		"gone":              {nil, &plan.Entry{ActorID: "id-a", FirstApplied: first}, false, unknown, now},
		"its creation cut":  {nil, &plan.Entry{Created: true, FirstApplied: first}, false, kept, kept},
		"created and cut":   {there, &plan.Entry{Created: true, FirstApplied: first}, false, kept, kept},
		"cut, made before":  {there, &plan.Entry{Created: true, FirstApplied: first, Tried: first}, false, unknown, now},
		"a ledger of 0.1":   {there, &plan.Entry{ActorID: "id-a"}, false, "1970-01-01T00:00:01.000Z", "1970-01-01T00:00:01.000Z"},
		"0.1 and made anew": {there, &plan.Entry{ActorID: "id-b"}, false, unknown, now},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recalled := &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{}}
			if test.entry != nil {
				recalled.Actors[plan.IdentityOf("x", []string{"a"})] = test.entry
			}
			e := observed(t, Server{
				Observer: &fakeServer{actors: test.actors}, Recalled: recalled,
				Replaces: func(*plan.Desired, plan.Observed) bool { return test.replaced },
			}, source)
			check := func(want string, d *plan.Desired) {
				t.Helper()
				for _, got := range []cty.Value{d.Input, sent(d.Steps[0]).Index(cty.NumberIntVal(0))} {
					if want == "" && got.IsKnown() || want != "" && !got.RawEquals(cty.StringVal(want)) {
						t.Errorf("it is %#v, not %q", got, want)
					}
				}
			}
			planned := find(t, e, "actor.x.a")
			check(test.planned, planned)
			e.Begin(began)
			resolved, diags := e.Resolve(planned.Address)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			check(test.during, resolved)
		})
	}
}

func TestFirstAppliedIsOfEachInstanceWhereverItIsCalled(t *testing.T) {
	t.Parallel()
	const native = `
		actor "x" "a" {
			for_each = toset(["p", "q"])
			key      = each.key
			dynamic "action" {
				for_each = ["one"]
				labels   = [action.value]
				content { args = [[for x in [1] : "${first_applied()}"]] }
			}
			dynamic "lifecycle" {
				for_each = [1]
				content { replace_triggered_by = [first_applied()] }
			}
			expect "e" { condition = first_applied() == "2026-01-02T03:04:05.670Z" }
		}
	`
	const inJSON = `{"actor": {"x": {"a": {
		"for_each": "${toset([\"p\", \"q\"])}", "key": "${each.key}",
		"action": {"one": {"args": [["${first_applied()}"]]}},
		"lifecycle": {"replace_triggered_by": ["${first_applied()}"]},
		"expect": {"e": {"condition": "${first_applied() == \"2026-01-02T03:04:05.670Z\"}"}}
	}}}}`
	at := map[string]time.Time{"p": time.UnixMilli(1767323045670), "q": time.UnixMilli(0)}
	recalled := &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{}}
	for key, first := range at {
		recalled.Actors[plan.IdentityOf("x", []string{key})] = &plan.Entry{ActorID: "id-" + key, FirstApplied: first}
	}
	for name, source := range map[string]string{"main.rivet.hcl": native, "main.rivet.json": inJSON} {
		server := Server{Observer: &fakeServer{actors: map[string]string{"p": "id-p", "q": "id-q"}}, Recalled: recalled}
		e := observedFiles(t, server, map[string][]byte{name: []byte(source)})
		for key, first := range at {
			d := find(t, e, `actor.x.a["`+key+`"]`)
			want := cty.TupleVal([]cty.Value{cty.StringVal(first.UTC().Format("2006-01-02T15:04:05.000Z"))})
			if got := sent(d.Steps[0]).Index(cty.NumberIntVal(0)); !got.RawEquals(want) {
				t.Errorf("%s: %s: a step sends %#v", name, key, got)
			}
			if !d.Triggers.RawEquals(want) {
				t.Errorf("%s: %s: it is triggered by %#v", name, key, d.Triggers)
			}
			if holds := d.Steps[1].Spec.(*plan.Expect).Condition; !holds.RawEquals(cty.BoolVal(key == "p")) {
				t.Errorf("%s: %s: the condition is %#v", name, key, holds)
			}
		}
	}
}
