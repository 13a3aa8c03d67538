package ledger

import (
	"errors"
	"testing"
	"time"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// far is a journal that is far away, and counts the ways there. From the one that fails on, all do.
type far struct {
	Journal
	appends, fails int
}

func (f *far) Far() bool { return true }

func (f *far) Append(at int64, data []byte) error {
	if f.appends++; f.fails > 0 && f.appends >= f.fails {
		return errDisk
	}
	return f.Journal.Append(at, data)
}

// openFar opens a ledger whose journal is far away, with records that wait for the next one as long as deferral.
func openFar(t *testing.T, home Home, deferral time.Duration) (*Ledger, *far) {
	t.Helper()
	l := open(t, home, options(1))
	journal := &far{Journal: l.journal}
	l.recorder.journal, l.recorder.deferral = journal, deferral
	return l, journal
}

// begin records a step as started, and end as done.
func (l *Ledger) begin(step string) error {
	return l.Environment("ns").Started(identity("a"), room("a").Step(address.StepAction, step, address.InstanceKey{}), "id", value.Memo{Absent: true})
}

func (l *Ledger) end(step string) error {
	return l.Environment("ns").Finished(identity("a"), room("a").Step(address.StepAction, step, address.InstanceKey{}), plan.StepDone, nil, false)
}

func TestEndOfAStepGoesWithTheBeginningOfTheNextOne(t *testing.T) {
	home := newHome(t)
	l, journal := openFar(t, home, time.Hour)
	check(t, l.Environment("ns").Bind(roomEntry("a", "id")))
	for i, name := range []string{"one", "two", "three"} {
		check(t, l.begin(name))
		if journal.appends != i+1 {
			t.Errorf("the beginning of step %d is the append %d", i+1, journal.appends)
		}
		check(t, l.end(name))
	}
	closeLedger(t, l)
	l = open(t, home, options(2))
	defer closeLedger(t, l)
	for name, memo := range l.Recall("ns").Actors[identity("a")].Steps {
		if memo.Status != plan.StepDone {
			t.Errorf("%s is %s", name, memo.Status)
		}
	}
}

func TestEndOfAStepIsRecordedWhereNothingFollows(t *testing.T) {
	l, journal := openFar(t, newHome(t), time.Millisecond)
	check(t, l.begin("last"))
	l.recorder.joining.Lock()
	next := l.recorder.next
	l.recorder.joining.Unlock()
	check(t, l.end("last"))
	<-next.appended
	if journal.appends != 2 {
		t.Errorf("%d appends, want 2", journal.appends)
	}
	closeLedger(t, l)
}

func TestEndOfAStepThatCannotBeRecordedIsSaid(t *testing.T) {
	for name, then := range map[string]func(*Ledger) error{
		"by the next step": func(l *Ledger) error { return l.begin("next") },
		"at the end":       func(l *Ledger) error { return l.Close(t.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			home := newHome(t)
			l, journal := openFar(t, home, time.Hour)
			check(t, l.begin("step"))
			journal.fails = journal.appends + 1
			check(t, l.end("step"))
			if err := then(l); !errors.Is(err, errDisk) {
				t.Errorf("got %v", err)
			}
			_ = l.Close(t.Context())
			l = open(t, home, options(2))
			defer closeLedger(t, l)
			for _, memo := range l.Recall("ns").Actors[identity("a")].Steps {
				if memo.Status != plan.StepStarted {
					t.Errorf("it is %s", memo.Status)
				}
			}
		})
	}
}
