package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLockSaysWhoHoldsIt(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	_, err := Open(t.Context(), home, options(2))
	locked, ok := errors.AsType[*LockedError](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	want := Holder{
		ID: locked.Holder.ID, Who: "ann@desk", PID: 7, Operation: "apply",
		Since: time.Date(2026, 3, 1, 12, 0, 1, 0, time.UTC),
	}
	if diff := cmp.Diff(want, locked.Holder); diff != "" || locked.Holder.ID == "" {
		t.Error(diff)
	}
	closeLedger(t, l)
	if got := files(t, home); got != nil {
		t.Errorf("the lock leaves %v", got)
	}
	closeLedger(t, open(t, home, options(3)))
}

func TestLockIsRefusedAlsoWhenItsHolderIsUnknown(t *testing.T) {
	for name, content := range map[string]string{"none": "", "torn": `{"id":"1`, "hostile": "{\"who\":\"\x1b[2J\"}"} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			l := open(t, home, options(1))
			defer closeLedger(t, l)
			check(t, os.WriteFile(home.String()+".holder", []byte(content), 0o600))
			_, err := Open(t.Context(), home, options(2))
			wantError(t, err, "another riveter uses it")
		})
	}
}

// busy is a home whose lock somebody has for a while.
type busy struct {
	none
	until time.Time
}

func (b busy) Lock(ctx context.Context, holder Holder) (Lease, error) {
	if time.Now().Before(b.until) {
		return nil, &LockedError{}
	}
	return b.none.Lock(ctx, holder)
}

func TestALockIsWaitedForAsLongAsIsSaid(t *testing.T) {
	for held, want := range map[time.Duration]bool{0: true, 5 * time.Second: true, 9999 * time.Millisecond: true, 10001 * time.Millisecond: false} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := lock(t.Context(), busy{until: start.Add(held)}, Holder{}, 10*time.Second)
			if took := time.Since(start); (err == nil) != want || took < held && want || took > 10*time.Second {
				t.Errorf("held for %s: %v after %s", held, err, took)
			}
		})
	}
}

func TestLockErrorIsSafeForATerminal(t *testing.T) {
	err := &LockedError{Ledger: "l", Holder: Holder{Who: "\x1b[2J", Operation: "\x07", ID: "\x00"}}
	for _, c := range err.Error() {
		if c < ' ' {
			t.Errorf("%q has control characters", err.Error())
		}
	}
}

func TestNoLockGoesPastTheLock(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	defer closeLedger(t, l)
	o := options(2)
	o.NoLock = true
	closeLedger(t, open(t, home, o))
}

// TestLockHasOneHolderAtATime would fail if a holder could lock a file that another one has just removed.
func TestLockHasOneHolderAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.json")
	var holders, turns atomic.Int64
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for turns.Load() < 500 {
				lock, err := tryLock(path + ".lock")
				if err != nil {
					t.Error(err)
					return
				}
				if lock == nil {
					continue
				}
				if holders.Add(1) > 1 {
					t.Error("two hold the lock")
				}
				turns.Add(1)
				lease := &fileLease{lock: lock, holder: path + ".holder"}
				err = lease.sign(Holder{})
				holders.Add(-1)
				if err := errors.Join(err, lease.unlock()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
