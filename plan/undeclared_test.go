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
			in.Undeclared = map[Identity]Observed{}
			for _, doomed := range in.Doomed() {
				in.Undeclared[doomed.Identity()] = Observed{Exists: !tt.gone, ActorID: doomed.ActorID}
			}
			p, diags := Build(in)
			if c := changed(p); c.Action != tt.action || c.Reason != tt.reason || diags != nil {
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
			in := Inputs{Mode: ModeApply, Project: "shop", Orders: tt.orders, Recalled: &Recalled{Actors: map[Identity]*Entry{}}, Undeclared: map[Identity]Observed{}}
			for i := range tt.doomed {
				d := declare(t, "actor.counter.a")
				d.Address.Key = address.NumberKey(i)
				d.Key = []string{d.Address.String()}
				if tt.orders.Prune {
					in.Recalled.Actors[d.Identity()] = remembered(t, d)
					in.Recalled.Actors[d.Identity()].Project = in.Project
					in.Undeclared[d.Identity()] = present("id1")
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
		{name: "nothing", target: []string{"actor.counter.z"}, problems: []string{"No actor has this address"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := Inputs{Mode: ModeApply, Recalled: &Recalled{Actors: map[Identity]*Entry{}}, Orders: Orders{IncludeAdopted: true}}
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
			in.Recalled.Actors[left.Identity()] = remembered(t, left)
			in.Orders.Target, in.Orders.Exclude = patternsOf(t, tt.target...), patternsOf(t, tt.exclude...)
			p, diags := Build(in)
			var got []string
			for _, c := range p.Changes {
				got = append(got, c.Head().Address.Label)
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

// What is declared is neither destroyed nor forgotten, whatever it was called, and also where nobody can tell yet.
func TestNothingDeclaredIsUndeclared(t *testing.T) {
	former := declare(t, "actor.counter.former")
	tests := []struct {
		name    string
		declare func(in *Inputs)
		want    ChangeAction // of what is remembered; empty where it is not listed apart
		reason  string
	}{
		{name: "renamed", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*Desired{declare(t, "actor.counter.renamed")}, []Observed{present("id1")}
		}},
		{name: "in a module", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*Desired{declare(t, `module.m["x"].actor.counter.former`)}, []Observed{present("id1")}
		}},
		{name: "absent", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*Desired{declare(t, "actor.counter.renamed")}, []Observed{{}}
		}},
		{name: "under a key that is not known", want: ActionNoOp, reason: "it may be actor.counter.unknown, whose key is known after apply", declare: func(in *Inputs) {
			d := declare(t, "actor.counter.unknown")
			d.Key = nil
			in.Desired, in.Observed = []*Desired{d}, []Observed{{}}
		}},
		{name: "under another name with a key that is not known", want: ActionDestroy, reason: "it is not declared any more", declare: func(in *Inputs) {
			d := declare(t, "actor.chatRoom.unknown")
			d.Key = nil
			in.Desired, in.Observed = []*Desired{d}, []Observed{{}}
		}},
		{name: "left out", want: ActionNoOp, reason: "it may be declared by module.m.actor.counter.other, which is left out", declare: func(in *Inputs) {
			in.LeftOut = []string{"module.m.actor.counter.other"}
		}},
		{name: "at the address of what a target depends on", declare: func(in *Inputs) {
			target, needed := declare(t, "actor.counter.target"), declare(t, "actor.counter.former")
			target.Key, needed.Key, target.DependsOn = []string{"target"}, []string{"needed"}, []address.Address{needed.Address}
			in.Desired, in.Observed = []*Desired{target, needed}, []Observed{{}, {}}
			in.Orders.Target = patternsOf(t, "actor.counter.target")
		}},
		{name: "under an instance that is left out", declare: func(in *Inputs) {
			now, then := declare(t, "actor.counter.former"), declare(t, "actor.counter.former[1]")
			now.Key = []string{"another"}
			in.Desired, in.Observed = []*Desired{now, then}, []Observed{{}, present("id1")}
			in.Orders.Target = patternsOf(t, "actor.counter.former")
			in.Orders.Exclude = patternsOf(t, "actor.counter.former[1]")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := inputs(former, Observed{}, remembered(t, former))
			in.Desired, in.Observed, in.Orders.Prune = nil, nil, true
			tt.declare(&in)
			in.Undeclared = map[Identity]Observed{}
			for _, doomed := range in.Doomed() {
				in.Undeclared[doomed.Identity()] = present("id1")
			}
			p, diags := Build(in)
			var action ChangeAction
			var reason string
			for _, c := range p.Changes {
				if c.(*ActorChange).Desired == nil {
					action, reason = c.Head().Action, c.Head().Reason
				}
			}
			if action != tt.want || reason != tt.reason || diags.HasErrors() {
				t.Errorf("got %q (%s), %v", action, reason, diags)
			}
		})
	}
}

func TestARenamedActorIsKnownByItsNewAddress(t *testing.T) {
	d := declare(t, "actor.counter.renamed", action(t, `[1]`, RunOnce))
	entry := remembered(t, d)
	entry.Address = at(t, "actor.counter.former")
	entry.Steps[d.Steps[0].Address.Relative()] = made(t, d.Steps[0], `[1]`, StepDone)
	in := inputs(d, present("id1"), entry)
	p, diags := Build(in)
	c := changed(p)
	if c.Action != ActionNoOp || c.PreviousAddress != entry.Address || c.Adopt == nil || c.Steps[0].Decision != DecisionDone || len(diags) > 0 {
		t.Errorf("got %s of %s, %+v, %v", c.Action, c.PreviousAddress, c.Adopt, diags)
	}
	if p.Summary().Changed() {
		t.Error("another name makes the plan changed")
	}
}

func TestAProtectedActorStaysAlsoWithoutItsBlock(t *testing.T) {
	gone := declare(t, "actor.counter.gone")
	entry := remembered(t, gone)
	entry.PreventDestroy = true
	for name, tt := range map[string]struct {
		removals []Removal
		want     []string
	}{
		"pruned":  {nil, []string{"Actor is protected"}},
		"removed": {[]Removal{{From: gone.Address, Destroy: true}}, nil},
	} {
		in := inputs(gone, Observed{}, entry)
		in.Desired, in.Observed, in.Orders.Prune, in.Removals = nil, nil, true, tt.removals
		in.Undeclared = map[Identity]Observed{gone.Identity(): present("id1")}
		_, diags := Build(in)
		if diff := cmp.Diff(tt.want, summaries(diags)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDependentsGoFirstAlsoUndeclared(t *testing.T) {
	base, dependent := declare(t, "actor.counter.base"), declare(t, "actor.counter.dependent")
	dependent.Key = []string{"b"}
	entry := remembered(t, dependent)
	entry.DependsOn = []address.Address{base.Address}
	in := inputs(base, Observed{}, remembered(t, base))
	in.Recalled.Actors[dependent.Identity()] = entry
	in.Desired, in.Observed, in.Orders.Prune = nil, nil, true
	in.Undeclared = map[Identity]Observed{base.Identity(): present("id1"), dependent.Identity(): present("id1")}
	p, _ := Build(in)
	if c := changed(p); c.Address != base.Address || !slices.Equal(c.DependsOn, []address.Address{dependent.Address}) {
		t.Errorf("%s comes after %v", c.Address, c.DependsOn)
	}
}

func TestWhatMayBeDeclaredIsNotEvenAskedFor(t *testing.T) {
	left, unknown := declare(t, "actor.counter.left"), declare(t, "actor.counter.new")
	unknown.Key = nil
	in := inputs(unknown, Observed{}, remembered(t, left))
	in.Orders.Prune = true
	if got := in.Doomed(); len(got) > 0 {
		t.Errorf("asked for %s", got[0].Address)
	}
	in.Desired, in.Observed = nil, nil
	if got := in.Doomed(); len(got) != 1 {
		t.Errorf("asked for %d", len(got))
	}
}
