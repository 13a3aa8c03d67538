package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
	"riveter/plan/value"
)

// voyage is a run whose journal is far away, and what really happened in it.
type voyage struct {
	*privately
	random *rand.Rand
	actors []*traveller
}

// traveller is an actor with what is to be done to it.
type traveller struct {
	key, id string
	created bool // before the run
	bound   int  // 0: the run has not come to it, 1: it is about to be created, 2: it is there
	steps   []string
	sent    int // so many of them were sent
	done    int // and so many are recorded as done
}

// voyages is how many there are.
func voyages() uint64 {
	if testing.Short() {
		return 20
	}
	return 400
}

func newVoyage(t *testing.T, seed uint64) *voyage {
	t.Helper()
	v := &voyage{privately: &privately{T: t, home: &ledgertest.Home{Drafted: true}}, random: rand.New(rand.NewPCG(seed, 0))}
	v.open()
	for i := range 1 + v.random.IntN(30) {
		a := &traveller{key: strconv.Itoa(i), id: fmt.Sprint("id-", i), created: v.random.IntN(2) == 0}
		for n := range v.random.IntN(60) {
			a.steps = append(a.steps, fmt.Sprint("step", n))
		}
		if a.created {
			a.bound = 2
			v.bind(a.key, a.id)
		}
		v.actors = append(v.actors, a)
	}
	v.close()
	v.open()
	return v
}

// announceAll announces what is to be done, but for steps of which nobody knows yet.
func (v *voyage) announceAll() {
	v.Helper()
	var all []plan.Intent
	for _, a := range v.actors {
		known, id := a.steps[:len(a.steps)-v.random.IntN(1+len(a.steps)/4)], ""
		if a.created {
			id = a.id
		}
		all = append(all, intent(a.key, id, known...))
	}
	v.check(v.announce(all...))
}

// advance does the next thing that is to be done to an actor, and reports whether there was any.
func (v *voyage) advance(a *traveller) bool {
	v.Helper()
	switch {
	case a.bound == 0:
		v.bind(a.key, "")
		a.bound = 1
	case a.bound == 1:
		v.bind(a.key, a.id)
		a.bound = 2
	case a.done < a.sent:
		v.check(v.l.Environment("ns").Finished(counter(a.key), step(a.key, a.steps[a.done]), plan.StepDone, nil))
		a.done++
	case a.sent < len(a.steps):
		v.started(a.key, a.steps[a.sent], a.id)
		a.sent++
	default:
		return false
	}
	return true
}

// goOn does a number of things to actors, a few of them at a time as they come.
func (v *voyage) goOn(things int) {
	v.Helper()
	pace := time.Duration(v.random.IntN(100)) * time.Millisecond
	at, width := v.actors, 1+v.random.IntN(30)
	for range things {
		if len(at) == 0 {
			return
		}
		if i := v.random.IntN(min(len(at), width)); !v.advance(at[i]) {
			at = append(at[:i:i], at[i+1:]...)
		}
		time.Sleep(time.Duration(v.random.Float64() * float64(pace)))
	}
}

// wantExactly looks for what is remembered where the draft is: nothing but what was in flight is in doubt.
func (v *voyage) wantExactly(r *plan.Recalled) {
	v.Helper()
	for _, a := range v.actors {
		for n, name := range a.steps {
			want := "due"
			switch {
			case n < a.done:
				want = "done"
			case n < a.sent:
				want = "started"
			case a.bound < 2:
				continue
			}
			v.want(r, a.key, name, a.id, want)
		}
	}
}

// wantSafely looks for what is remembered where the draft is not: nothing that was sent counts as not done, nor the reverse. It
// counts what is in doubt.
func (v *voyage) wantSafely(r *plan.Recalled) (doubts int) {
	v.Helper()
	for _, a := range v.actors {
		for n, name := range a.steps {
			got := verdict(r, a.key, name, a.id)
			switch {
			case got == "due" && n < a.sent, got == "unknown" && a.bound > 0, got == "another actor's", got == "done" && n >= a.done:
				v.Errorf("%s of %s is %s; %d were sent, %d are done", name, a.key, got, a.sent, a.done)
			case got == "started" || got == "in doubt" && a.bound == 2:
				doubts++
			}
		}
	}
	return doubts
}

func TestNothingIsLostOrDoneTwiceWhereverARunEnds(t *testing.T) {
	for seed := range voyages() {
		synctest.Test(t, func(t *testing.T) {
			v := newVoyage(t, seed)
			before := v.l.Recall("ns").Serial
			v.announceAll()
			v.goOn(v.random.IntN(1000))
			if seed%2 == 0 {
				r := v.again()
				if v.wantExactly(r); r.Serial > before+1 {
					t.Errorf("serial %d after %d", r.Serial, before)
				}
				v.close()
				v.wantExactly(v.another())
			} else {
				v.wantSafely(v.another())
				_ = v.l.Close(t.Context())
			}
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		})
	}
}

// single is a run that is to take many steps of one actor, and has announced them.
func single(t *testing.T, steps int) *voyage {
	t.Helper()
	v := &voyage{privately: &privately{T: t, home: &ledgertest.Home{Drafted: true}}, random: rand.New(rand.NewPCG(1, 0))}
	v.open()
	a := &traveller{key: "a", id: "a1"}
	for n := range steps {
		a.steps = append(a.steps, fmt.Sprint("step", n))
	}
	v.actors = append(v.actors, a)
	v.check(v.announce(intent(a.key, "", a.steps...)))
	for a.bound < 2 {
		v.advance(a)
	}
	return v
}

// take takes steps that last that long.
func (v *voyage) take(steps int, each time.Duration) {
	v.Helper()
	for range steps {
		v.advance(v.actors[0])
		time.Sleep(each)
		v.advance(v.actors[0])
	}
}

func TestStepsDoNotWaitForAJournalThatIsFarAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := single(t, 2000)
		v.take(2000, time.Millisecond)
		if _, appends := v.home.Writes(); appends > 20 { // eight in two seconds, and some to find out how far ahead is enough
			t.Errorf("%d appends", appends)
		}
		v.close()
	})
}

func TestLittleIsAnnouncedOfWhatTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := single(t, 500)
		v.take(300, time.Millisecond) // after which more is announced at a time
		v.take(150, time.Second)
		if doubts := v.wantSafely(v.another()); doubts > 10 {
			t.Errorf("%d steps are in doubt", doubts)
		}
		_ = v.l.Close(t.Context())
	})
}

func TestADraftThatIsOlderThanTheJournalIsNotBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := single(t, 10)
		old := v.home.TakeJournal()
		v.home.PutJournal(old)
		v.take(3, time.Second)
		v.advance(v.actors[0])
		v.home.TakeJournal()
		_ = v.l.Close(t.Context())
		v.home.PutJournal(old)
		v.open()
		v.wantSafely(v.l.Recall("ns"))
		v.close()
	})
}

func TestADraftThatOthersWentPastIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := single(t, 10)
		v.take(3, time.Second)
		v.advance(v.actors[0])
		draft := v.home.TakeJournal()
		_ = v.l.Close(t.Context())
		v.open()
		v.done("a", "step7", "a1")
		v.close()
		v.home.PutJournal(draft)
		r := v.another()
		v.want(r, "a", "step1", "a1", "done")
		v.want(r, "a", "step3", "a1", "started")
		v.want(r, "a", "step7", "a1", "done")
	})
}

func TestADraftOfWhichNobodyHeardIsLeft(t *testing.T) {
	p := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
	p.home.OnAppend = ledgertest.FailAt(1)
	p.open()
	if p.announce(intent("a", "")) == nil {
		t.Error("it is announced")
	}
	draft := p.home.TakeJournal()
	_ = p.l.Close(t.Context())
	p.open()
	p.bind("b", "b1")
	p.close()
	p.home.PutJournal(draft)
	p.open()
	if r := p.l.Recall("ns"); len(r.Actors) != 1 {
		t.Errorf("%v are remembered", r.Actors)
	}
	p.close()
}

func TestNoActorIsCreatedBeforeThatIsKnown(t *testing.T) {
	p := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
	p.open()
	var all []plan.Intent
	for i := range 100 {
		all = append(all, intent(strconv.Itoa(i), ""))
	}
	p.check(p.announce(all...))
	p.bind("99", "")
	r := p.another()
	for key, want := range map[string]bool{"0": true, "50": false, "99": true} {
		if e := r.Actors[counter(key)]; (e != nil && e.Created) != want {
			t.Errorf("of %s is remembered %v", key, e)
		}
	}
	_ = p.l.Close(t.Context())
}

func TestNothingIsBegunThatCannotBeAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := single(t, 100)
		_, appends := v.home.Writes()
		v.home.OnAppend = func(n int) error {
			if n > appends {
				return errors.New("nobody answers")
			}
			return nil
		}
		a := v.actors[0]
		var err error
		for _, name := range a.steps {
			if err = v.l.Environment("ns").Started(counter("a"), step("a", name), a.id, value.Memo{}); err != nil {
				break
			}
			a.sent++
		}
		if err == nil || a.sent > 8 {
			t.Errorf("%d steps were begun: %v", a.sent, err)
		}
		v.wantSafely(v.another())
		_ = v.l.Close(t.Context())
	})
}

// TestWhoWasOvertakenInItsOwnFolderSaysWhoHasTheLedger has another run take over a stopped one, whose draft it merges and replaces.
func TestWhoWasOvertakenInItsOwnFolderSaysWhoHasTheLedger(t *testing.T) {
	for name, over := range map[string]bool{"the other one goes on": false, "the other one is over": true} {
		for _, records := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					v := single(t, 3)
					v.take(1, time.Second)
					stopped := v.l
					v.home.Take(ledger.Holder{Who: "ann", Operation: "apply"})
					v.home.Crash()
					v.open()
					v.done("a", "step1", "a1")
					if over {
						v.close()
					}
					if records {
						wantOvertaken(t, stopped.Environment("ns").Started(counter("a"), step("a", "step2"), "a1", value.Memo{}))
					}
					wantOvertaken(t, stopped.Close(t.Context()))
					if !over {
						v.done("a", "step2", "a1")
						v.close()
					}
					v.want(v.another(), "a", "step1", "a1", "done")
				})
			})
		}
	}
}

func TestWhoWasOvertakenLeavesNoDraft(t *testing.T) {
	v := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
	v.open()
	v.home.Take(ledger.Holder{Who: "ann", Operation: "apply"})
	wantOvertaken(t, v.announce(intent("a", "")))
	wantOvertaken(t, v.l.Close(t.Context()))
	if draft := v.home.TakeJournal(); draft != nil {
		t.Errorf("it leaves %s", draft)
	}
}

func wantOvertaken(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*ledger.LostError](err); !ok || !errors.Is(err, plan.ErrOvertaken) {
		t.Fatalf("%v", err)
	}
	if said := err.Error(); !strings.Contains(said, `"ann", who has it for "apply"`) || strings.Contains(said, "journal") {
		t.Errorf("it says: %s", said)
	}
}
