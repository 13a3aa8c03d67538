package plan

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan/address"
)

func TestDestroy(t *testing.T) {
	fixture := Orders{Fixture: true}
	tests := []struct {
		name     string
		seen     Observed
		recalled func(*Entry)
		orders   Orders
		protect  bool
		action   ChangeAction // empty: there is no change
		problems []string
	}{
		{name: "neither there nor remembered"},
		{name: "created by riveter", seen: present("id1"), recalled: func(*Entry) {}, action: ActionDestroy},
		{name: "gone", recalled: func(*Entry) {}, action: ActionForget},
		{name: "adopted", seen: present("id1"), recalled: func(e *Entry) { e.Created = false }, action: ActionNoOp},
		{name: "never seen before", seen: present("id1"), action: ActionNoOp},
		{name: "made anew by somebody else", seen: present("id2"), recalled: func(*Entry) {}, action: ActionNoOp},
		{name: "adopted, when asked for", seen: present("id1"), orders: Orders{IncludeAdopted: true}, action: ActionDestroy},
		{name: "called something else before", seen: present("id1"), recalled: func(e *Entry) { e.Address.Label = "old" }, action: ActionDestroy},
		{name: "of another key than is declared", recalled: func(e *Entry) { e.Key = []string{"old"} }},
		{
			name: "protected", seen: present("id1"), recalled: func(*Entry) {}, protect: true,
			action: ActionDestroy, problems: []string{"Actor is protected"},
		},
		{name: "of a fixture", seen: present("id1"), recalled: func(*Entry) {}, orders: fixture, protect: true, action: ActionDestroy},
		{
			name: "a fixture was cut off while it made it", seen: present("id1"), recalled: func(e *Entry) { e.ActorID = "" }, orders: fixture,
			action: ActionDestroy,
		},
		{
			name: "a fixture saw it made", seen: present("id1"), recalled: func(e *Entry) { e.Created, e.Fresh = false, true }, orders: fixture,
			action: ActionDestroy,
		},
		{name: "in the place of a fixture's", seen: present("id2"), recalled: func(*Entry) {}, orders: fixture, action: ActionDestroy},
		{
			name: "a fixture met it", seen: present("id1"), recalled: func(e *Entry) { e.Created, e.Fresh = false, false }, orders: fixture,
			action: ActionNoOp,
		},
		{name: "a fixture does not know it", seen: present("id1"), orders: fixture, action: ActionNoOp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			d.Settings.PreventDestroy = tt.protect
			var entry *Entry
			if tt.recalled != nil {
				entry = remembered(t, d)
				tt.recalled(entry)
			}
			in := inputs(d, tt.seen, entry)
			in.Mode, in.Orders = ModeDestroy, tt.orders
			p, diags := Build(in)
			var got ChangeAction
			for _, c := range p.Changes {
				got = c.Head().Action
			}
			if got != tt.action {
				t.Errorf("got %q, want %q", got, tt.action)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDestroyGoesFromDependentsToWhatTheyDependOn(t *testing.T) {
	a, b, c := declare(t, "actor.counter.a"), declare(t, "actor.counter.b"), declare(t, "actor.counter.c")
	b.DependsOn, c.DependsOn = []address.Address{a.Address}, []address.Address{a.Address}
	p, _ := Build(Inputs{
		Mode: ModeDestroy, Desired: []*Desired{a, b, c}, Orders: Orders{IncludeAdopted: true},
		Observed: []Observed{present("1"), present("2"), present("3")},
	})
	if want := []address.Address{b.Address, c.Address}; !slices.Equal(p.Changes[0].Head().DependsOn, want) {
		t.Errorf("got %v, want %v", p.Changes[0].Head().DependsOn, want)
	}
	if len(p.Changes[1].Head().DependsOn)+len(p.Changes[2].Head().DependsOn) > 0 {
		t.Error("a dependent waits for something")
	}
}
