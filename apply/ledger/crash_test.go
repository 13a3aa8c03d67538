package ledger

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"riveter/plan"
)

// model is the memory that a ledger should have, in the simplest form that could be right: steps by address and name. The
// step without a name stands for the actor.
type model map[string]map[string]modelStep

type modelStep struct {
	ActorID      string
	Status       plan.StepStatus
	Args, Output string
}

func (m model) clone() model {
	out := model{}
	for address, steps := range m {
		out[address] = maps.Clone(steps)
	}
	return out
}

// modelOf describes what a ledger recalls in the words of a model.
func modelOf(r *plan.Recalled) model {
	out := model{}
	for _, entry := range r.Actors {
		steps := map[string]modelStep{"": {ActorID: entry.ActorID}}
		for name, memo := range entry.Steps {
			steps[name] = modelStep{memo.ActorID, memo.Status, string(memo.Args.Value), string(memo.Output)}
		}
		out[entry.Address.String()] = steps
	}
	return out
}

// act records something random, and does the same to the model.
func act(t *rapid.T, e *Environment, m model) {
	actor := rapid.SampledFrom([]string{"a", "b", "ü\n\"${"}).Draw(t, "actor")
	step := addMember(actor, rapid.SampledFrom([]string{"x", "y"}).Draw(t, "step"))
	address, name := step.Actor.String(), step.Relative()
	id := rapid.SampledFrom([]string{"id1", "id2"}).Draw(t, "id")
	value := rapid.SampledFrom([]string{`null`, `["<\n>",1]`, `{"a":[]}`}).Draw(t, "value")
	kind := rapid.IntRange(0, 4).Draw(t, "kind")
	var err error
	switch steps := m[address]; {
	case kind == 0:
		err = e.Forget(roomOf(step))
		delete(m, address)
	case kind <= 2 || steps == nil:
		bind := e.Bind
		if kind == 2 {
			bind = e.Made
		}
		err = bind(roomEntry(actor, id))
		if steps[""].ActorID != id {
			m[address] = map[string]modelStep{"": {ActorID: id}}
		}
	case kind == 3:
		steps[name] = modelStep{ActorID: steps[""].ActorID, Status: plan.StepStarted, Args: value}
		err = e.Started(roomOf(step), step, steps[""].ActorID, memo(value))
	default:
		steps[name] = modelStep{steps[""].ActorID, plan.StepDone, steps[name].Args, value}
		err = e.Finished(roomOf(step), step, plan.StepDone, rest(value))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// crashing is a ledger whose runs end in every way that a run can end.
type crashing struct {
	home   Home
	runs   byte
	model  model
	serial uint64
}

// run records something and ends well or in a crash, after which one of the acknowledged states must be recalled: the last
// one whose records were in the journal, or the next one, since a crash may also spare what nobody was promised. What is not
// waited for is promised with what comes next.
func (c *crashing) run(t *testing.T, r *rapid.T) {
	t.Helper()
	c.runs++
	l := open(t, c.home, options(c.runs))
	states, sizes := []model{c.model}, []int64{0}
	for range rapid.IntRange(0, 6).Draw(r, "records") {
		next := states[len(states)-1].clone()
		act(r, l.Environment("ns"), next)
		states, sizes = append(states, next), append(sizes, journalSize(t, c.home))
	}
	last := len(states) - 1
	least, most := last, last
	switch end := rapid.SampledFrom([]string{"well", "before saving", "after saving"}).Draw(r, "end"); {
	case end == "well" || sizes[last] == 0:
		closeLedger(t, l)
	case end == "before saving":
		size := rapid.Int64Range(0, sizes[last]).Draw(r, "size of the journal")
		more, _ := slices.BinarySearch(sizes, size+1)
		least, most = slices.Index(sizes, sizes[more-1]), min(more, last)
		c.crash(t, l, size)
	case end == "after saving":
		journal, err := os.ReadFile(journalPath(c.home))
		check(t, err)
		closeLedger(t, l)
		check(t, os.WriteFile(journalPath(c.home), journal, 0o600))
	}
	c.recall(t, r, states[least:most+1])
}

// journalSize is that of a journal, or 0 where there is none.
func journalSize(t *testing.T, home Home) int64 {
	t.Helper()
	info, err := os.Stat(journalPath(home))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	check(t, err)
	return info.Size()
}

// crash ends a run as a loss of power does: its lock is gone, and the end of the journal is missing or was never written.
func (c *crashing) crash(t *testing.T, l *Ledger, size int64) {
	t.Helper()
	_, err := l.recorder.close()
	check(t, err)
	check(t, l.release(t.Context()))
	check(t, os.Truncate(journalPath(c.home), size))
}

func (c *crashing) recall(t *testing.T, r *rapid.T, allowed []model) {
	t.Helper()
	l := open(t, c.home, readOnly(options(99)))
	defer closeLedger(t, l)
	recalled := l.Recall("ns")
	c.model = modelOf(recalled)
	if recalled.Serial < c.serial || recalled.Serial > c.serial+1 {
		r.Fatalf("serial %d after %d", recalled.Serial, c.serial)
	}
	c.serial = recalled.Serial
	var diff string
	for _, state := range allowed {
		if diff = cmp.Diff(state, c.model); diff == "" {
			return
		}
	}
	r.Fatalf("not what was acknowledged: %s", diff)
}

func TestLedgerSurvivesCrashes(t *testing.T) {
	dir, cases := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		cases++
		c := &crashing{home: Local(filepath.Join(dir, strconv.Itoa(cases))), model: model{}}
		for range rapid.IntRange(1, 4).Draw(r, "runs") {
			c.run(t, r)
		}
	})
}

// TestLedgerSurvivesACrashAtEveryByte cuts the journal of one run everywhere. Reading and recording afterwards must find
// the same memory, and no acknowledged record may be missing.
func TestLedgerSurvivesACrashAtEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	home := newHome(t)
	l := open(t, home, options(1))
	var ends []int
	for i := range 4 {
		check(t, l.Environment("ns").Bind(roomEntry(strconv.Itoa(i), "id")))
		info, err := os.Stat(journalPath(home))
		check(t, err)
		ends = append(ends, int(info.Size()))
	}
	journal, err := os.ReadFile(journalPath(home))
	check(t, err)
	closeLedger(t, l)
	for size := range len(journal) {
		acknowledged := 0
		for acknowledged < len(ends) && ends[acknowledged] <= size {
			acknowledged++
		}
		check(t, os.RemoveAll(home.String()))
		check(t, os.WriteFile(journalPath(home), journal[:size], 0o600))
		for _, o := range []Options{readOnly(options(2)), options(2), readOnly(options(2))} {
			l := open(t, home, o)
			if got := len(l.Recall("ns").Actors); got != acknowledged && got != acknowledged+1 {
				t.Fatalf("cut at byte %d: %d entries, %d acknowledged", size, got, acknowledged)
			}
			closeLedger(t, l)
		}
	}
}
