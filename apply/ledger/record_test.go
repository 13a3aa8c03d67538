package ledger

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// recording is something that is recorded.
type recording func(*Environment) error

func TestRecordsChangeWhatIsRemembered(t *testing.T) {
	bob, eve := addMember("a", "bob"), addMember("a", "eve")
	started := func(s address.StepAddress, actorID string) recording {
		return func(e *Environment) error { return e.Started(roomOf(s), s, actorID, memo(`[1]`)) }
	}
	ended := func(s address.StepAddress, status plan.StepStatus) recording {
		return func(e *Environment) error { return e.Finished(roomOf(s), s, status, rest(`2`)) }
	}
	done := func(s address.StepAddress, actorID string) recording {
		return func(e *Environment) error { return errors.Join(started(s, actorID)(e), ended(s, plan.StepDone)(e)) }
	}
	bind := func(key, actorID string) recording {
		return func(e *Environment) error { return e.Bind(roomEntry(key, actorID)) }
	}
	forget := func(e *Environment) error { return e.Forget(identity("a")) }
	moveSteps := func(to map[string]string) recording {
		return func(e *Environment) error { return e.MoveSteps(identity("a"), to) }
	}
	tests := []struct {
		name    string
		records []recording
		want    map[string]string // status by step; nil: no entry
	}{
		{"bound again to the same actor keeps its steps", []recording{bind("a", "1"), done(bob, "1"), bind("a", "1")}, map[string]string{"bob": "done 1"}},
		{"bound to another actor forgets the steps of the first", []recording{bind("a", "1"), done(bob, "1"), bind("a", "2"), done(eve, "2")}, map[string]string{"eve": "done 2"}},
		{"bound before the actor has an id", []recording{bind("a", "1"), done(bob, "1"), bind("a", ""), bind("a", "2")}, map[string]string{}},
		{"forgotten", []recording{bind("a", "1"), done(bob, "1"), forget}, nil},
		{"forgotten and bound again", []recording{bind("a", "1"), done(bob, "1"), forget, bind("a", "1")}, map[string]string{}},
		{"started again is in doubt again", []recording{bind("a", "1"), done(bob, "1"), started(bob, "1")}, map[string]string{"bob": "started 1"}},
		{"failed", []recording{bind("a", "1"), done(bob, "1"), ended(bob, plan.StepFailed)}, map[string]string{"bob": "failed 1"}},
		{"finished without a start belongs to the bound actor", []recording{bind("a", "1"), ended(bob, plan.StepDone)}, map[string]string{"bob": "done 1"}},
		{"a step of something that is not bound is not lost", []recording{done(bob, "1")}, map[string]string{"bob": "done 1"}},
		{"a step of another actor is another's", []recording{bind("a", "1"), done(bob, "1"), bind("b", "1"), done(addMember("b", "eve"), "1")}, map[string]string{"bob": "done 1"}},
		{"a moved step", []recording{bind("a", "1"), done(bob, "1"), moveSteps(map[string]string{bob.Relative(): eve.Relative()})}, map[string]string{"eve": "done 1"}},
		{"exchanged steps", []recording{
			bind("a", "1"), done(bob, "1"), started(eve, "1"),
			moveSteps(map[string]string{bob.Relative(): eve.Relative(), eve.Relative(): bob.Relative()}),
		}, map[string]string{"eve": "done 1", "bob": "started 1"}},
		{"a moved step that is not there", []recording{bind("a", "1"), moveSteps(map[string]string{bob.Relative(): eve.Relative()})}, map[string]string{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			entry := recall(t, test.records...).Actors[identity("a")]
			if (entry == nil) != (test.want == nil) {
				t.Fatalf("entry %v, want %v", entry, test.want)
			}
			if entry == nil {
				return
			}
			got := map[string]string{}
			for member := range map[string]bool{"bob": true, "eve": true} {
				if memo := entry.Steps[addMember("a", member).Relative()]; memo != nil {
					got[member] = string(memo.Status) + " " + memo.ActorID
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" || len(entry.Steps) != len(test.want) {
				t.Errorf("%d steps, %s", len(entry.Steps), diff)
			}
		})
	}
}

// recall records something in one run and returns what the next one recalls.
func recall(t *testing.T, records ...recording) *plan.Recalled {
	t.Helper()
	home := newHome(t)
	l := open(t, home, options(1))
	for _, record := range records {
		check(t, record(l.Environment("ns")))
	}
	closeLedger(t, l)
	l = open(t, home, options(2))
	defer closeLedger(t, l)
	return l.Recall("ns")
}

func TestRecordsForgetPools(t *testing.T) {
	r := recall(
		t,
		func(e *Environment) error {
			return e.BindPool(plan.PoolEntry{Name: "gpu", Address: gpu, Created: true})
		},
		func(e *Environment) error { return e.BindPool(plan.PoolEntry{Name: ""}) },
		func(e *Environment) error { return e.ForgetPool("gpu") },
		func(e *Environment) error { return e.ForgetPool("") },
	)
	if len(r.Pools)+len(r.Actors) > 0 {
		t.Errorf("recalled: %v", r)
	}
}

// TestRecordsOfADisplacedActorStay has another actor declared where one was declared before.
func TestRecordsOfADisplacedActorStay(t *testing.T) {
	displacing := roomEntry("b", "2")
	displacing.Address = room("a")
	r := recall(
		t,
		func(e *Environment) error { return e.Bind(roomEntry("a", "1")) },
		func(e *Environment) error { return e.Bind(displacing) },
	)
	if len(r.Actors) != 2 || r.Actors[identity("b")].ActorID != "2" || r.Actors[identity("a")].Address != room("a") {
		t.Errorf("recalled: %v", r)
	}
}

func TestTimesAreThoseOfTheVeryActor(t *testing.T) {
	second := func(n int) time.Time { return time.Date(2026, 3, 1, 12, 0, n, 0, time.UTC) }
	bind := func(actorID string) recording {
		return func(e *Environment) error { return e.Bind(roomEntry("a", actorID)) }
	}
	applied := func(actorID string, n int) recording {
		return func(e *Environment) error {
			entry := roomEntry("a", actorID)
			entry.FirstApplied = second(n)
			return e.Bind(entry)
		}
	}
	for name, test := range map[string]struct {
		records     []recording
		first, last time.Time
	}{
		"created by an apply":       {[]recording{applied("", 1), applied("1", 1)}, second(1), second(3)},
		"resumed by another one":    {[]recording{applied("", 1), applied("", 9), applied("1", 9)}, second(1), second(4)},
		"made anew in an apply":     {[]recording{applied("1", 1), applied("", 9), applied("2", 9)}, second(9), second(4)},
		"once":                      {[]recording{bind("1")}, second(2), second(2)},
		"created":                   {[]recording{bind(""), bind("1")}, second(2), second(3)},
		"again":                     {[]recording{bind("1"), bind("1"), bind("1")}, second(2), second(4)},
		"made anew by somebody":     {[]recording{bind("1"), bind("2")}, second(3), second(3)},
		"never gone":                {[]recording{bind("1"), bind(""), bind(""), bind("1")}, second(2), second(5)},
		"destroyed and created new": {[]recording{bind("1"), bind(""), bind("2")}, second(3), second(4)},
	} {
		if got := recall(t, test.records...).Actors[identity("a")]; got.FirstApplied != test.first || got.LastApplied != test.last {
			t.Errorf("%s: first %v, last %v", name, got.FirstApplied, got.LastApplied)
		}
	}
}

// What an earlier attempt to create an actor can still make may turn up in the next one.
func TestAnAttemptBeginsWithTheOneBeforeIt(t *testing.T) {
	second := func(n int) time.Time { return time.Date(2026, 3, 1, 12, 0, n, 0, time.UTC) }
	attempt := func(tried, until int) recording {
		return func(e *Environment) error {
			entry := roomEntry("a", "")
			entry.Created, entry.Tried, entry.Until = true, second(tried), second(until)
			return e.Bind(entry)
		}
	}
	for until, want := range map[int]int{4: 1, 2: 3} {
		got := recall(t, attempt(1, until), attempt(3, 9)).Actors[identity("a")]
		if got.Tried != second(want) || got.Until != second(9) {
			t.Errorf("until %d: from %v to %v", until, got.Tried, got.Until)
		}
	}
}

// What a guard has withheld is remembered of this very actor, until the step is made.
func TestWhatAGuardWithheldIsRemembered(t *testing.T) {
	bob, eve := addMember("a", "bob"), addMember("a", "eve")
	both := func(e *Environment) error {
		return errors.Join(e.Bind(roomEntry("a", "1")), e.Withheld(roomOf(bob), bob, "how"), e.Withheld(roomOf(eve), eve, "else"))
	}
	for name, c := range map[string]struct {
		then recording
		want map[string]string
	}{
		"both":          {func(*Environment) error { return nil }, map[string]string{bob.Relative(): "how", eve.Relative(): "else"}},
		"bound again":   {func(e *Environment) error { return e.Bind(roomEntry("a", "1")) }, map[string]string{bob.Relative(): "how", eve.Relative(): "else"}},
		"another actor": {func(e *Environment) error { return e.Bind(roomEntry("a", "2")) }, nil},
		"one is made":   {func(e *Environment) error { return e.Started(roomOf(bob), bob, "1", memo(`[1]`)) }, map[string]string{eve.Relative(): "else"}},
	} {
		if diff := cmp.Diff(c.want, recall(t, both, c.then).Actors[identity("a")].Withheld); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// How a step is made that is the same as before is remembered of one that is done, and nothing else of it changes.
func TestHowAStepIsMadeNowIsRemembered(t *testing.T) {
	bob := addMember("a", "bob")
	again := value.Memo{Digest: memo(`[1]`).Digest, Recipe: "another"}
	remade := func(e *Environment) error { return e.Remade(roomOf(bob), bob, again) }
	begun := func(e *Environment) error {
		return errors.Join(e.Bind(roomEntry("a", "1")), e.Started(roomOf(bob), bob, "1", memo(`[1]`)))
	}
	done := func(e *Environment) error { return e.Finished(roomOf(bob), bob, plan.StepDone, rest("2")) }
	if got := recall(t, begun, done, remade).Actors[identity("a")].Steps[bob.Relative()]; got.Args.Recipe != "another" || string(got.Output) != "2" || got.Status != plan.StepDone {
		t.Errorf("of a step that was done is remembered %+v", got)
	}
	if got := recall(t, begun, remade).Actors[identity("a")].Steps[bob.Relative()]; got.Args.Recipe != "" || got.Status != plan.StepStarted {
		t.Errorf("of a step in doubt is remembered %+v", got)
	}
	if got := recall(t, remade).Actors; len(got) > 0 {
		t.Errorf("of an actor that is not remembered there is %v", got)
	}
}
