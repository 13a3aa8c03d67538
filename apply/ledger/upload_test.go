package ledger_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// privately is a run whose journal vanishes with its machine.
type privately struct {
	*testing.T
	home *ledgertest.Home
	l    *ledger.Ledger
}

func newPrivately(t *testing.T) *privately {
	t.Helper()
	p := &privately{T: t, home: &ledgertest.Home{Private: true}}
	p.open()
	return p
}

func (p *privately) check(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *privately) open() {
	p.Helper()
	l, err := ledger.Open(p.Context(), p.home, ledger.Options{})
	p.check(err)
	p.l = l
}

func (p *privately) close() { p.Helper(); p.check(p.l.Close(p.Context())) }

// another opens the ledger on another machine, after this one has vanished.
func (p *privately) another() *plan.Recalled {
	p.Helper()
	p.home.Vanish()
	l, err := ledger.Open(p.Context(), p.home, ledger.Options{ReadOnly: true})
	p.check(err)
	defer func() { p.check(l.Close(p.Context())) }()
	return l.Recall("ns")
}

// again opens the ledger on the same machine.
func (p *privately) again() *plan.Recalled {
	p.Helper()
	journal := p.home.TakeJournal()
	_ = p.l.Close(p.Context()) // finds no journal, and so saves nothing
	p.home.PutJournal(journal)
	p.open()
	return p.l.Recall("ns")
}

func counter(key string) plan.Identity { return plan.IdentityOf("counter", []string{key}) }

func at(key string) address.Address {
	return address.Address{Kind: address.KindActor, Name: "counter", Label: "all", Key: address.StringKey(key)}
}

func step(key, name string) address.StepAddress {
	return at(key).Step(address.StepAction, name, address.InstanceKey{})
}

func (p *privately) bind(key, actorID string) {
	p.Helper()
	p.check(p.l.Environment("ns").Bind(plan.Entry{
		Name: "counter", Key: []string{key}, Address: at(key), ActorID: actorID, Created: true, Fresh: true,
	}))
}

func (p *privately) started(key, name, actorID string) {
	p.Helper()
	p.check(p.l.Environment("ns").Started(counter(key), step(key, name), actorID, value.Memo{Digest: "d"}))
}

func (p *privately) done(key, name, actorID string) {
	p.Helper()
	p.started(key, name, actorID)
	p.check(p.l.Environment("ns").Finished(counter(key), step(key, name), plan.StepDone, nil))
}

func (p *privately) announce(intents ...plan.Intent) error {
	return p.l.Environment("ns").Announce(p.Context(), intents)
}

func intent(key, actorID string, steps ...string) plan.Intent {
	i := plan.Intent{Name: "counter", Key: []string{key}, Address: at(key), ActorID: actorID}
	for _, name := range steps {
		i.Steps = append(i.Steps, step(key, name))
	}
	return i
}

// verdict says what a plan could say of a step on the actor with this id.
func verdict(r *plan.Recalled, key, name, actorID string) string {
	e := r.Actors[counter(key)].Of(actorID)
	switch memo := e.Step(step(key, name), actorID); {
	case e == nil:
		return "unknown"
	case memo != nil:
		return string(memo.Status)
	case e.ActorID != actorID && e.ActorID != "":
		return "another actor's"
	case e.Fresh:
		return "due"
	default:
		return "in doubt"
	}
}

func (p *privately) want(r *plan.Recalled, key, name, actorID, want string) {
	p.Helper()
	if got := verdict(r, key, name, actorID); got != want {
		p.Errorf("%s of %s %s is %s, want %s", name, key, actorID, got, want)
	}
}

// seeded is a private run after another one that has made a and b, and a's first step.
func seeded(t *testing.T) *privately {
	t.Helper()
	p := newPrivately(t)
	p.bind("a", "a1")
	p.bind("b", "b1")
	p.done("a", "first", "a1")
	p.close()
	p.open()
	p.check(p.announce(intent("a", "a1", "first", "second"), intent("b", ""), intent("c", "", "first")))
	return p
}

func TestWhatWasAnnouncedIsInDoubtWhenTheMachineVanishes(t *testing.T) {
	p := seeded(t)
	r := p.another()
	p.want(r, "a", "first", "a1", "started")
	p.want(r, "a", "second", "a1", "started")
	p.want(r, "a", "third", "a1", "due")      // it was in no run
	p.want(r, "b", "first", "b1", "in doubt") // it was to be replaced, and was not
	p.want(r, "b", "first", "b2", "in doubt") // or was
	p.want(r, "c", "first", "c1", "in doubt")
	if !r.Actors[counter("c")].Created {
		t.Error("c counts as somebody else's")
	}
	if p.l.Close(t.Context()) == nil {
		t.Error("a run does not notice that its journal is gone")
	}
}

// Where another actor was to be created, and the former one turns out to be there, it is that one which was called.
func TestWhatWasAnnouncedOfAFormerActorIsInDoubt(t *testing.T) {
	p := newPrivately(t)
	p.bind("a", "a1")
	p.bind("a", "")
	p.close()
	p.open()
	p.check(p.announce(intent("a", "a1", "first")))
	r := p.another()
	p.want(r, "a", "first", "a1", "started")
	p.want(r, "a", "second", "a1", "due")
	_ = p.l.Close(t.Context())
}

func TestWhatWasAnnouncedIsNotInDoubtOnTheSameMachine(t *testing.T) {
	p := seeded(t)
	p.done("a", "first", "a1")
	r := p.again()
	p.want(r, "a", "first", "a1", "done")
	p.want(r, "a", "second", "a1", "due")
	p.want(r, "b", "first", "b1", "due")
	p.want(r, "c", "first", "c1", "unknown")
	p.close()
	p.want(p.another(), "a", "second", "a1", "due")
}

func TestWhatWasAnnouncedIsOverWhenTheRunIs(t *testing.T) {
	p := seeded(t)
	p.bind("c", "c1")
	p.close()
	r := p.another()
	p.want(r, "a", "first", "a1", "done")
	p.want(r, "a", "second", "a1", "due")
	p.want(r, "b", "first", "b1", "due")
	p.want(r, "c", "first", "c1", "due")
}

func TestWhatIsRecordedIsSavedDuringTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := seeded(t)
		p.bind("b", "")
		p.bind("b", "b2")
		p.bind("c", "c1")
		p.done("c", "first", "c1")
		p.done("a", "first", "a1")
		time.Sleep(11 * time.Second)
		p.done("a", "second", "a1")
		r := p.another()
		p.want(r, "a", "first", "a1", "done")
		p.want(r, "a", "second", "a1", "started") // it is not saved yet
		p.want(r, "a", "third", "a1", "due")
		p.want(r, "b", "first", "b2", "due")
		p.want(r, "c", "first", "c1", "done")
		p.want(r, "c", "second", "c1", "due")
		_ = p.l.Close(t.Context())
	})
}

func TestManyRecordsAreSavedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := seeded(t)
		began := time.Now()
		before, _ := p.home.Writes()
		for range 500 {
			p.done("a", "first", "a1")
		}
		synctest.Wait()
		if after, _ := p.home.Writes(); after != before+1 || time.Since(began) > 0 {
			t.Errorf("%d versions were saved", after-before)
		}
		p.close()
	})
}

func TestAVersionThatCannotBeSavedIsNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := seeded(t)
		saves, _ := p.home.Writes()
		p.home.OnSave = ledgertest.FailAt(saves + 1)
		p.done("a", "first", "a1")
		time.Sleep(11 * time.Second)
		p.done("a", "second", "a1")
		time.Sleep(10 * time.Second)
		p.want(p.another(), "a", "second", "a1", "done")
		_ = p.l.Close(t.Context())
	})
}

// A server may refuse what is announced, or keep it and say nothing. Then nothing is done, and nothing of it is in doubt; what is
// recorded all the same is kept.
func TestWhatWasAnnouncedInVainIsTakenBack(t *testing.T) {
	for name, fail := range map[string]func(h *ledgertest.Home, at int){
		"it is refused":      func(h *ledgertest.Home, at int) { h.OnSave = ledgertest.FailAt(at) },
		"its answer is lost": func(h *ledgertest.Home, at int) { h.OnSaved = ledgertest.FailAt(at) },
	} {
		for _, records := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				p := newPrivately(t)
				p.bind("a", "a1")
				p.close()
				p.open()
				saves, _ := p.home.Writes()
				fail(p.home, saves+1)
				want := "due"
				if p.announce(intent("a", "a1", "first"), intent("b", "", "first")) == nil {
					t.Error("there is no error")
				}
				if records {
					p.done("a", "marked", "a1")
					want = "done"
				}
				p.close()
				r := p.another()
				p.want(r, "a", "first", "a1", "due")
				p.want(r, "a", "marked", "a1", want)
				p.want(r, "b", "first", "b1", "unknown")
			})
		}
	}
}

func TestAJournalThatOthersWentPastIsBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := seeded(t)
		time.Sleep(time.Second)
		p.done("a", "first", "a1")
		p.bind("c", "c1")
		journal := p.killed()
		p.open()
		p.done("a", "second", "a1")
		p.close()
		p.returns(journal, func(r *plan.Recalled) {
			p.want(r, "a", "first", "a1", "done")
			p.want(r, "a", "second", "a1", "done")
			p.want(r, "b", "first", "b2", "another actor's")
			p.want(r, "c", "first", "c1", "due")
		})
	})
}

func TestAnAnswerThatWasLostIsNotTakenForSomebodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := seeded(t)
		saves, _ := p.home.Writes()
		p.home.OnSaved = func(number int) error {
			if number == saves+1 {
				return errors.New("no answer")
			}
			return nil
		}
		p.done("a", "first", "a1")
		time.Sleep(11 * time.Second)
		p.done("a", "second", "a1")
		p.close()
		p.want(p.another(), "a", "second", "a1", "done")
	})
}

func TestWhereTheJournalStaysNothingIsAnnounced(t *testing.T) {
	p := &privately{T: t, home: &ledgertest.Home{}}
	p.open()
	p.check(p.announce(intent("a", "", "first")))
	if saves, appends := p.home.Writes(); saves+appends > 0 {
		t.Errorf("%d saved, %d appended", saves, appends)
	}
	p.close()
}
