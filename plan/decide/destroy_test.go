package decide

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

func TestDestroy(t *testing.T) {
	fixture := plan.Orders{Fixture: true}
	tests := []struct {
		name     string
		seen     plan.Observed
		recalled func(*plan.Entry)
		orders   plan.Orders
		protect  bool
		late     bool              // the key is not known
		action   plan.ChangeAction // empty: there is no change
		problems []string
	}{
		{name: "neither there nor remembered"},
		{name: "created by riveter", seen: present("id1"), recalled: func(*plan.Entry) {}, action: plan.ActionDestroy},
		{
			name: "perhaps created by riveter", seen: present("id1"), recalled: cutOff,
			action: plan.ActionDestroy,
		},
		{
			name: "created long after riveter tried to", seen: presentSince(someTime.Add(time.Hour)),
			recalled: cutOff, action: plan.ActionNoOp,
		},
		{
			name: "created when riveter tried to, with another input", seen: withInput(t, cty.True), recalled: cutOff, action: plan.ActionNoOp,
		},
		{
			name: "created when riveter tried to, with the same input", seen: withInput(t, cty.NilVal), recalled: cutOff, action: plan.ActionDestroy,
		},
		{name: "gone", recalled: func(*plan.Entry) {}, action: plan.ActionForget},
		{name: "adopted", seen: present("id1"), recalled: func(e *plan.Entry) { e.Created = false }, action: plan.ActionNoOp},
		{name: "never seen before", seen: present("id1"), action: plan.ActionNoOp},
		{name: "made anew by somebody else", seen: present("id2"), recalled: func(*plan.Entry) {}, action: plan.ActionNoOp},
		{name: "adopted, when asked for", seen: present("id1"), orders: plan.Orders{IncludeAdopted: true}, action: plan.ActionDestroy},
		{name: "called something else before", seen: present("id1"), recalled: func(e *plan.Entry) { e.Address.Label = "old" }, action: plan.ActionDestroy},
		{name: "of another key than is declared", recalled: func(e *plan.Entry) { e.Key = []string{"old"} }, problems: []string{"Actors stay"}},
		{name: "of a key that is not known, at another address", recalled: func(e *plan.Entry) { e.Address.Label = "old" }, late: true, problems: []string{"Actors stay"}},
		{name: "adopted, and of another key", recalled: func(e *plan.Entry) { e.Key, e.Created = []string{"old"}, false }},
		{
			name: "protected", seen: present("id1"), recalled: func(*plan.Entry) {}, protect: true,
			action: plan.ActionDestroy, problems: []string{"Actor is protected"},
		},
		{name: "of a fixture", seen: present("id1"), recalled: func(*plan.Entry) {}, orders: fixture, protect: true, action: plan.ActionDestroy},
		{
			name: "a fixture was cut off while it made it", seen: present("id1"), recalled: func(e *plan.Entry) { e.ActorID = "" }, orders: fixture,
			action: plan.ActionDestroy,
		},
		{
			name: "a fixture saw it made", seen: present("id1"), recalled: func(e *plan.Entry) { e.Created, e.Fresh = false, true }, orders: fixture,
			action: plan.ActionDestroy,
		},
		{name: "in the place of a fixture's", seen: present("id2"), recalled: func(*plan.Entry) {}, orders: fixture, action: plan.ActionDestroy},
		{
			name: "a fixture met it", seen: present("id1"), recalled: func(e *plan.Entry) { e.Created, e.Fresh = false, false }, orders: fixture,
			action: plan.ActionNoOp,
		},
		{name: "a fixture does not know it", seen: present("id1"), orders: fixture, action: plan.ActionNoOp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			d.Settings.PreventDestroy = tt.protect
			var entry *plan.Entry
			if tt.recalled != nil {
				entry = remembered(t, d)
				tt.recalled(entry)
			}
			in := inputs(d, tt.seen, entry)
			in.Mode, in.Orders = plan.ModeDestroy, tt.orders
			if tt.late {
				d.Key = nil
			}
			p, diags := Plan(in)
			var got plan.ChangeAction
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
	p, _ := Plan(Inputs{
		Mode: plan.ModeDestroy, Desired: []*plan.Desired{a, b, c}, Orders: plan.Orders{IncludeAdopted: true},
		Observed: []plan.Observed{present("1"), present("2"), present("3")},
	})
	if want := []address.Address{b.Address, c.Address}; !slices.Equal(p.Changes[0].Head().DependsOn, want) {
		t.Errorf("got %v, want %v", p.Changes[0].Head().DependsOn, want)
	}
	if len(p.Changes[1].Head().DependsOn)+len(p.Changes[2].Head().DependsOn) > 0 {
		t.Error("a dependent waits for something")
	}
}
