package ledger

import (
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"riveter/plan"
)

// options are the same in every run of a test: the clock goes on by a second with each question, from a fixed moment.
func options(seed byte) Options {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return Options{
		Now:    func() time.Time { now = now.Add(time.Second); return now },
		Random: rand.NewChaCha8([32]byte{seed}),
	}
}

func open(t *testing.T, home Home, o Options) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), home, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func closeLedger(t *testing.T, l *Ledger) {
	t.Helper()
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func room(key string) plan.Address {
	return plan.Address{Kind: plan.KindActor, Name: "chatRoom", Label: "room", Key: plan.StringKey(key)}
}

func addMember(key, member string) plan.StepAddress {
	return room(key).Step(plan.StepAction, "addMember", plan.StringKey(member))
}

func memo(value string) plan.Memo {
	return plan.Memo{Digest: "digest of " + value, Value: json.RawMessage(value)}
}

func diffEntries(want, got map[plan.Address]*plan.Entry) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(plan.InstanceKey{}), cmpopts.EquateEmpty())
}

func TestLedgerRecallsWhatWasRecorded(t *testing.T) {
	home := Local(filepath.Join(t.TempDir(), "riveter.ledger.json"))
	l := open(t, home, options(1))
	key := l.Recall("ns").DigestKey
	e := l.Environment("ns")
	check(t, e.Bind(room("a"), plan.Entry{Name: "chatRoom", Key: []string{"a"}, ActorID: "id1", Created: true, Input: memo(`{"x":"<&>"}`)}))
	check(t, e.Started(addMember("a", "bob"), "id1", memo(`["bob"]`)))
	check(t, e.Started(addMember("a", "eve"), "id1", plan.Memo{Digest: "secret"}))
	check(t, e.Finished(addMember("a", "bob"), plan.StepDone, json.RawMessage(`{"n":1}`)))
	check(t, e.Bind(room("b"), plan.Entry{Name: "chatRoom", Key: []string{"b"}, ActorID: "id2", Input: plan.Memo{Absent: true}}))
	check(t, e.Forget(room("b")))
	closeLedger(t, l)

	l = open(t, home, options(2))
	defer closeLedger(t, l)
	r := l.Recall("ns")
	want := map[plan.Address]*plan.Entry{room("a"): {
		Name: "chatRoom", Key: []string{"a"}, ActorID: "id1", Created: true, Input: memo(`{"x":"<&>"}`),
		Steps: map[string]*plan.StepMemo{
			`action.addMember["bob"]`: {
				ActorID: "id1", Status: plan.StepDone, Args: memo(`["bob"]`), Output: json.RawMessage(`{"n":1}`),
				At: time.Date(2026, 3, 1, 12, 0, 4, 0, time.UTC),
			},
			`action.addMember["eve"]`: {
				ActorID: "id1", Status: plan.StepStarted, Args: plan.Memo{Digest: "secret"},
				At: time.Date(2026, 3, 1, 12, 0, 3, 0, time.UTC),
			},
		},
	}}
	if diff := diffEntries(want, r.Entries); diff != "" {
		t.Error(diff)
	}
	if r.Serial != 1 || r.Lineage == "" || cmp.Diff(key, r.DigestKey) != "" {
		t.Errorf("serial %d, lineage %q, same key %v", r.Serial, r.Lineage, cmp.Equal(key, r.DigestKey))
	}
}
