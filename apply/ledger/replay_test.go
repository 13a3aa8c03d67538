package ledger

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/apply/ledger/chain"
	"riveter/plan"
)

// crashedRun leaves a ledger as a crash in its second run does: a document, and a journal of three records.
func crashedRun(t *testing.T) Home {
	t.Helper()
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("ns").Bind(roomEntry("a", "id1")))
	closeLedger(t, l)
	l = open(t, home, options(2))
	check(t, l.Environment("ns").Started(identity("a"), addMember("a", "bob"), "id1", memo(`["bob"]`)))
	check(t, l.Environment("ns").Finished(identity("a"), addMember("a", "bob"), plan.StepDone, nil))
	check(t, l.Environment("ns").Started(identity("a"), addMember("a", "eve"), "id1", memo(`["eve"]`)))
	crash(t, l)
	return home
}

// crash ends a run without merging its journal.
func crash(t *testing.T, l *Ledger) {
	t.Helper()
	_, err := l.recorder.close()
	check(t, err)
	check(t, l.release(t.Context()))
}

func TestReplayFindsTheStepsThatWereInFlight(t *testing.T) {
	home := crashedRun(t)
	before := readFiles(t, home)
	for _, o := range []Options{readOnly(options(3)), options(4)} {
		l := open(t, home, o)
		entry := l.Recall("ns").Actors[identity("a")]
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
		check(t, l.Environment("ns").Finished(identity("a"), addMember("a", "eve"), plan.StepFailed, nil))
		closeLedger(t, l)
	}
	l := open(t, home, readOnly(options(5)))
	defer closeLedger(t, l)
	if r := l.Recall("ns"); r.Serial != 3 || r.Actors[identity("a")].Step(addMember("a", "eve"), "id1").Status != plan.StepFailed {
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

// journalOf returns a journal whose lines have these texts.
func journalOf(texts ...string) string {
	var lines []byte
	var sum chain.Sum
	for _, text := range texts {
		lines, sum = sum.Append(lines, []byte(text))
	}
	return string(lines)
}

// textsOf returns the texts of the lines of a journal.
func textsOf(t *testing.T, journal string) (texts []string) {
	t.Helper()
	r := &chain.Reader{In: bufio.NewReader(strings.NewReader(journal))}
	for {
		text, err := r.Next()
		check(t, err)
		if text == nil {
			return texts
		}
		texts = append(texts, string(text))
	}
}

func TestReplayRefusesADamagedJournal(t *testing.T) {
	const header = `{"version":2,"id":"j","lineage":"12f4a465-4efa-4bd1-9e3a-9e97e2e230e1","serial":1}`
	actor := `"environment":"ns","actor":{"name":"chatRoom","key":["org","a"]}`
	tests := []struct {
		name string
		line int
		with string
		want []string
	}{
		{"no JSON", 3, `[{"environment":"ns",`, []string{"line 3 is damaged", "bring the journal back", "move document and journal away"}},
		{"no header", 1, `{"version":2`, []string{"line 1 is damaged"}},
		{"a newer version", 1, `{"version":3,"since":"then"}`, []string{"version 3 is of a newer riveter", "use the newer one"}},
		{"no version", 1, `{"version":0}`, []string{"there never was a version 0"}},
		{"a line in the place of the header", 1, `[]`, []string{"line 1 is damaged"}},
		{"of another ledger", 1, `{"version":2,"id":"j","lineage":"other","serial":1}`, []string{`of the lineage "other"`, "bring that document back"}},
		{"of a later version", 1, strings.Replace(header, `"serial":1`, `"serial":7`, 1), []string{"continues serial 7", "is serial 1"}},
		{"a header with more in it", 1, header[:len(header)-1] + `,"more":1}`, []string{"line 1 is damaged", "unknown field"}},
		{"a line with more after it", 3, "[] []", []string{"line 3 is damaged", "something follows"}},
		{"a record without content", 2, `[{` + actor + `}]`, []string{"line 2 is damaged", "says nothing"}},
		{"a record of nothing", 2, `[{"environment":"ns","forget":true}]`, []string{"line 2 is damaged", "says nothing"}},
		{"an actor id that is none", 2, `[{` + actor + `,"step":"action.c","started":{"actor_id":null,"status":"started","at":"2026-03-01T12:00:00Z"}}]`, []string{"null is in the place"}},
		{"an address that is none", 2, `[{"environment":"ns","moved":{"actor":"actor"}}]`, []string{"line 2 is damaged"}},
		{"a status that is none", 2, `[{` + actor + `,"step":"action.c","finished":{"status":"x","at":"2026-03-01T12:00:00Z"}}]`, []string{`"x" is no status`}},
		{"a start with a status that is none", 2, `[{` + actor + `,"step":"action.c","started":{"status":"","at":"2026-03-01T12:00:00Z"}}]`, []string{`"" is no status`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := crashedRun(t)
			data, err := os.ReadFile(journalPath(home))
			check(t, err)
			texts := textsOf(t, string(data))
			texts[test.line-1] = test.with
			check(t, os.WriteFile(journalPath(home), []byte(journalOf(texts...)), 0o600))
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
	wantError(t, err, "continues serial 1", "there is no document", "bring it back")
	journal, err := os.ReadFile(journalPath(home))
	check(t, err)
	header, _, _ := strings.Cut(string(journal), "\n") // with nothing to merge
	check(t, os.WriteFile(journalPath(home), []byte(header+"\n"), 0o600))
	_, err = Open(t.Context(), home, options(3))
	wantError(t, err, "continues serial 1", "there is no document")
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
	f.Add(`{"version":2,"id":"j","lineage":"l","serial":3}`+"\n"+
		`[{"environment":"ns","bind":{"name":"a","key":["k"],"address":"actor.a.b","actor_id":"1","created":true,"last_applied":"2026-03-01T12:00:00Z","input":{"absent":true}}}]`+"\n"+
		`[{"environment":"ns","actor":{"name":"a","key":["k"]},"step":"action.c","started":{"actor_id":"1","status":"started","at":"2026-03-01T12:00:00Z","args":{"digest":"d","value":[1]}}},`+
		`{"environment":"ns","actor":{"name":"a","key":["k"]},"step":"action.c","finished":{"status":"done","at":"2026-03-01T12:00:00Z","output":null}}]`+"\n"+
		`[{"environment":"ns","actor":{"name":"a"},"forget":true},{"environment":"ns","bind_pool":{"name":"p","created":true}}]`, true)
	f.Add(`{"version":2,"id":"done","lineage":"l","serial":2}`, true)
	f.Add(`{"version":1,"id":"j","lineage":"l","serial":3}`+"\n"+
		`[{"environment":"ns","actor":"actor.a.b","bind":{"name":"a","key":["k"],"actor_id":"1","created":true,"input":{"absent":true}}}]`+"\n"+
		`[{"environment":"ns","actor":"actor.a.b","forget":true}]`+"\n", false)
	newDocument := func() *document {
		return &document{lineage: "l", serial: 3, journal: merged{ID: "done"}, digestKey: make([]byte, keySize), version1: map[string]memory1{}}
	}
	f.Fuzz(func(t *testing.T, data string, summed bool) {
		if summed {
			data = journalOf(strings.Split(data, "\n")...)
		}
		d := newDocument()
		if _, err := d.replay(strings.NewReader(data)); err != nil {
			return
		}
		d.migrate()
		if d.serial != 3 && (d.serial != 4 || d.lineage != "l") {
			t.Errorf("serial %d of %q", d.serial, d.lineage)
		}
		requireSavable(t, d)
		// A torn line at the end changes nothing about what stands before it, unless that ends in another one.
		torn := newDocument()
		if !strings.HasSuffix(data, "\n") {
			return
		}
		if _, err := torn.replay(strings.NewReader(data + `[{"environment":`)); err != nil {
			return
		}
		torn.migrate()
		if diff := diffDocuments(d, torn); diff != "" {
			t.Error(diff)
		}
	})
}
