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

// slowFile flushes only when it is let.
type slowFile struct {
	journalFile
	flush chan struct{}
	syncs atomic.Int64
}

func (f *slowFile) Sync() error {
	f.syncs.Add(1)
	<-f.flush
	return f.journalFile.Sync()
}

func TestJournalFlushesRecordsTogether(t *testing.T) {
	home := newHome(t)
	l := open(t, home, options(1))
	slow := &slowFile{flush: make(chan struct{})}
	l.journal.create = func(path string) (file journalFile, err error) {
		slow.journalFile, err = createJournal(path)
		return slow, err
	}
	var writers sync.WaitGroup
	bind := func(key string) {
		writers.Go(func() {
			if err := l.Environment("ns").Bind(room(key), roomEntry(key, "id")); err != nil {
				t.Error(err)
			}
		})
	}
	bind("first")
	for slow.syncs.Load() == 0 {
		runtime.Gosched()
	}
	const others = 100
	for i := range others {
		bind(fmt.Sprint(i))
	}
	for l.waiting() < others {
		runtime.Gosched()
	}
	close(slow.flush)
	writers.Wait()
	if got := slow.syncs.Load(); got != 2 {
		t.Errorf("%d records took %d flushes, want 2", others+1, got)
	}
	closeLedger(t, l)
	l = open(t, home, options(2))
	defer closeLedger(t, l)
	if got := len(l.Recall("ns").Entries); got != others+1 {
		t.Errorf("%d entries, want %d", got, others+1)
	}
}

// waiting counts the records that wait for the next flush.
func (l *Ledger) waiting() int {
	l.journal.joining.Lock()
	defer l.journal.joining.Unlock()
	return strings.Count(l.journal.next.line.String(), `"environment"`)
}

// brokenFile fails from the n-th write or flush on.
type brokenFile struct {
	journalFile
	writes, syncs int
	short         bool // a failing write leaves half of a line
}

var errDisk = errors.New("no space left on device")

func (f *brokenFile) Write(data []byte) (int, error) {
	if f.writes--; f.writes >= 0 {
		return f.journalFile.Write(data)
	}
	if f.short {
		_, _ = f.journalFile.Write(data[:len(data)/2])
	}
	return 0, errDisk
}

func (f *brokenFile) Sync() error {
	if f.syncs--; f.syncs >= 0 {
		return f.journalFile.Sync()
	}
	return errDisk
}

func TestJournalStopsAtTheFirstError(t *testing.T) {
	tests := map[string]struct {
		file brokenFile
		want int // entries afterwards
	}{
		"nothing written":      {brokenFile{writes: 2, syncs: 9}, 2},
		"half a line written":  {brokenFile{writes: 2, syncs: 9, short: true}, 2},
		"half a header":        {brokenFile{short: true}, 0},
		"written, not flushed": {brokenFile{writes: 9, syncs: 2}, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			l := open(t, home, options(1))
			l.journal.create = func(path string) (file journalFile, err error) {
				test.file.journalFile, err = createJournal(path)
				return &test.file, err
			}
			failed := 0
			for i := range 5 {
				if err := l.Environment("ns").Bind(room(fmt.Sprint(i)), roomEntry("k", "id")); err != nil {
					failed++
					wantError(t, err, "no space left on device", "nothing more can be recorded", home.journal())
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
			if got := len(l.Recall("ns").Entries); got != test.want {
				t.Errorf("%d entries, want %d", got, test.want)
			}
			if _, err := os.Stat(home.journal()); err == nil {
				t.Error("the journal is still there")
			}
		})
	}
}

func TestJournalRefusesWhatIsNoJSON(t *testing.T) {
	l := open(t, newHome(t), options(1))
	defer closeLedger(t, l)
	wantError(t, l.Environment("ns").Started(addMember("a", "b"), "id", memo(`{"torn`)), "record actor.chatRoom.room")
	check(t, l.Environment("ns").Bind(room("a"), roomEntry("a", "id")))
}

func TestEnvironmentRecordsConcurrently(t *testing.T) {
	home := newHome(t)
	l := open(t, home, Options{})
	const workers, steps = 16, 20
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			e, key := l.Environment("ns"), fmt.Sprint(w)
			if err := e.Bind(room(key), roomEntry(key, key)); err != nil {
				t.Error(err)
			}
			for s := range steps {
				step := addMember(key, fmt.Sprint(s))
				if err := errors.Join(e.Started(step, key, memo(`[]`)), e.Finished(step, "done", nil)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	closeLedger(t, l)
	l = open(t, home, Options{})
	defer closeLedger(t, l)
	entries := l.Recall("ns").Entries
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
