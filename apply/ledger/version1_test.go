package ledger

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
)

// version1Home is a ledger that riveter 0.1 has written, with the journal of a run that crashed.
func version1Home(t *testing.T) Home {
	t.Helper()
	home := newHome(t)
	for _, path := range []string{home.String(), journalPath(home)} {
		data, err := os.ReadFile(filepath.Join("testdata", "version1", filepath.Base(path)))
		check(t, err)
		check(t, os.WriteFile(path, data, 0o600))
	}
	return home
}

// summarize says of actors and pools, by identity, at which address, with which actor id and steps they are remembered.
func summarize(r *plan.Recalled) map[string]string {
	out := map[string]string{}
	for id, entry := range r.Actors {
		text := describe(entry)
		for _, double := range entry.Doubles {
			text += " / " + describe(double)
		}
		out[id.Name+" "+id.Key] = text
	}
	for name, pool := range r.Pools {
		out[name] = pool.Address.String()
	}
	return out
}

func describe(e *plan.Entry) string {
	words := []string{e.Address.String(), e.ActorID}
	for flag, on := range map[string]bool{"created": e.Created, "fresh": e.Fresh, "input": e.Input.Known(), "triggers": e.Triggers.Known()} {
		if on {
			words = append(words, flag)
		}
	}
	slices.Sort(words[2:])
	var steps []string
	for name, memo := range e.Steps {
		steps = append(steps, strings.TrimPrefix(name, "action.")+"="+string(memo.Status)+string(memo.Output)+"@"+memo.ActorID)
	}
	slices.Sort(steps)
	return strings.Join(append(words, steps...), " ")
}

func TestVersion1IsMigrated(t *testing.T) {
	want := map[string]string{
		"chatRoom org/general":   `actor.chatRoom.room["general"] id1 created fresh input triggers first=done{"n":1}@id1 last=done"end"@id1 secret=failed@id1`,
		"chatRoom org/same":      `actor.chatRoom.new["x"] id2 created fresh input one=done1@id2 three=done3@id2 two=done2@id2`,
		"chatRoom org/made anew": `actor.chatRoom.newer["y"] id4 created input one=done4@id4 / actor.chatRoom.older["y"] id3 created input one=done1@id3`,
		"chatRoom org/made":      `actor.chatRoom.made["m"] id5 created input one=started@id5`,
		"chatRoom /":             `actor.chatRoom.off["z"]  created fresh`,
		"chatRoom ":              `actor.chatRoom.unbound["u"]  one=done9@id9`,
		"cpu":                    `runner_config.cpu`,
	}
	home := version1Home(t)
	for _, o := range []Options{readOnly(options(3)), options(4), options(5)} {
		l := open(t, home, o)
		r := l.Recall("ns")
		if diff := cmp.Diff(want, summarize(r)); diff != "" {
			t.Error(diff)
		}
		if r.Serial != 2 || r.Lineage != "12f4a465-4efa-4bd1-9e3a-9e97e2e230e1" {
			t.Errorf("serial %d of %s", r.Serial, r.Lineage)
		}
		if pool := r.Pools["cpu"]; pool == nil || !pool.Created {
			t.Errorf("of the pool is recalled %v", pool)
		}
		closeLedger(t, l)
	}
	data, err := os.ReadFile(home.String())
	check(t, err)
	if got := files(t, home); len(got) != 1 || !strings.HasPrefix(string(data), "{\n  \"version\": 2,") {
		t.Errorf("there are %v, with %.20q", got, data)
	}
}

func TestVersion1IsNotWrittenWhenNothingIsRecorded(t *testing.T) {
	home := version1Home(t)
	check(t, os.Remove(journalPath(home)))
	before, err := os.ReadFile(home.String())
	check(t, err)
	closeLedger(t, open(t, home, options(3)))
	after, err := os.ReadFile(home.String())
	check(t, err)
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Error(diff)
	}
}

func TestVersion1IsContinuedByAJournalOfThisVersion(t *testing.T) {
	home := version1Home(t)
	check(t, os.Remove(journalPath(home)))
	l := open(t, home, options(3))
	check(t, l.Environment("ns").Bind(roomEntry("made anew", "id3")))
	crash(t, l)
	for _, o := range []Options{readOnly(options(4)), options(5)} {
		l := open(t, home, o)
		entry := l.Recall("ns").Actors[identity("made anew")]
		if got := describe(entry); got != `actor.chatRoom.room["made anew"] id3 created input one=done1@id3` || len(entry.Doubles) > 0 {
			t.Errorf("recalled: %s", got)
		}
		closeLedger(t, l)
	}
}

func TestVersion1JournalWithoutADocument(t *testing.T) {
	journal := `{"version":1,"id":"j","lineage":"l","serial":0,"digest_key":"2+WILiV5aDQywb/FJUVK3QzYcnTWcITKrw4NNshJbbc="}` + "\n" +
		`[{"environment":"ns","actor":"actor.chatRoom.a","bind":{"name":"chatRoom","key":["org","a"],"created":true}}]` + "\n" +
		`[{"environment":"ns","actor":"actor.chatRoom.b","bind":{"name":"chatRoom","key":["org","b"],"created":true}}]` + "\n"
	second := strings.LastIndex(journal[:len(journal)-1], "\n") + 1
	for size := range len(journal) + 1 {
		home := newHome(t)
		check(t, os.WriteFile(journalPath(home), []byte(journal[:size]), 0o600))
		l := open(t, home, options(1))
		want := 0
		if size >= second-1 {
			want = 1
		}
		if size >= len(journal)-1 {
			want = 2
		}
		if got := len(l.Recall("ns").Actors); got != want {
			t.Errorf("cut at %d: %d actors, want %d", size, got, want)
		}
		closeLedger(t, l)
	}
	home := newHome(t)
	check(t, os.WriteFile(journalPath(home), []byte(journal[:len(journal)-2]+"}\n"), 0o600))
	_, err := Open(t.Context(), home, options(1))
	wantError(t, err, "line 3 is damaged")
}

func TestVersion1JournalIsNotMergedIntoANewerDocument(t *testing.T) {
	home := newHome(t)
	check(t, os.WriteFile(home.String(), []byte(wantDocument), 0o600))
	header := `{"version":1,"id":"j","lineage":"12f4a465-4efa-4bd1-9e3a-9e97e2e230e1","serial":1}` + "\n"
	check(t, os.WriteFile(journalPath(home), []byte(header), 0o600))
	_, err := Open(t.Context(), home, options(1))
	wantError(t, err, "line 1 is damaged", "of version 1, and the document is not")
}

// TestUniteLosesNothingThatWasDone has two memories of one identity in every combination.
func TestUniteLosesNothingThatWasDone(t *testing.T) {
	statuses := []plan.StepStatus{"", plan.StepFailed, plan.StepStarted, plan.StepDone}
	ids := []string{"", "id1", "id2"}
	entry := func(id string, status plan.StepStatus, at int) *plan.Entry {
		e := &plan.Entry{Name: "n", Key: []string{"k"}, ActorID: id, Created: id == "id1", Steps: map[string]*plan.StepMemo{}}
		if status != "" {
			e.Steps["s"] = &plan.StepMemo{ActorID: id, Status: status, At: time.Unix(int64(at), 0)}
		}
		return e
	}
	for _, first := range ids {
		for _, second := range ids {
			for _, a := range statuses {
				for _, b := range statuses {
					for _, later := range []int{1, 3} {
						got := unite(unite(nil, entry(first, a, 2)), entry(second, b, later))
						for id, status := range map[string]plan.StepStatus{first: a, second: b} {
							if status == plan.StepDone && got.Of(id).Steps["s"].Status != plan.StepDone {
								t.Errorf("%s %q and %s %q: the step that was done on %s is %v", first, a, second, b, id, got.Of(id).Steps["s"])
							}
						}
						if first == second && len(got.Doubles) > 0 || got.ActorID == "" && first+second != "" && a != plan.StepDone && b != plan.StepDone && len(got.Steps) == 0 {
							t.Errorf("%s %q and %s %q: %+v", first, a, second, b, got)
						}
					}
				}
			}
		}
	}
}
