package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
	"riveter/plan/address"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what was drawn to a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

// lookupsWorld has data blocks that are looked at when what they depend on is done, among them many of one block.
func lookupsWorld(w *world) {
	w.actor(`actor.counter.a`, "a").step("heartbeat", "", runs(plan.RunAlways))
	look := func(text string, key ...string) {
		a, err := address.Parse(text)
		if err != nil {
			w.t.Fatal(err)
		}
		w.Lookups = append(w.Lookups, plan.Lookup{Address: a, Key: key, DependsOn: []address.Address{w.Desired[0].Address}})
	}
	look(`data.counter.given`)
	look(`data.counter.made`, "org", "made")
	for i := range 6 {
		look(fmt.Sprintf(`data.counter.many[%d]`, i), "many", fmt.Sprint(i))
	}
}

func TestDrawPlan(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		world   func(*world)
	}{
		{"create", Options{}, createWorld},
		{"create_colour", Options{Color: true}, createWorld},
		{"create_wide", Options{Width: 140}, createWorld},
		{"create_wrapped", Options{Width: 50, Wrap: true}, createWorld},
		{"concise", Options{Concise: true}, func(w *world) {
			createWorld(w)
			changeWorld(w)
		}},
		{"change", Options{}, changeWorld},
		{"adopt", Options{}, func(w *world) {
			w.actor(`actor.chatRoom.room["general"]`, "org-acme", "general").
				exists("9apcl0g9yyrjx4mjwxhkwpxmpgbl00").
				input(`{ topic = "General" }`).
				step(`addMember["alice"]`, `"alice"`).
				step(`addMember["bob"]`, `"bob"`).
				step("welcome", `{ text = "Welcome" }`, calls("postMessage")).
				step("heartbeat", "", runs(plan.RunAlways)).
				step("reset", "", runs(plan.RunManual))
		}},
		{"no_changes", Options{}, func(w *world) {
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "").step("seed", "1").did("1", plan.StepDone)
		}},
		{"always", Options{}, func(w *world) {
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "").
				step("seed", "1").did("1", plan.StepDone).
				step("heartbeat", "", runs(plan.RunAlways))
		}},
		{"renamed_instances", Options{}, func(w *world) {
			for i := range 6 {
				a := w.actor(fmt.Sprintf(`actor.counter.many[%d]`, i), "many", fmt.Sprint(i)).exists("id1").recalled("id1", "").step("seed", "1")
				a.world.Recalled.Actors[a.Identity()].Address.Label = "former"
			}
		}},
		{"lookups", Options{}, lookupsWorld},
		{"lookups_concise", Options{Concise: true}, lookupsWorld},
		{"input_changed", Options{}, func(w *world) {
			w.actor(`actor.chatRoom.room`, "general").exists("id1").
				input(`{ topic = "New topic", tags = ["a", "c", "d"], limits = { members = 20, files = 3 }, kind = "open" }`).
				recalled("id1", `{ topic = "Old topic", tags = ["a", "b", "d"], limits = { members = 10, files = 3 }, kind = "open" }`)
		}},
		{"replace", Options{}, func(w *world) {
			a := w.actor(`actor.chatRoom.room`, "general").exists("id1").
				input(`{ topic = "New", owner = unknown }`).recalled("id1", `{ topic = "Old" }`).
				step("welcome", `"hello"`).did(`"hello"`, plan.StepDone)
			a.Input = val(w.t, `{ topic = "New" }`)
			a.Settings.OnInputChange = plan.InputReplace
		}},
		{"destroy", Options{}, func(w *world) {
			w.Mode = plan.ModeDestroy
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "")
			w.actor(`actor.counter.b`, "b").exists("id2")
			w.actor(`actor.counter.c`, "c").recalled("id3", "")
		}},
		{"in_doubt", Options{}, func(w *world) {
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "").step("seed", "1").did("1", plan.StepStarted)
		}},
		{"forget", Options{}, func(w *world) {
			w.actor(`actor.counter.a`, "a").exists("id1").recalled("id1", "")
			w.Desired, w.Observed = nil, nil
		}},
		{"hidden_values", Options{}, hiddenWorld},
		{"decided", Options{}, func(w *world) {
			w.Orders = plan.Orders{Rerun: patterns(w.t, "actor.counter.*.action.seed"), MarkDone: patterns(w.t, "actor.counter.a.action.other")}
			w.actor(`actor.counter.a`, "a").exists("id1").step("seed", "1").step("other", "2")
		}},
		{"facts", Options{}, func(w *world) {
			w.actor(`actor.chatRoom.a`, "a").exists("id1").recalled("id1", "").
				fact(address.StepEnsure, "topic", `"Old"`, `"New"`).
				fact(address.StepEnsure, "limits", `{ members = 10, files = 3, more = true }`, `{ members = 20, files = 3 }`).
				fact(address.StepEnsure, "same", `1`, `1`).
				fact(address.StepEnsure, "secret", `"a"`, `secret`).
				fact(address.StepExpect, "members", `1`, `2`)
			w.actor(`actor.chatRoom.b`, "b").
				fact(address.StepEnsure, "topic", `unknown`, `"New"`).
				fact(address.StepExpect, "members", `unknown`, `["alice", "bob"]`)
			w.actor(`actor.chatRoom.c`, "c").exists("id3").recalled("id3", "").
				fact(address.StepEnsure, "topic", `"New"`, `"New"`).
				fact(address.StepExpect, "members", `2`, `2`)
		}},
		{"hostile", Options{}, func(w *world) {
			w.actor(`actor.counter.a`, "\x1b[2J", "a\nb", "\u202ekey").
				input(`{ "\u001b]0;title\u0007" = "\u001b[31m\u009b31m\r\u202e", text = "one\n\u001b[1Atwo\n" }`).
				step("seed[\"\\u001b\"]", `"\u001b"`)
		}},
		{"text", Options{}, textWorld},
		{"text_colour", Options{Color: true}, textWorld},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.world(w)
			document := Describe(w.build())
			var fresh, decoded bytes.Buffer
			if err := DrawPlan(&fresh, document, tt.options); err != nil {
				t.Fatal(err)
			}
			golden(t, "plan_"+tt.name+".txt", fresh.Bytes())
			if err := DrawPlan(&decoded, reread(t, document), tt.options); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fresh.String(), decoded.String()); diff != "" {
				t.Errorf("a document from a file looks different (-fresh +decoded):\n%s", diff)
			}
		})
	}
}

// reread returns the document as it comes back from a file.
func reread(t *testing.T, d *Document) *Document {
	t.Helper()
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var back Document
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	return &back
}

func patterns(t *testing.T, texts ...string) []address.Pattern {
	t.Helper()
	list := make([]address.Pattern, len(texts))
	for i, text := range texts {
		p, err := address.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = p
	}
	return list
}

func createWorld(w *world) {
	for _, room := range []string{"general", "random"} {
		a := w.actor(fmt.Sprintf("actor.chatRoom.room[%q]", room), "org-acme", room).
			input(`{ topic = "Everything about `+room+` things", limits = { members = 10, roles = ["owner", "guest"] } }`).
			step(`addMember["alice"]`, `"alice"`).
			step(`addMember["bob"]`, `"bob"`).
			step("welcome", `{ id = unknown, text = "Welcome to `+room+`, everybody. Be kind to each other." }`, calls("postMessage"))
		if room == "random" {
			a.DependsOn = []address.Address{w.Desired[0].Address}
		}
	}
	visits := w.actor("actor.counter.visits", "visits")
	visits.Settings.Pool, visits.Settings.CrashPolicy = "large", "restart"
}

func changeWorld(w *world) {
	for i := range 3 {
		w.actor(fmt.Sprintf("actor.counter.idle[%d]", i), "idle", fmt.Sprint(i)).
			exists(fmt.Sprint("idle", i)).recalled(fmt.Sprint("idle", i), "")
	}
	w.actor(`actor.chatRoom.settings`, "org-acme", "settings").
		exists("9apcl0g9yyrjx4mjwxhkwpxmpgbl00").
		recalled("9apcl0g9yyrjx4mjwxhkwpxmpgbl00", "").
		step(`addMember["alice"]`, `"alice"`).did(`"alice"`, plan.StepDone).
		step(`addMember["bob"]`, `"bob"`).did(`"bob"`, plan.StepDone).
		step(`addMember["carol"]`, `"carol"`).
		step("setTopic", `"New", 5`, runs(plan.RunOnChange)).did(`"Old", 5`, plan.StepDone).
		step("configure", `{ limits = { members = 20, files = 3 }, retention = "forever", roles = ["owner", "guest"], mode = "open" }`,
			runs(plan.RunOnChange)).
		did(`{ limits = { members = 10, files = 3 }, retention = "a year", roles = ["owner"], mode = "open" }`, plan.StepDone).
		step("seed", `2`).did(`1`, plan.StepDone).
		step("import", `[1, 2, 3]`).did(`[1, 2, 3]`, plan.StepStarted)
}

func textWorld(w *world) {
	before := "one\\ntwo\\nthree\\nfour\\nfive\\nsix\\nseven\\neight\\nnine\\nten\\neleven\\n"
	after := "one\\ntwo\\nthree\\nfour\\nfive\\nsix\\nSEVEN\\neight\\nnine\\nten\\neleven\\ntwelve"
	w.actor("actor.page.home", "home").exists("id1").recalled("id1", "").
		step("setBody", `"`+after+`"`, runs(plan.RunOnChange)).did(`"`+before+`"`, plan.StepDone).
		step("setTitle", `"The quick brown fox jumps over the very lazy dog, and the dog does not mind it at all, as far as anybody knows"`,
			runs(plan.RunOnChange)).
		did(`"The quick red fox jumps over the lazy dog, and the dog does not mind it at all, as far as anybody knows"`, plan.StepDone).
		step("setFooter", `"short\nlines\n"`)
}

func TestShellWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"saved.plan": "saved.plan", "out/p-1.plan": "out/p-1.plan", "p l.plan": "'p l.plan'", "it's": `'it'\''s'`, "": "''"} {
		if got := ShellWord(text); got != want {
			t.Errorf("%q is typed %s, not %s", text, got, want)
		}
	}
}
