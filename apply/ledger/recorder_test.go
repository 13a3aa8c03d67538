package ledger

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// slow is a journal to which records are appended only when it is let.
type slow struct {
	Journal
	let     chan struct{}
	appends atomic.Int64
}

func (s *slow) Append(at int64, data []byte) error {
	s.appends.Add(1)
	<-s.let
	return s.Journal.Append(at, data)
}

func TestRecorderAppendsRecordsTogether(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	slow := &slow{Journal: l.journal, let: make(chan struct{})}
	l.recorder.journal = slow
	var writers sync.WaitGroup
	bind := func(key string) {
		writers.Go(func() {
			if err := l.Environment("ns").Bind(roomEntry(key, "id")); err != nil {
				t.Error(err)
			}
		})
	}
	bind("first")
	for slow.appends.Load() == 0 {
		runtime.Gosched()
	}
	const others = 100
	for i := range others {
		bind(fmt.Sprint(i))
	}
	for l.waiting() < others {
		runtime.Gosched()
	}
	close(slow.let)
	writers.Wait()
	if got := slow.appends.Load(); got != 2 {
		t.Errorf("%d records took %d appends, want 2", others+1, got)
	}
	closeLedger(t, l)
	l = open(t, home, options(2))
	defer closeLedger(t, l)
	if got := len(l.Recall("ns").Actors); got != others+1 {
		t.Errorf("%d entries, want %d", got, others+1)
	}
}

// waiting counts the records that are appended next.
func (l *Ledger) waiting() int {
	l.recorder.joining.Lock()
	defer l.recorder.joining.Unlock()
	return strings.Count(l.recorder.next.line.String(), `"environment"`)
}

var errDisk = errors.New("no space left on device")

// broken is a journal that fails from the n-th append on, as far into it as torn says.
type broken struct {
	Journal
	appends int
	torn    func(data []byte) int
}

func (b *broken) Append(at int64, data []byte) error {
	if b.appends--; b.appends >= 0 {
		return b.Journal.Append(at, data)
	}
	if n := b.torn(data); n > 0 {
		_ = b.Journal.Append(at, data[:n])
	}
	return errDisk
}

func TestRecorderStopsAtTheFirstError(t *testing.T) {
	nothing := func([]byte) int { return 0 }
	half := func(data []byte) int { return len(data) / 2 }
	all := func(data []byte) int { return len(data) }
	tests := map[string]struct {
		appends int
		torn    func([]byte) int
		want    int // entries afterwards
	}{
		"no journal":           {0, nothing, 0},
		"half a header":        {0, half, 0},
		"nothing appended":     {2, nothing, 2},
		"half a line appended": {2, half, 2},
		"all, but not durably": {2, all, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			l := open(t, home, options(1))
			l.recorder.journal = &broken{l.journal, test.appends, test.torn}
			says := []string{"no space left on device", "nothing more can be recorded", journalPath(home)}
			if test.appends == 0 {
				says = []string{"no space left on device; nothing was recorded, and nothing can be"}
			}
			failed := 0
			for i := range 5 {
				if err := l.Environment("ns").Bind(roomEntry(fmt.Sprint(i), "id")); err != nil {
					failed++
					wantError(t, err, says...)
				} else if failed > 0 {
					t.Error("a record was accepted after an error")
				}
			}
			if failed == 0 {
				t.Error("no record failed")
			}
			closeLedger(t, l)
			l = open(t, home, options(2))
			defer closeLedger(t, l)
			if got := len(l.Recall("ns").Actors); got != test.want {
				t.Errorf("%d entries, want %d", got, test.want)
			}
			if _, err := os.Stat(journalPath(home)); err == nil {
				t.Error("the journal is still there")
			}
		})
	}
}

func TestRecorderRefusesWhatIsNoJSON(t *testing.T) {
	l := open(t, newHome(t), options(1))
	defer closeLedger(t, l)
	wantError(t, l.Environment("ns").Started(identity("a"), addMember("a", "b"), "id", memo(`{"torn`)), "record: ")
	check(t, l.Environment("ns").Bind(roomEntry("a", "id")))
}

func TestEnvironmentRecordsConcurrently(t *testing.T) {
	home := newHome(t)
	l := open(t, home, Options{})
	const workers, steps = 16, 20
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			e, key := l.Environment("ns"), fmt.Sprint(w)
			if err := e.Bind(roomEntry(key, key)); err != nil {
				t.Error(err)
			}
			for s := range steps {
				step := addMember(key, fmt.Sprint(s))
				if err := errors.Join(e.Started(identity(key), step, key, memo(`[]`)), e.Finished(identity(key), step, "done", nil)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	closeLedger(t, l)
	l = open(t, home, Options{})
	defer closeLedger(t, l)
	entries := l.Recall("ns").Actors
	if len(entries) != workers {
		t.Errorf("%d entries, want %d", len(entries), workers)
	}
	for address, entry := range entries {
		if len(entry.Steps) != steps {
			t.Errorf("%s has %d steps, want %d", address, len(entry.Steps), steps)
		}
		for name, memo := range entry.Steps {
			if memo.Status != "done" || memo.ActorID != entry.ActorID {
				t.Errorf("%s.%s: %v", address, name, memo)
			}
		}
	}
}
