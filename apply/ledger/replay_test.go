package ledger

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
)

// crashedRun leaves a ledger as a crash in its second run does: a document, and a journal of three records.
func crashedRun(t *testing.T) Home {
	t.Helper()
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("ns").Bind(room("a"), roomEntry("a", "id1")))
	closeLedger(t, l)
	l = open(t, home, options(2))
	check(t, l.Environment("ns").Started(addMember("a", "bob"), "id1", memo(`["bob"]`)))
	check(t, l.Environment("ns").Finished(addMember("a", "bob"), plan.StepDone, nil))
	check(t, l.Environment("ns").Started(addMember("a", "eve"), "id1", memo(`["eve"]`)))
	crash(t, l)
	return home
}

// crash ends a run without merging its journal.
func crash(t *testing.T, l *Ledger) {
	t.Helper()
	l.recorder.close()
	check(t, l.release(t.Context()))
}

func TestReplayFindsTheStepsThatWereInFlight(t *testing.T) {
	home := crashedRun(t)
	before := readFiles(t, home)
	for _, o := range []Options{readOnly(options(3)), options(4)} {
		l := open(t, home, o)
		entry := l.Recall("ns").Entry(room("a"))
		for member, want := range map[string]plan.StepStatus{"bob": plan.StepDone, "eve": plan.StepStarted} {
			if got := entry.Step(addMember("a", member), "id1"); got == nil || got.Status != want {
				t.Errorf("%s: %v, want %s", member, got, want)
			}
		}
		if serial := l.Recall("ns").Serial; serial != 2 {
			t.Errorf("serial %d", serial)
		}
		if o.ReadOnly {
			closeLedger(t, l)
			if diff := cmp.Diff(before, readFiles(t, home)); diff != "" {
				t.Errorf("reading changed files: %s", diff)
			}
			continue
		}
		check(t, l.Environment("ns").Finished(addMember("a", "eve"), plan.StepFailed, nil))
		closeLedger(t, l)
	}
	l := open(t, home, readOnly(options(5)))
	defer closeLedger(t, l)
	if r := l.Recall("ns"); r.Serial != 3 || r.Entry(room("a")).Step(addMember("a", "eve"), "id1").Status != plan.StepFailed {
		t.Errorf("after going on: serial %d", r.Serial)
	}
}

func readFiles(t *testing.T, home Home) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range []string{home.String(), journalPath(home)} {
		data, err := os.ReadFile(path)
		check(t, err)
		out[path] = string(data)
	}
	return out
}

func TestReplayRefusesADamagedJournal(t *testing.T) {
	replaceLine := func(number int, with string) func([]string) { return func(lines []string) { lines[number-1] = with } }
	tests := []struct {
		name   string
		damage func(lines []string)
		want   []string
	}{
		{"a line in the middle", replaceLine(3, `[{"environment":"ns",`), []string{"line 3 is damaged", "bring the journal back", "move document and journal away"}},
		{"zeros in the middle", replaceLine(2, "\x00\x00\x00"), []string{"line 2 is damaged"}},
		{"the header", replaceLine(1, `{"version":1`), []string{"line 1 is damaged"}},
		{"a newer version", replaceLine(1, `{"version":2,"since":"then"}`), []string{"version 2 is of a newer riveter", "use the newer one"}},
		{"no version", replaceLine(1, `{}`), []string{"there never was a version 0"}},
		{"a line in the place of the header", replaceLine(1, `[]`), []string{"line 1 is damaged"}},
		{"of another ledger", replaceLine(1, `{"version":1,"lineage":"other","serial":1}`), []string{`of the lineage "other"`, "bring that document back"}},
		{"of a later version", replaceLine(1, `{"version":1,"lineage":"12f4a465-4efa-4bd1-9e3a-9e97e2e230e1","serial":7}`), []string{"continues serial 7", "is serial 1"}},
		{"a record without content", replaceLine(2, `[{"environment":"ns","actor":"actor.a.b"}]`), []string{"line 2 is damaged", "says nothing"}},
		{"an address that is none", replaceLine(2, `[{"environment":"ns","actor":"actor","forget":true}]`), []string{"line 2 is damaged"}},
		{"a status that is none", replaceLine(2, `[{"environment":"ns","actor":"actor.a.b","step":"action.c","finished":{"status":"x"}}]`), []string{`"x" is no status`}},
		{"a start with a status that is none", replaceLine(2, `[{"environment":"ns","actor":"actor.a.b","step":"action.c","started":{"status":""}}]`), []string{`"" is no status`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := crashedRun(t)
			data, err := os.ReadFile(journalPath(home))
			check(t, err)
			lines := strings.SplitAfter(string(data), "\n")
			test.damage(lines)
			for i := range lines[:4] {
				lines[i] = strings.TrimSuffix(lines[i], "\n") + "\n"
			}
			check(t, os.WriteFile(journalPath(home), []byte(strings.Join(lines, "")), 0o600))
			before := readFiles(t, home)
			for _, o := range []Options{options(3), readOnly(options(4))} {
				_, err := Open(t.Context(), home, o)
				wantError(t, err, append(test.want, journalPath(home))...)
			}
			if diff := cmp.Diff(before, readFiles(t, home)); diff != "" {
				t.Errorf("files changed: %s", diff)
			}
			if got := files(t, home); len(got) != 2 {
				t.Errorf("there are %v", got)
			}
		})
	}
}

func TestReplayNeedsTheDocumentThatTheJournalContinues(t *testing.T) {
	home := crashedRun(t)
	check(t, os.Remove(home.String()))
	_, err := Open(t.Context(), home, options(3))
	wantError(t, err, "continues serial 1", "is serial 0", "bring that document back")
}

func TestReplayOfAMergedJournalChangesNothing(t *testing.T) {
	home := crashedRun(t)
	journal, err := os.ReadFile(journalPath(home))
	check(t, err)
	closeLedger(t, open(t, home, options(3)))
	merged, err := os.ReadFile(home.String())
	check(t, err)
	check(t, os.WriteFile(journalPath(home), journal, 0o600))
	closeLedger(t, open(t, home, options(4)))
	again, err := os.ReadFile(home.String())
	check(t, err)
	if !bytes.Equal(merged, again) {
		t.Error("the document changed")
	}
	if got := files(t, home); len(got) != 1 {
		t.Errorf("there are %v", got)
	}
}

func FuzzReplay(f *testing.F) {
	f.Add([]byte(`{"version":1,"id":"j","lineage":"l","serial":3}` + "\n" +
		`[{"environment":"ns","actor":"actor.a.b","bind":{"name":"a","key":["k"],"actor_id":"1","created":true,"input":{"absent":true}}}]` + "\n" +
		`[{"environment":"ns","actor":"actor.a.b","step":"action.c","started":{"actor_id":"1","status":"started","at":"2026-03-01T12:00:00Z","args":{"digest":"d","value":[1]}}},` +
		`{"environment":"ns","actor":"actor.a.b","step":"action.c","finished":{"status":"done","at":"2026-03-01T12:00:00Z","output":null}}]` + "\n" +
		`[{"environment":"ns","actor":"actor.a.b","forget":true}]` + "\n"))
	f.Add([]byte(`{"version":1,"id":"done","lineage":"l"}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &document{lineage: "l", serial: 3, journal: "done", digestKey: make([]byte, keySize)}
		if err := d.replay(bytes.NewReader(data)); err != nil {
			return
		}
		if d.serial != 3 && (d.serial != 4 || d.lineage != "l") {
			t.Errorf("serial %d of %q", d.serial, d.lineage)
		}
		requireSavable(t, d)
		// A torn line at the end changes nothing about what stands before it, unless that ends in another one.
		torn := &document{lineage: "l", serial: 3, journal: "done", digestKey: make([]byte, keySize)}
		if !bytes.HasSuffix(data, []byte("\n")) || torn.replay(bytes.NewReader(append(data, `[{"environment":`...))) != nil {
			return
		}
		if diff := diffDocuments(d, torn); diff != "" {
			t.Error(diff)
		}
	})
}
