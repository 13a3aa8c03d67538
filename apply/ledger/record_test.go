package ledger

import (
	"encoding/json"
	"testing"

	"riveter/plan"
	"riveter/plan/address"
)

func TestRecordsChangeWhatIsRemembered(t *testing.T) {
	bob, eve := addMember("a", "bob"), addMember("a", "eve")
	done := func(s address.StepAddress, actorID string) func(*Environment) error {
		return func(e *Environment) error {
			if err := e.Started(s, actorID, memo(`[1]`)); err != nil {
				return err
			}
			return e.Finished(s, plan.StepDone, json.RawMessage(`2`))
		}
	}
	bind := func(actorID string) func(*Environment) error {
		return func(e *Environment) error { return e.Bind(room("a"), roomEntry("a", actorID)) }
	}
	tests := []struct {
		name    string
		records []func(*Environment) error
		want    map[string]string // status by step; nil: no entry
	}{
		{"bound again to the same actor keeps its steps", []func(*Environment) error{bind("1"), done(bob, "1"), bind("1")}, map[string]string{"bob": "done 1"}},
		{"bound to another actor forgets the steps of the first", []func(*Environment) error{bind("1"), done(bob, "1"), bind("2"), done(eve, "2")}, map[string]string{"eve": "done 2"}},
		{"bound before the actor has an id", []func(*Environment) error{bind("1"), done(bob, "1"), bind(""), bind("2")}, map[string]string{}},
		{"forgotten", []func(*Environment) error{bind("1"), done(bob, "1"), func(e *Environment) error { return e.Forget(room("a")) }}, nil},
		{"forgotten and bound again", []func(*Environment) error{bind("1"), done(bob, "1"), func(e *Environment) error { return e.Forget(room("a")) }, bind("1")}, map[string]string{}},
		{"started again is in doubt again", []func(*Environment) error{bind("1"), done(bob, "1"), func(e *Environment) error { return e.Started(bob, "1", memo(`[3]`)) }}, map[string]string{"bob": "started 1"}},
		{"failed", []func(*Environment) error{bind("1"), done(bob, "1"), func(e *Environment) error { return e.Finished(bob, plan.StepFailed, nil) }}, map[string]string{"bob": "failed 1"}},
		{"finished without a start belongs to the bound actor", []func(*Environment) error{bind("1"), func(e *Environment) error { return e.Finished(bob, plan.StepDone, nil) }}, map[string]string{"bob": "done 1"}},
		{"moved from elsewhere", []func(*Environment) error{
			func(e *Environment) error { return e.Bind(room("b"), roomEntry("b", "1")) },
			done(addMember("b", "bob"), "1"),
			func(e *Environment) error { return e.Move(map[address.Address]address.Address{room("b"): room("a")}) },
		}, map[string]string{"bob": "done 1"}},
		{"moved away", []func(*Environment) error{
			bind("1"),
			func(e *Environment) error { return e.Move(map[address.Address]address.Address{room("a"): room("b")}) },
		}, nil},
		{"exchanged with another", []func(*Environment) error{
			bind("1"), done(bob, "1"),
			func(e *Environment) error { return e.Bind(room("b"), roomEntry("b", "2")) },
			done(addMember("b", "eve"), "2"),
			func(e *Environment) error {
				return e.Move(map[address.Address]address.Address{room("a"): room("b"), room("b"): room("a")})
			},
		}, map[string]string{"eve": "done 2"}},
		{"a step of something that is not bound is not lost", []func(*Environment) error{done(bob, "1")}, map[string]string{"bob": "done 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := newHome(t)
			l := open(t, home, options(1))
			for _, record := range test.records {
				check(t, record(l.Environment("ns")))
			}
			closeLedger(t, l)
			l = open(t, home, options(2))
			defer closeLedger(t, l)
			entry := l.Recall("ns").Entry(room("a"))
			if (entry == nil) != (test.want == nil) {
				t.Fatalf("entry %v, want %v", entry, test.want)
			}
			if entry == nil {
				return
			}
			if len(entry.Steps) != len(test.want) {
				t.Errorf("%d steps, want %d", len(entry.Steps), len(test.want))
			}
			for member, want := range test.want {
				memo := entry.Steps[addMember("a", member).Relative()]
				if memo == nil || string(memo.Status)+" "+memo.ActorID != want {
					t.Errorf("%s: %v, want %s", member, memo, want)
				}
			}
		})
	}
}
