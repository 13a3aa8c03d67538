package ledger

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"riveter/plan"
)

// synced counts how often a journal is made durable, which it cannot be when its disk is full.
type synced struct {
	Journal
	syncs  int
	isFull atomic.Bool
}

func (s *synced) Sync() error {
	s.syncs++
	if s.isFull.Load() {
		return errDisk
	}
	return s.Journal.Sync()
}

func openSynced(t *testing.T) (*Ledger, *synced) {
	t.Helper()
	l := open(t, newHome(t), options(1))
	journal := &synced{Journal: l.journal}
	l.recorder.journal = journal
	return l, journal
}

// makeOne records an actor and a call of it, as a run of one does.
func makeOne(t *testing.T, l *Ledger, key string) {
	t.Helper()
	step := addMember(key, "bob")
	check(t, l.Environment("ns").Bind(roomEntry(key, "")))
	check(t, l.Environment("ns").Made(roomEntry(key, "id")))
	check(t, l.Environment("ns").Started(identity(key), step, "id", memo(`["bob"]`)))
	check(t, l.Environment("ns").Finished(identity(key), step, plan.StepDone, nil))
}

func TestOnlyWhatComesFirstWaitsForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, journal := openSynced(t)
		const actors = 20
		for i := range actors {
			makeOne(t, l, fmt.Sprint(i))
		}
		closeLedger(t, l)
		if want := 2*actors + 1; journal.syncs != want {
			t.Errorf("%d actors with a call each: %d flushes of the disk, want %d", actors, journal.syncs, want)
		}
	})
}

func TestWhatIsOverIsSoonDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, journal := openSynced(t)
		check(t, l.Environment("ns").Bind(roomEntry("a", "id")))
		for i := range 10 {
			time.Sleep(flushInterval * 3 / 4)
			check(t, l.Environment("ns").Forget(identity(fmt.Sprint(i))))
		}
		time.Sleep(flushInterval)
		synctest.Wait()
		if journal.syncs != 1+5 {
			t.Errorf("ten records were flushed %d times, want every second time", journal.syncs-1)
		}
		time.Sleep(10 * flushInterval)
		synctest.Wait()
		if journal.syncs != 1+5 {
			t.Errorf("what is durable was flushed again")
		}
		closeLedger(t, l)
	})
}

func TestAFlushThatFailsIsNotLost(t *testing.T) {
	for name, later := range map[string]time.Duration{"at the end": 0, "before": flushInterval} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, journal := openSynced(t)
				makeOne(t, l, "a")
				journal.isFull.Store(true)
				time.Sleep(later)
				synctest.Wait()
				if later > 0 {
					wantError(t, l.Environment("ns").Bind(roomEntry("b", "id")), "no space left on device", "nothing more can be recorded")
				}
				if err := l.Close(t.Context()); !errors.Is(err, errDisk) {
					t.Errorf("closing says %v", err)
				}
			})
		})
	}
}
