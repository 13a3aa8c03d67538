package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// options are the same in every run of a test: the clock goes on by a second with each question, from a fixed moment.
func options(seed byte) Options {
	began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var asked atomic.Int64
	return Options{
		Now:    func() time.Time { return began.Add(time.Duration(asked.Add(1)) * time.Second) },
		Random: rand.NewChaCha8([32]byte{seed}),
		Holder: Holder{Who: "ann@desk", PID: 7, Operation: "apply"},
	}
}

func readOnly(o Options) Options {
	o.ReadOnly = true
	return o
}

func newHome(t *testing.T) Home {
	t.Helper()
	return Local(filepath.Join(t.TempDir(), "riveter.ledger.json"))
}

func journalPath(home Home) string { return home.String() + ".journal" }

func open(t *testing.T, home Home, o Options) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), home, o)
	check(t, err)
	return l
}

func closeLedger(t *testing.T, l *Ledger) {
	t.Helper()
	check(t, l.Close(t.Context()))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func room(key string) address.Address {
	return address.Address{Kind: address.KindActor, Name: "chatRoom", Label: "room", Key: address.StringKey(key)}
}

func addMember(key, member string) address.StepAddress {
	return room(key).Step(address.StepAction, "addMember", address.StringKey(member))
}

func roomEntry(key, actorID string) plan.Entry {
	return plan.Entry{
		Name: "chatRoom", Key: []string{"org", key}, Address: room(key), ActorID: actorID, Created: true, Input: memo(`{"x":"<&>"}`),
	}
}

// identity is what the actor of [roomEntry] is.
func identity(key string) plan.Identity { return plan.IdentityOf("chatRoom", []string{"org", key}) }

// roomOf is what the actor of a step of [addMember] is.
func roomOf(s address.StepAddress) plan.Identity {
	key, _ := s.Actor.Key.Text()
	return identity(key)
}

func memo(val string) value.Memo {
	return value.Memo{Digest: "00ff", Value: json.RawMessage(val)}
}

// rest is what is remembered of a result without secrets.
func rest(val string) *value.Kept { return &value.Kept{Rest: json.RawMessage(val)} }

func diffRecalled(want, got *plan.Recalled) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(address.InstanceKey{}), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(plan.Recalled{}, "Unseal"))
}

// files returns the names of the files beside the ledger, sorted.
func files(t *testing.T, home Home) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(home.String()))
	check(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

const wantDocument = `{
  "version": 2,
  "lineage": "12f4a465-4efa-4bd1-9e3a-9e97e2e230e1",
  "serial": 1,
  "digest_key": "2+WILiV5aDQywb/FJUVK3QzYcnTWcITKrw4NNshJbbc=",
  "last_journal": {
    "id": "fef55fe0-e125-450a-a608-d5e20ffc2d12",
    "sum": "ed858e8c92bc3afe"
  },
  "environments": {
    "ns": {
      "actors": [
        {
          "name": "chatRoom",
          "key": [
            "org",
            "a"
          ],
          "address": "actor.chatRoom.room[\"a\"]",
          "actor_id": "id1",
          "created": true,
          "project": "shop",
          "prevent_destroy": true,
          "depends_on": [
            "actor.chatRoom.room[\"b\"]"
          ],
          "first_applied": "2026-03-01T12:00:02Z",
          "last_applied": "2026-03-01T12:00:02Z",
          "input": {
            "digest": "00ff",
            "value": {
              "x": "<&>"
            }
          },
          "steps": {
            "action.addMember[\"bob\"]": {
              "status": "done",
              "at": "2026-03-01T12:00:05Z",
              "args": {
                "digest": "00ff",
                "value": [
                  "bob"
                ]
              },
              "output": null
            },
            "action.addMember[\"eve\"]": {
              "status": "started",
              "at": "2026-03-01T12:00:04Z",
              "args": {
                "digest": "00ff"
              }
            }
          }
        }
      ],
      "pools": [
        {
          "name": "gpu",
          "address": "runner_config.gpu",
          "created": true,
          "project": "shop"
        }
      ]
    }
  },
  "checksum": "08e4810968325c6d1b471c87e4cb1c007265b8cc3e53f18b867bc3a515f60670"
}
`

// recordRun records what [wantDocument] has.
func recordRun(t *testing.T, home Home) {
	t.Helper()
	o := options(1)
	o.Project = "shop"
	l := open(t, home, o)
	e := l.Environment("ns")
	entry := roomEntry("a", "id1")
	entry.PreventDestroy, entry.DependsOn = true, []address.Address{room("b")}
	check(t, e.Bind(entry))
	check(t, e.BindPool(plan.PoolEntry{Name: "gpu", Address: gpu, Created: true}))
	check(t, e.Started(identity("a"), addMember("a", "bob"), "id1", memo(`["bob"]`)))
	check(t, e.Started(identity("a"), addMember("a", "eve"), "id1", value.Memo{Digest: "00ff"}))
	check(t, e.Finished(identity("a"), addMember("a", "bob"), plan.StepDone, rest(`null`)))
	check(t, e.Bind(roomEntry("b", "id2")))
	check(t, e.Forget(identity("b")))
	if got := l.Recall("ns"); len(got.Actors)+len(got.Pools) != 0 || got.Serial != 0 || got.Lineage != "" {
		t.Errorf("what is recalled changed while it was in use: %v", got)
	}
	closeLedger(t, l)
}

var gpu = address.Address{Kind: address.KindRunnerConfig, Label: "gpu"}

func TestLedgerKeepsWhatWasRecorded(t *testing.T) {
	home := newHome(t)
	recordRun(t, home)
	data, err := os.ReadFile(home.String())
	check(t, err)
	if diff := cmp.Diff(wantDocument, string(data)); diff != "" {
		t.Error(diff)
	}
	l := open(t, home, readOnly(options(2)))
	defer closeLedger(t, l)
	want := roomEntry("a", "id1")
	want.Project, want.PreventDestroy, want.DependsOn = "shop", true, []address.Address{room("b")}
	want.FirstApplied = time.Date(2026, 3, 1, 12, 0, 2, 0, time.UTC)
	want.LastApplied = want.FirstApplied
	want.Steps = map[string]*plan.StepMemo{
		`action.addMember["bob"]`: {
			ActorID: "id1", Status: plan.StepDone, Args: memo(`["bob"]`), Output: json.RawMessage(`null`),
			At: time.Date(2026, 3, 1, 12, 0, 5, 0, time.UTC),
		},
		`action.addMember["eve"]`: {
			ActorID: "id1", Status: plan.StepStarted, Args: value.Memo{Digest: "00ff"},
			At: time.Date(2026, 3, 1, 12, 0, 4, 0, time.UTC),
		},
	}
	pool := plan.PoolEntry{Name: "gpu", Address: gpu, Created: true, Project: "shop"}
	r := l.Recall("ns")
	if diff := diffRecalled(&plan.Recalled{
		Lineage: "12f4a465-4efa-4bd1-9e3a-9e97e2e230e1", Serial: 1, DigestKey: r.DigestKey,
		Actors: map[plan.Identity]*plan.Entry{identity("a"): &want},
		Pools:  map[string]*plan.PoolEntry{"gpu": &pool},
	}, r); diff != "" {
		t.Error(diff)
	}
	if len(r.DigestKey) != keySize {
		t.Errorf("the key has %d bytes", len(r.DigestKey))
	}
}

func TestLedgerIsItsOwnersAlone(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("ns").Bind(roomEntry("a", "id1")))
	for _, name := range files(t, home) {
		wantMode(t, filepath.Join(filepath.Dir(home.String()), name))
	}
	closeLedger(t, l)
	wantMode(t, home.String())
}

func wantMode(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("%s has mode %v", path, info.Mode())
	}
}

func TestLedgerKeepsEnvironmentsApart(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("staging").Bind(roomEntry("a", "id1")))
	check(t, l.Environment("production").Bind(roomEntry("a", "id2")))
	closeLedger(t, l)
	l = open(t, home, options(2))
	check(t, l.Environment("staging").Forget(identity("a")))
	closeLedger(t, l)
	l = open(t, home, options(3))
	defer closeLedger(t, l)
	if got := l.Recall("staging").Actors[identity("a")]; got != nil {
		t.Errorf("staging has %v", got)
	}
	if got := l.Recall("production").Actors[identity("a")]; got == nil || got.ActorID != "id2" {
		t.Errorf("production has %v", got)
	}
}

func TestLedgerWritesNothingWhenNothingIsRecorded(t *testing.T) {
	for name, o := range map[string]Options{"for recording": options(1), "for reading": readOnly(options(1))} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			l := open(t, home, o)
			if len(l.Recall("ns").DigestKey) != keySize {
				t.Error("there is no key for digests")
			}
			closeLedger(t, l)
			if got := files(t, home); got != nil {
				t.Errorf("there are files: %v", got)
			}
		})
	}
}

func TestLedgerSerialGrowsWithEachVersion(t *testing.T) {
	home := newHome(t)
	var lineage string
	for run := range uint64(3) {
		l := open(t, home, options(byte(run)))
		r := l.Recall("ns")
		if r.Serial != run || run > 1 && r.Lineage != lineage {
			t.Errorf("run %d: serial %d, lineage %q after %q", run, r.Serial, r.Lineage, lineage)
		}
		lineage = r.Lineage
		check(t, l.Environment("ns").Bind(roomEntry("a", "id")))
		closeLedger(t, l)
		closeLedger(t, open(t, home, options(9))) // changes nothing
	}
}

func TestLedgerForReadingRefusesRecords(t *testing.T) {
	l := open(t, newHome(t), readOnly(options(1)))
	defer closeLedger(t, l)
	wantError(t, l.Environment("ns").Forget(identity("a")), "for reading only")
}

func TestLedgerRefusesRecordsAfterClose(t *testing.T) {
	l := open(t, newHome(t), options(1))
	closeLedger(t, l)
	wantError(t, l.Environment("ns").Forget(identity("a")), "closed")
}

// readable is a home of which everything can be read, and nothing changed.
type readable struct{ Home }

func (readable) Lock(context.Context, Holder) (Lease, error) { return nil, errDisk }

func (readable) Save(context.Context, Lease, func(io.Writer) error) error { return errDisk }

func (h readable) Journal(lease Lease) Journal { return readableJournal{h.Home.Journal(lease)} }

type readableJournal struct{ Journal }

func (readableJournal) Append(int64, []byte) error { return errDisk }

func (readableJournal) Remove(context.Context) error { return errDisk }

func TestLedgerForReadingChangesNothing(t *testing.T) {
	home := crashedRun(t)
	before := files(t, home)
	l := open(t, readable{home}, readOnly(options(1)))
	if l.Recall("ns").Actors[identity("a")] == nil {
		t.Error("nothing is recalled")
	}
	closeLedger(t, l)
	if got := files(t, home); !cmp.Equal(got, before) {
		t.Errorf("there are %v, and before %v", got, before)
	}
	if _, err := Open(t.Context(), readable{home}, options(1)); !errors.Is(err, errDisk) {
		t.Errorf("for recording: %v", err)
	}
}

func TestCloseSavesAlsoWhenTheRunIsCancelled(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("ns").Bind(roomEntry("a", "id1")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	check(t, l.Close(ctx))
	if got := files(t, home); !cmp.Equal(got, []string{"riveter.ledger.json"}) {
		t.Errorf("there are %v", got)
	}
}

func TestLedgerDoesNotOverwriteAChangedDocument(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("ns").Bind(roomEntry("a", "id1")))
	closeLedger(t, l)
	first, err := os.ReadFile(home.String())
	check(t, err)

	l = open(t, home, options(2))
	check(t, l.Environment("ns").Bind(roomEntry("b", "id2")))
	other := resum(strings.Replace(string(first), `"serial": 1`, `"serial": 5`, 1))
	check(t, os.WriteFile(home.String(), []byte(other), 0o600))
	wantError(t, l.Close(t.Context()), "changed while this run used it", "bring back", journalPath(home))
	_, err = Open(t.Context(), home, options(3))
	wantError(t, err, "continues serial 1", "is serial 5", "bring that document back")

	check(t, os.WriteFile(home.String(), first, 0o600))
	l = open(t, home, options(4))
	defer closeLedger(t, l)
	if r := l.Recall("ns"); r.Serial != 2 || r.Actors[identity("a")] == nil || r.Actors[identity("b")] == nil {
		t.Errorf("serial %d, entries %v", r.Serial, r.Actors)
	}
}

func TestLedgerFollowsALinkToItsFile(t *testing.T) {
	home := newHome(t)
	check(t, os.WriteFile(home.String(), []byte(wantDocument), 0o600))
	link := filepath.Join(t.TempDir(), "link.json")
	check(t, os.Symlink(home.String(), link))
	l := open(t, Local(link), options(1))
	check(t, l.Environment("ns").Forget(identity("a")))
	closeLedger(t, l)
	if got := files(t, home); !cmp.Equal(got, []string{"riveter.ledger.json"}) {
		t.Errorf("beside the file: %v", got)
	}
	if l := open(t, home, options(2)); l.Recall("ns").Serial != 2 {
		t.Error("the file that the link points to was not written")
	}
}

func TestNoneKeepsNothing(t *testing.T) {
	l := open(t, None(), options(1))
	e := l.Environment("ns")
	check(t, e.Bind(roomEntry("a", "id1")))
	check(t, e.Started(identity("a"), addMember("a", "bob"), "id1", memo(`["bob"]`)))
	check(t, e.Finished(identity("a"), addMember("a", "bob"), plan.StepDone, nil))
	check(t, e.Forget(identity("b")))
	closeLedger(t, l)
	l = open(t, None(), options(1))
	defer closeLedger(t, l)
	if r := l.Recall("ns"); len(r.Actors) != 0 || r.Serial != 0 || len(r.DigestKey) != keySize {
		t.Errorf("recalled %v", r)
	}
}
