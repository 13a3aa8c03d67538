package view

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestADocumentIsFoundInWhateverHoldsIt(t *testing.T) {
	document, err := os.ReadFile("testdata/document_report.json")
	if err != nil {
		t.Fatal(err)
	}
	want := &Document{}
	if err := json.Unmarshal(document, want); err != nil {
		t.Fatal(err)
	}
	another := bytes.Replace(document, []byte(`"mode": "apply"`), []byte(`"mode": "destroy"`), 1)
	for name, text := range map[string]string{
		"itself":       string(document),
		"in a file":    `{"format_version": "1.0", "kind": "plan", "plan": ` + string(document) + `}`,
		"in a stream":  `{"type": "version"}` + "\n" + `{"type": "plan", "plan": ` + string(another) + `}` + "\n" + `{"type": "report", "report": ` + string(document) + `}` + "\n",
		"before noise": `{"type": "plan", "plan": ` + string(document) + `} {"type": "diagnostic"} [1] "x"`,
		"newer minor":  strings.Replace(string(document), `"format_version": "`+FormatVersion, `"format_version": "`+FormatVersion+"7", 1),
	} {
		got, err := Read(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.FormatVersion = want.FormatVersion
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Changes{})); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "no plan in it"},
		{"{}", "no plan in it"},
		{`{"type": "diagnostic", "diagnostic": 1}`, "cannot unmarshal"},
		{"Plan: 1 to create", "it is no JSON"},
		{`{"format_version": "1.0", "changes": []`, "it is no JSON"},
		{`{"format_version": "2.0", "changes": []}`, `format version "2.0"`},
		{`{"changes": []}`, `format version ""`},
		{`{"format_version": "1.0", "changes": {}}`, "cannot unmarshal"},
	} {
		if d, err := Read(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v, want %q", tt.text, d, err, tt.want)
		}
	}
}

func TestProblemsThatWereToldAfterADocumentAreInIt(t *testing.T) {
	told := func(summary string) string {
		return `{"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "` + summary + `"}}`
	}
	plan := `{"type": "plan", "plan": {"format_version": "1.1", "changes": [], "diagnostics": [{"severity": "error", "summary": "in both"}]}}`
	for _, tt := range []struct {
		text string
		want []string
	}{
		{told("before") + plan + told("in both") + told("after"), []string{"in both", "after"}},
		{told("alone") + told("too"), []string{"alone", "too"}},
		{told("before") + plan, []string{"in both"}},
	} {
		d, err := Read(strings.NewReader(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, diag := range d.Diagnostics {
			got = append(got, diag.Summary)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.text, diff)
		}
	}
}

func TestCompare(t *testing.T) {
	plan := func(topic string, rooms ...string) *Document {
		w := newWorld(t)
		for _, room := range rooms {
			w.actor("actor.chatRoom."+room, room).input(`{ topic = "` + topic + `" }`)
		}
		return Describe(w.build())
	}
	compare := func(before, after *Document) string {
		t.Helper()
		difference, err := Compare(before, after)
		if err != nil {
			t.Fatal(err)
		}
		return difference
	}
	one := plan("cats", "a", "b")
	one.Observed.Seconds = 99
	if got := compare(one, plan("cats", "a", "b")); got != "" {
		t.Errorf("what is the same differs:\n%s", got)
	}
	for _, want := range []string{"--- approved\n+++ now\n", "-      + input = { topic = \"cats\" }\n+      + input = { topic = \"dogs\" }\n"} {
		if got := compare(one, plan("dogs", "a", "b")); !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	var many []string
	for i := range 100 {
		many = append(many, "room"+strings.Repeat("x", i))
	}
	if got := compare(plan("cats"), plan("cats", many...)); strings.Count(got, "\n") != comparedLines+1 || !strings.Contains(got, "more lines\n") {
		t.Errorf("got %d lines:\n%s", strings.Count(got, "\n"), got[len(got)-200:])
	}
}

// TestJSONHasNothingUnprintable tries every character by itself, so that no other one makes that it is looked at.
func TestJSONHasNothingUnprintable(t *testing.T) {
	for r := range rune(0x20000) {
		text := string(r)
		line, err := JSONLine(text)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsFunc(line, isUnprintable) {
			t.Errorf("%q is in %s", text, line)
		}
		var read string
		if err := json.Unmarshal(line, &read); err != nil || read != text {
			t.Errorf("%q is read as %q, %v", text, read, err)
		}
	}
}
