package plan

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"riveter/plan/address"
)

// One test for each way in which the ledger remembers what is not declared.
func TestBuildDecidesWhatIsNotDeclared(t *testing.T) {
	removal := func(destroy bool) []Removal {
		return []Removal{{From: address.Address{Kind: address.KindActor, Name: "counter", Label: "a"}, Destroy: destroy}}
	}
	tests := []struct {
		name     string
		recalled func(*Entry)
		removals []Removal
		prune    bool
		gone     bool
		action   ChangeAction
		reason   string
	}{
		{name: "nothing said", action: ActionForget, reason: "it is not declared any more; the actor itself stays"},
		{name: "removed", removals: removal(false), action: ActionForget, reason: "it is not declared any more; the actor itself stays"},
		{name: "removed, to be destroyed", removals: removal(true), action: ActionDestroy, reason: "it is not declared any more"},
		{name: "pruned", prune: true, action: ActionDestroy, reason: "it is not declared any more"},
		{name: "removed, to stay, and pruned", removals: removal(false), prune: true, action: ActionForget, reason: "it is not declared any more; the actor itself stays"},
		{name: "pruned, and gone", prune: true, gone: true, action: ActionForget, reason: "it does not exist any more"},
		{
			name: "pruned, and only adopted", prune: true, recalled: func(e *Entry) { e.Created = false },
			action: ActionForget, reason: "it is not declared any more; riveter did not create it, so the actor itself stays",
		},
		{
			name: "removed, and only adopted", removals: removal(true), recalled: func(e *Entry) { e.Created = false },
			action: ActionForget, reason: "it is not declared any more; riveter did not create it, so the actor itself stays",
		},
		{
			name: "pruned, and never created", prune: true, recalled: func(e *Entry) { e.ActorID = "" },
			action: ActionForget, reason: "it is not declared any more; the actor itself stays",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			entry := remembered(t, d)
			if tt.recalled != nil {
				tt.recalled(entry)
			}
			in := inputs(d, Observed{}, entry)
			in.Desired, in.Observed = nil, nil
			in.Removals, in.Orders.Prune = tt.removals, tt.prune
			in.Undeclared = map[address.Address]Observed{}
			for _, left := range Undeclared(ModeApply, in.Recalled, nil, in.Removals, in.Orders) {
				if left.ID != "id1" {
					t.Errorf("asked for %q", left.ID)
				}
				in.Undeclared[left.Address] = Observed{Exists: !tt.gone, ActorID: left.ID}
			}
			p, diags := Build(in)
			if c := p.Changes[0]; c.Action != tt.action || c.Reason != tt.reason || diags != nil {
				t.Errorf("got %s (%s), %v", c.Action, c.Reason, diags)
			}
		})
	}
}

func TestDestructionIsLimited(t *testing.T) {
	few, many := 2, 20
	tests := []struct {
		name   string
		orders Orders
		doomed int
		want   []string
	}{
		{"pruned, few", Orders{Prune: true}, 10, nil},
		{"pruned, many", Orders{Prune: true}, 11, []string{"Too much to destroy"}},
		{"pruned, many, as allowed", Orders{Prune: true, MaxDestroy: &many}, 20, nil},
		{"pruned, more than allowed", Orders{Prune: true, MaxDestroy: &few}, 3, []string{"Too much to destroy"}},
		{"destroyed, as many as there are", Orders{IncludeAdopted: true}, 30, nil},
		{"destroyed, more than allowed", Orders{IncludeAdopted: true, MaxDestroy: &few}, 3, []string{"Too much to destroy"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := Inputs{Mode: ModeApply, Orders: tt.orders, Recalled: &Recalled{Entries: map[address.Address]*Entry{}}, Undeclared: map[address.Address]Observed{}}
			for i := range tt.doomed {
				d := declare(t, "actor.counter.a")
				d.Address.Key = address.NumberKey(i)
				if tt.orders.Prune {
					in.Recalled.Entries[d.Address] = remembered(t, d)
					in.Undeclared[d.Address] = present("id1")
				} else {
					in.Mode = ModeDestroy
					in.Desired, in.Observed = append(in.Desired, d), append(in.Observed, present("id1"))
				}
			}
			_, diags := Build(in)
			if diff := cmp.Diff(tt.want, summaries(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTargetsAndExclusionsNarrowThePlan(t *testing.T) {
	// c refers to b, and b to a; d stands alone, and e is not declared any more.
	tests := []struct {
		name            string
		mode            Mode
		target, exclude []string
		want            []string
		problems        []string
	}{
		{name: "everything", want: []string{"a", "b", "c", "d", "e"}},
		{name: "a target comes with what it depends on", target: []string{"actor.counter.b"}, want: []string{"a", "b"}, problems: []string{"The plan is partial"}},
		{name: "an exclusion takes along what depends on it", exclude: []string{"actor.counter.b"}, want: []string{"a", "d", "e"}, problems: []string{"The plan is partial"}},
		{
			name: "both", target: []string{"actor.counter.c", "actor.counter.d"}, exclude: []string{"actor.counter.a"},
			want: []string{"d"}, problems: []string{"The plan is partial"},
		},
		{name: "what is not declared", target: []string{"actor.counter.e"}, want: []string{"e"}, problems: []string{"The plan is partial"}},
		{
			name: "a destroy goes the other way", mode: ModeDestroy, target: []string{"actor.counter.b"},
			want: []string{"b", "c"}, problems: []string{"The plan is partial"},
		},
		{
			name: "what is excluded from a destroy keeps what it depends on", mode: ModeDestroy, exclude: []string{"actor.counter.b"},
			want: []string{"c", "d"}, problems: []string{"The plan is partial"},
		},
		{name: "nothing", target: []string{"actor.counter.z"}, problems: []string{"No actor has this address", "The plan is partial"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := Inputs{Mode: ModeApply, Recalled: &Recalled{Entries: map[address.Address]*Entry{}}, Orders: Orders{IncludeAdopted: true}}
			if tt.mode != "" {
				in.Mode = tt.mode
			}
			for i, label := range []string{"a", "b", "c", "d"} {
				d := declare(t, "actor.counter."+label)
				if label == "b" || label == "c" {
					d.DependsOn = []address.Address{in.Desired[i-1].Address}
				}
				in.Desired, in.Observed = append(in.Desired, d), append(in.Observed, present("id1"))
			}
			left := declare(t, "actor.counter.e")
			left.Key = []string{"e"}
			in.Recalled.Entries[left.Address] = remembered(t, left)
			in.Orders.Target, in.Orders.Exclude = patternsOf(t, tt.target...), patternsOf(t, tt.exclude...)
			p, diags := Build(in)
			var got []string
			for _, c := range p.Changes {
				got = append(got, c.Address.Label)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if diff := cmp.Diff(tt.problems, summaries(diags)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADeclaredActorIsNotUndeclaredUnderItsOldAddress(t *testing.T) {
	d := declare(t, "actor.counter.renamed")
	former := declare(t, "actor.counter.former")
	former.Key = d.Key
	in := inputs(d, present("id1"), nil)
	in.Recalled.Entries[former.Address] = remembered(t, former)
	in.Orders.Prune = true
	if left := Undeclared(in.Mode, in.Recalled, in.Desired, nil, in.Orders); len(left) > 0 {
		t.Errorf("to be looked for: %s", left[0].Address)
	}
	p, _ := Build(in)
	if len(p.Changes) != 1 || p.Changes[0].Address != d.Address {
		t.Errorf("%d changes", len(p.Changes))
	}
}
