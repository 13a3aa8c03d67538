package ledger

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"riveter/plan"
)

// weighed counts what is written to a home.
type weighed struct {
	Home
	saves    int
	appended int64
}

func (w *weighed) Save(ctx context.Context, lease Lease, write func(io.Writer) error) error {
	w.saves++
	return w.Home.Save(ctx, lease, write)
}

func (w *weighed) Journal(lease Lease) Journal { return &weighedJournal{w.Home.Journal(lease), w} }

type weighedJournal struct {
	Journal
	of *weighed
}

func (j *weighedJournal) Append(at int64, data []byte) error {
	j.of.appended += int64(len(data))
	return j.Journal.Append(at, data)
}

// What a step costs does not depend on what else is remembered, and the document is written once for all steps of a run.
func TestAStepWeighsTheSameInEveryLedger(t *testing.T) {
	var first int64
	for _, n := range []int{1, 100, 2_000} {
		home := &weighed{Home: Local(filepath.Join(t.TempDir(), "l.json"))}
		if err := home.Home.Save(t.Context(), nil, manyEntries(n).encode); err != nil {
			t.Fatal(err)
		}
		l, err := Open(t.Context(), home, Options{Now: func() time.Time { return time.UnixMilli(1764140000000) }})
		if err != nil {
			t.Fatal(err)
		}
		const steps = 20
		ns, entry := l.Environment("ns"), roomEntry("0", "an-actor-id-of-a-usual-length-0")
		for range steps {
			s := addMember("0", "0")
			if err := ns.Started(entry.Identity(), s, entry.ActorID, memo(`["a member"]`)); err != nil {
				t.Fatal(err)
			}
			if err := ns.Finished(entry.Identity(), s, plan.StepDone, nil); err != nil {
				t.Fatal(err)
			}
		}
		if first == 0 {
			first = home.appended
		}
		if home.saves > 0 || home.appended != first || first > steps*1_000 {
			t.Errorf("%d entries: %d documents are saved, and %d bytes recorded; with one entry, %d", n, home.saves, home.appended, first)
		}
		if err := l.Close(t.Context()); err != nil || home.saves != 1 {
			t.Errorf("%d entries: %d documents are saved: %v", n, home.saves, err)
		}
	}
}
