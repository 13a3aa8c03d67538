package ledger_test

import (
	"testing"
	"testing/synctest"
	"time"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
)

// killed ends the run as kill -9 does, and returns what its machine keeps.
func (p *privately) killed() (draft []byte) {
	p.Helper()
	draft = p.home.TakeJournal()
	_ = p.l.Close(p.Context()) // finds no journal, and so saves nothing
	p.home.Crash()
	return draft
}

// returns opens the ledger where the draft is, and afterwards on another machine.
func (p *privately) returns(draft []byte, want func(r *plan.Recalled)) {
	p.Helper()
	p.home.PutJournal(draft)
	p.open()
	want(p.l.Recall("ns"))
	p.close()
	if p.home.TakeJournal() != nil {
		p.Error("the draft is still there")
	}
	want(p.another())
}

func TestNothingIsForgottenThatOnlyADraftKnows(t *testing.T) {
	for seed := range voyages() {
		synctest.Test(t, func(t *testing.T) {
			v := newVoyage(t, seed)
			v.announceAll()
			v.goOn(v.random.IntN(1000))
			draft := v.killed()
			for range 1 + v.random.IntN(2) {
				v.open()
				v.bind("somebody else's", "another")
				v.close()
			}
			v.returns(draft, v.wantExactly)
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		})
	}
}

// A run may be killed after its machine knows what it is about to do, and before its ledger exists: others begin another one.
func TestARunThatCameToNothingIsNotInTheWayOfTheLedgerThatOthersBegan(t *testing.T) {
	for _, began := range []bool{false, true} {
		p := newPrivately(t)
		p.home.OnSave = ledgertest.FailAt(1)
		if p.announce(intent("a", "", "first")) == nil {
			t.Fatal("there is no error")
		}
		if began {
			p.bind("a", "a1")
		}
		journal := p.killed()
		p.open()
		p.bind("b", "b1")
		p.close()
		if began {
			p.home.PutJournal(journal)
			if _, err := ledger.Open(t.Context(), p.home, ledger.Options{ReadOnly: true}); err == nil {
				t.Error("a journal that knows more than its ledger is given up")
			}
			continue
		}
		p.returns(journal, func(r *plan.Recalled) {
			p.want(r, "a", "first", "a1", "unknown")
			p.want(r, "b", "first", "b1", "due")
		})
	}
}

func TestWhatOthersDidSinceIsNotOverruledByADraft(t *testing.T) {
	for name, others := range map[string]func(p *privately){
		"made it": func(p *privately) { p.done("a", "step1", "a1") },
		"began it": func(p *privately) {
			p.started("a", "step1", "a1")
		},
		"said that it failed": func(p *privately) {
			p.check(p.l.Environment("ns").Finished(counter("a"), step("a", "step1"), plan.StepFailed, nil))
		},
		"forgot the actor":  func(p *privately) { p.check(p.l.Environment("ns").Forget(counter("a"))) },
		"made another one":  func(p *privately) { p.bind("a", "a2") },
		"make another one":  func(p *privately) { p.bind("a", "") },
		"announced it, too": func(p *privately) { p.check(p.announce(intent("a", "a1", "step1"))) },
	} {
		for _, steps := range []int{0, 1, 2} { // of which the draft alone knows that they were not made, or were
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					v := single(t, 3)
					v.take(steps, 0)
					draft := v.killed()
					time.Sleep(time.Minute)
					v.open()
					others(v.privately)
					v.home.Vanish()
					_ = v.l.Close(t.Context())
					v.open() // a further one says that it may have been done
					v.close()
					want := v.another().Actors[counter("a")]
					v.home.PutJournal(draft)
					v.open()
					got := v.l.Recall("ns").Actors[counter("a")]
					wantStep(t, got, want, "a1")
					v.close()
				})
			})
		}
	}
}

func wantStep(t *testing.T, got, want *plan.Entry, actorID string) {
	t.Helper()
	switch {
	case (got == nil) != (want == nil):
		t.Fatalf("%v is remembered, want %v", got, want)
	case got == nil:
		return
	case got.ActorID != want.ActorID:
		t.Errorf("%q is remembered, want %q", got.ActorID, want.ActorID)
	}
	is, was := got.Step(step("a", "step1"), actorID), want.Step(step("a", "step1"), actorID)
	if (is == nil) != (was == nil) || is != nil && (is.Status != was.Status || !is.At.Equal(was.At)) {
		t.Errorf("of the step is remembered %v, want %v", is, was)
	}
}

func TestAStepThatWasToBeMadeAgainStaysInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
		p.open()
		p.bind("a", "a1")
		p.done("a", "old", "a1")
		p.close()
		p.open()
		p.check(p.announce(intent("a", "a1", "old", "new")))
		draft := p.killed()
		p.open()
		p.bind("b", "b1")
		p.close()
		p.returns(draft, func(r *plan.Recalled) {
			p.want(r, "a", "old", "a1", "started")
			p.want(r, "a", "new", "a1", "due")
		})
	})
}

func TestWhatARunDidNotCreateOthersMayHave(t *testing.T) {
	for _, theirs := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
			p.open()
			p.check(p.announce(intent("a", "", "first")))
			draft := p.killed()
			p.open()
			if p.bind("b", "b1"); theirs {
				p.bind("a", "")
			}
			p.close()
			p.returns(draft, func(r *plan.Recalled) {
				if e := r.Actors[counter("a")]; (e != nil) != theirs {
					t.Errorf("of a is remembered %v", e)
				}
			})
		})
	}
}

func TestNoStepIsInDoubtOfAnActorThatWasAboutToBeCreated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
		p.open()
		p.check(p.announce(intent("a", "", "first")))
		p.bind("a", "")
		draft := p.killed()
		p.open()
		p.bind("b", "b1")
		p.close()
		p.home.PutJournal(draft)
		p.open()
		if e := p.l.Recall("ns").Actors[counter("a")]; e == nil || e.ActorID != "" || !e.Created || !e.Fresh || len(e.Steps) > 0 {
			t.Errorf("of a is remembered %v", e)
		}
		p.close()
	})
}

// The server said that an actor was gone, and nobody knows what it said when another one was to be created.
func TestAnActorThatWasSaidToBeGoneIsRemembered(t *testing.T) {
	for _, back := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := &privately{T: t, home: &ledgertest.Home{Drafted: true}}
			p.open()
			p.bind("a", "a1")
			p.done("a", "old", "a1")
			p.close()
			p.open()
			p.check(p.announce(intent("a", "", "first")))
			if p.bind("a", ""); back {
				p.bind("a", "a1")
			}
			draft := p.killed()
			p.open()
			p.bind("b", "b1")
			p.close()
			p.home.PutJournal(draft)
			p.open()
			e := p.l.Recall("ns").Actors[counter("a")]
			if (e.ActorID != "") != back || e.Of("a1").Steps["action.old"] == nil || e.Of("a1").Steps["action.old"].Status != plan.StepDone {
				t.Errorf("of a is remembered %v", e)
			}
			p.close()
		})
	}
}
