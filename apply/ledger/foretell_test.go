package ledger

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"riveter/plan"
)

func TestWhatIsForetoldIsDurableWithSomethingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, journal := openSynced(t)
		const actors = 20
		ns := l.Environment("ns")
		for i := range actors {
			key := fmt.Sprint(i)
			step := addMember(key, "bob")
			check(t, ns.Bind(roomEntry(key, "")))
			check(t, ns.Foretell(roomEntry(fmt.Sprint(i+1), "")))
			check(t, ns.Made(roomEntry(key, "id")))
			check(t, ns.Started(identity(key), step, "id", memo(`["bob"]`)))
			check(t, ns.Finished(identity(key), step, plan.StepDone, nil))
		}
		closeLedger(t, l)
		if want := 1 + actors + 1; journal.syncs != want {
			t.Errorf("%d actors with a call each: %d flushes of the disk, want %d", actors, journal.syncs, want)
		}
	})
}

func TestWhatIsForetoldIsBoundBeforeItIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, journal := openSynced(t)
		ns := l.Environment("ns")
		check(t, ns.Bind(roomEntry("a", "id")))
		for i, before := range map[string]func() error{
			"nothing":      func() error { return nil },
			"what is over": func() error { return ns.Forget(identity("nobody")) },
		} {
			syncs := journal.syncs
			check(t, ns.Foretell(roomEntry(i, "")))
			check(t, before())
			check(t, ns.Bind(roomEntry(i, "")))
			if journal.syncs != syncs+1 {
				t.Errorf("after %s: bound with %d flushes, want one", i, journal.syncs-syncs)
			}
		}
		closeLedger(t, l)
	})
}

func TestWhatIsForetoldAndDoesNotComeIsForgotten(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	check(t, l.Environment("ns").Bind(roomEntry("known", "id")))
	closeLedger(t, l)

	l = open(t, home, options(2))
	ns := l.Environment("ns")
	for _, key := range []string{"known", "new", "made"} {
		check(t, ns.Foretell(roomEntry(key, "")))
	}
	check(t, ns.Bind(roomEntry("made", "")))
	killed := readOnly(options(3))
	beside := open(t, home, killed)
	if e := beside.Recall("ns").Actors[identity("new")]; e == nil || e.ActorID != "" {
		t.Errorf("after a crash, what was foretold is %+v", e)
	}
	closeLedger(t, beside)
	closeLedger(t, l)

	l = open(t, home, options(4))
	defer closeLedger(t, l)
	actors := l.Recall("ns").Actors
	if actors[identity("new")] != nil || actors[identity("made")] == nil || actors[identity("known")] == nil || actors[identity("known")].ActorID != "id" {
		t.Errorf("%d actors are remembered: %v", len(actors), actors)
	}
}

func TestWhatIsForetoldTooEarlyIsSaidAgain(t *testing.T) {
	home, o := newHome(t), options(1)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	o.Now = func() time.Time { return now }
	l := open(t, home, o)
	check(t, l.Environment("ns").Foretell(roomEntry("a", "")))
	now = now.Add(foretoldFor + time.Second)
	check(t, l.Environment("ns").Bind(roomEntry("a", "")))
	closeLedger(t, l)
	l = open(t, home, o)
	defer closeLedger(t, l)
	if e := l.Recall("ns").Actors[identity("a")]; e == nil || !e.LastApplied.Equal(now) {
		t.Errorf("remembered is %+v", e)
	}
}
