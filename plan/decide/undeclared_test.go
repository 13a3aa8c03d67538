package decide

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// One test for each way in which the ledger remembers what is not declared.
func TestBuildDecidesWhatIsNotDeclared(t *testing.T) {
	removal := func(destroy bool) []plan.Removal {
		return []plan.Removal{{From: address.Address{Kind: address.KindActor, Name: "counter", Label: "a"}, Destroy: destroy}}
	}
	data := address.Address{Kind: address.KindData, Name: "counter", Label: "d"}
	const named = "it is not declared any more; data.counter.d names it, so the actor itself stays"
	tests := []struct {
		name     string
		recalled func(*plan.Entry)
		removals []plan.Removal
		data     *plan.Desired // that a data block names
		prune    bool
		gone     bool
		action   plan.ChangeAction
		reason   string
	}{
		{name: "nothing said", action: plan.ActionForget, reason: "it is not declared any more; the actor itself stays"},
		{name: "removed", removals: removal(false), action: plan.ActionForget, reason: "it is not declared any more; the actor itself stays"},
		{name: "removed, to be destroyed", removals: removal(true), action: plan.ActionDestroy, reason: "it is not declared any more"},
		{name: "pruned", prune: true, action: plan.ActionDestroy, reason: "it is not declared any more"},
		{name: "removed, to stay, and pruned", removals: removal(false), prune: true, action: plan.ActionForget, reason: "it is not declared any more; the actor itself stays"},
		{name: "pruned, and gone", prune: true, gone: true, action: plan.ActionForget, reason: "it does not exist any more"},
		{
			name: "pruned, and only adopted", prune: true, recalled: func(e *plan.Entry) { e.Created = false },
			action: plan.ActionForget, reason: "it is not declared any more; riveter did not create it, so the actor itself stays",
		},
		{
			name: "removed, and only adopted", removals: removal(true), recalled: func(e *plan.Entry) { e.Created = false },
			action: plan.ActionForget, reason: "it is not declared any more; riveter did not create it, so the actor itself stays",
		},
		{
			name: "pruned, and only announced", prune: true, recalled: func(e *plan.Entry) { e.ActorID = "" },
			action: plan.ActionForget, reason: "it is not declared any more; riveter never heard whether it created it, and leaves it",
		},
		{
			name: "removed, and only announced", removals: removal(true), recalled: func(e *plan.Entry) { e.ActorID = "" },
			action: plan.ActionDestroy, reason: "it is not declared any more",
		},
		{
			name: "pruned, and created as it turns out", prune: true, recalled: func(e *plan.Entry) { e.ActorID, e.LastApplied = "", someTime },
			action: plan.ActionDestroy, reason: "it is not declared any more",
		},
		{
			name: "pruned, and created by somebody else before", prune: true,
			recalled: func(e *plan.Entry) { e.ActorID, e.LastApplied, e.Tried = "", someTime, someTime.Add(time.Hour) },
			action:   plan.ActionForget, reason: "it is not declared any more; riveter did not create it, so the actor itself stays",
		},
		{
			name: "pruned, and never created", prune: true, gone: true, recalled: func(e *plan.Entry) { e.ActorID, e.LastApplied = "", someTime },
			action: plan.ActionForget, reason: "it does not exist any more",
		},
		{name: "pruned, and named by a data block", prune: true, data: &plan.Desired{Address: data, Key: []string{"a"}}, action: plan.ActionForget, reason: named},
		{name: "pruned, and named by its id", prune: true, data: &plan.Desired{Address: data, ID: "id1"}, action: plan.ActionForget, reason: named},
		{
			name: "removed, and named by a data block", removals: removal(true), data: &plan.Desired{Address: data, Key: []string{"a"}},
			action: plan.ActionForget, reason: named,
		},
		{
			name: "pruned, and another is named", prune: true, data: &plan.Desired{Address: data, Key: []string{"b"}},
			action: plan.ActionDestroy, reason: "it is not declared any more",
		},
		{
			name: "pruned, and nobody knows what is named", prune: true, data: &plan.Desired{Address: data},
			action: plan.ActionNoOp, reason: "data.counter.d may name it; if not, it is for a later plan to destroy",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := declare(t, "actor.counter.a")
			entry := remembered(t, d)
			if tt.recalled != nil {
				tt.recalled(entry)
			}
			in := inputs(d, plan.Observed{}, entry)
			in.Desired, in.Observed = nil, nil
			in.Removals, in.Orders.Prune = tt.removals, tt.prune
			if tt.data != nil {
				in.Consulted = []*plan.Desired{tt.data}
			}
			in.Undeclared = map[plan.Identity]plan.Observed{}
			for _, doomed := range in.Doomed() {
				in.Undeclared[doomed.Identity()] = plan.Observed{}
				if !tt.gone {
					in.Undeclared[doomed.Identity()] = present("id1")
				}
			}
			p, diags := Plan(in)
			c := changed(p)
			if c.Action != tt.action || c.Reason != tt.reason || diags != nil {
				t.Errorf("got %s (%s), %v", c.Action, c.Reason, diags)
			}
			if c.Action == plan.ActionDestroy && c.ActorID != "id1" {
				t.Errorf("%q would be destroyed", c.ActorID)
			}
		})
	}
}

func TestWhatIsNotDeclaredIsRefusedInOneOrder(t *testing.T) {
	in := inputs(declare(t, "actor.counter.a"), plan.Observed{}, nil)
	in.Desired, in.Observed = nil, nil
	in.Orders.Prune, in.Undeclared = true, map[plan.Identity]plan.Observed{}
	var want []string
	for i := range 10 {
		d := declare(t, "actor.counter.a["+strconv.Itoa(i)+"]")
		d.Key = []string{strconv.Itoa(i)}
		entry := remembered(t, d)
		entry.OnDestroy = true
		in.Recalled.Actors[entry.Identity()], in.Undeclared[entry.Identity()] = entry, present("id1")
		want = append(want, d.Address.String())
	}
	_, diags := Plan(in)
	var got []string
	for _, diag := range diags[:len(want)] {
		_, after, _ := strings.Cut(diag.Detail, "known as ")
		known, _, _ := strings.Cut(after, ",")
		got = append(got, known)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDestructionIsLimited(t *testing.T) {
	few, many := 2, 20
	tests := []struct {
		name   string
		orders plan.Orders
		doomed int
		want   []string
	}{
		{"pruned, few", plan.Orders{Prune: true}, 10, nil},
		{"pruned, many", plan.Orders{Prune: true}, 11, []string{"Too much to destroy"}},
		{"pruned, many, as allowed", plan.Orders{Prune: true, MaxDestroy: &many}, 20, nil},
		{"pruned, more than allowed", plan.Orders{Prune: true, MaxDestroy: &few}, 3, []string{"Too much to destroy"}},
		{"destroyed, as many as there are", plan.Orders{IncludeAdopted: true}, 30, nil},
		{"destroyed, more than allowed", plan.Orders{IncludeAdopted: true, MaxDestroy: &few}, 3, []string{"Too much to destroy"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := Inputs{Mode: plan.ModeApply, Project: "shop", Orders: tt.orders, Recalled: &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{}}, Undeclared: map[plan.Identity]plan.Observed{}}
			for i := range tt.doomed {
				d := declare(t, "actor.counter.a")
				d.Address.Key = address.NumberKey(i)
				d.Key = []string{d.Address.String()}
				if tt.orders.Prune {
					in.Recalled.Actors[d.Identity()] = remembered(t, d)
					in.Recalled.Actors[d.Identity()].Project = in.Project
					in.Undeclared[d.Identity()] = present("id1")
				} else {
					in.Mode = plan.ModeDestroy
					in.Desired, in.Observed = append(in.Desired, d), append(in.Observed, present("id1"))
				}
			}
			_, diags := Plan(in)
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
		mode            plan.Mode
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
			name: "a destroy goes the other way", mode: plan.ModeDestroy, target: []string{"actor.counter.b"},
			want: []string{"b", "c"}, problems: []string{"The plan is partial"},
		},
		{
			name: "what is excluded from a destroy keeps what it depends on", mode: plan.ModeDestroy, exclude: []string{"actor.counter.b"},
			want: []string{"c", "d"}, problems: []string{"Actors stay", "The plan is partial"},
		},
		{name: "nothing", target: []string{"actor.counter.z"}, problems: []string{"No actor has this address"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := Inputs{Mode: plan.ModeApply, Recalled: &plan.Recalled{Actors: map[plan.Identity]*plan.Entry{}}, Orders: plan.Orders{IncludeAdopted: true}}
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
			p, diags := Plan(in)
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

// retold declares an actor whose key others tell, and that is another one than before.
func retold(t *testing.T) *plan.Desired {
	t.Helper()
	d := declare(t, "actor.counter.former")
	d.Key, d.KeyTold = []string{"another"}, true
	return d
}

// What is declared is neither destroyed nor forgotten, whatever it was called, and also where nobody can tell yet.
func TestNothingDeclaredIsUndeclared(t *testing.T) {
	former := declare(t, "actor.counter.former")
	tests := []struct {
		name    string
		declare func(in *Inputs)
		want    plan.ChangeAction // of what is remembered; empty where it is not listed apart
		reason  string
	}{
		{name: "renamed", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*plan.Desired{declare(t, "actor.counter.renamed")}, []plan.Observed{present("id1")}
		}},
		{name: "in a module", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*plan.Desired{declare(t, `module.m["x"].actor.counter.former`)}, []plan.Observed{present("id1")}
		}},
		{name: "absent", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*plan.Desired{declare(t, "actor.counter.renamed")}, []plan.Observed{{}}
		}},
		{name: "under a key that is not known", want: plan.ActionNoOp, reason: "it may be actor.counter.unknown, whose key is known after apply; if not, it is for the next plan to destroy", declare: func(in *Inputs) {
			d := declare(t, "actor.counter.unknown")
			d.Key = nil
			in.Desired, in.Observed = []*plan.Desired{d}, []plan.Observed{{}}
		}},
		{name: "under a key that is not known, and not to be destroyed", want: plan.ActionRead, reason: "it may be actor.counter.unknown, whose key is known after apply; if not, it is forgotten then", declare: func(in *Inputs) {
			d := declare(t, "actor.counter.unknown")
			d.Key = nil
			in.Desired, in.Observed, in.Orders.Prune = []*plan.Desired{d}, []plan.Observed{{}}, false
		}},
		{
			name: "at an address whose key others tell, not known yet", want: plan.ActionNoOp, reason: "it may be actor.counter.former, whose key is known after apply",
			declare: func(in *Inputs) {
				d := declare(t, "actor.counter.former")
				d.Key, d.KeyTold = nil, true
				in.Desired, in.Observed, in.Orders.Prune = []*plan.Desired{d}, []plan.Observed{{}}, false
			},
		},
		{
			name: "at an address whose key others tell", want: plan.ActionNoOp,
			reason: "what gives its key gives another one now; the actor stays, and is remembered until -prune",
			declare: func(in *Inputs) {
				in.Desired, in.Observed, in.Orders.Prune = []*plan.Desired{retold(t)}, []plan.Observed{{}}, false
			},
		},
		{name: "at an address whose key others tell, pruned", want: plan.ActionDestroy, reason: "it is not declared any more", declare: func(in *Inputs) {
			in.Desired, in.Observed = []*plan.Desired{retold(t)}, []plan.Observed{{}}
		}},
		{
			name: "at an address whose key others tell, removed", want: plan.ActionForget, reason: "it is not declared any more; the actor itself stays",
			declare: func(in *Inputs) {
				in.Desired, in.Observed = []*plan.Desired{retold(t)}, []plan.Observed{{}}
				in.Removals = []plan.Removal{{Name: "counter", Key: former.Key}}
			},
		},
		{name: "under another name with a key that is not known", want: plan.ActionDestroy, reason: "it is not declared any more", declare: func(in *Inputs) {
			d := declare(t, "actor.chatRoom.unknown")
			d.Key = nil
			in.Desired, in.Observed = []*plan.Desired{d}, []plan.Observed{{}}
		}},
		{name: "left out", want: plan.ActionNoOp, reason: "it may be declared by module.m.actor.counter.other, which is left out", declare: func(in *Inputs) {
			in.LeftOut = []string{"module.m.actor.counter.other"}
		}},
		{name: "at the address of what a target depends on", declare: func(in *Inputs) {
			target, needed := declare(t, "actor.counter.target"), declare(t, "actor.counter.former")
			target.Key, needed.Key, target.DependsOn = []string{"target"}, []string{"needed"}, []address.Address{needed.Address}
			in.Desired, in.Observed = []*plan.Desired{target, needed}, []plan.Observed{{}, {}}
			in.Orders.Target = patternsOf(t, "actor.counter.target")
		}},
		{name: "under an instance that is left out", declare: func(in *Inputs) {
			now, then := declare(t, "actor.counter.former"), declare(t, "actor.counter.former[1]")
			now.Key = []string{"another"}
			in.Desired, in.Observed = []*plan.Desired{now, then}, []plan.Observed{{}, present("id1")}
			in.Orders.Target = patternsOf(t, "actor.counter.former")
			in.Orders.Exclude = patternsOf(t, "actor.counter.former[1]")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := inputs(former, plan.Observed{}, remembered(t, former))
			in.Desired, in.Observed, in.Orders.Prune = nil, nil, true
			tt.declare(&in)
			in.Undeclared = map[plan.Identity]plan.Observed{}
			for _, doomed := range in.Doomed() {
				in.Undeclared[doomed.Identity()] = present("id1")
			}
			p, diags := Plan(in)
			var action plan.ChangeAction
			var reason string
			for _, c := range p.Changes {
				if c.(*plan.ActorChange).Desired == nil {
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
	d := declare(t, "actor.counter.renamed", action(t, `[1]`, plan.RunOnce))
	entry := remembered(t, d)
	entry.Address = at(t, "actor.counter.former")
	entry.Steps[d.Steps[0].Address.Relative()] = made(t, d.Steps[0], `[1]`, plan.StepDone)
	in := inputs(d, present("id1"), entry)
	p, diags := Plan(in)
	c := changed(p)
	if c.Action != plan.ActionNoOp || c.PreviousAddress != entry.Address || c.Adopt == nil || c.Steps[0].Decision != plan.DecisionDone || len(diags) > 0 {
		t.Errorf("got %s of %s, %+v, %v", c.Action, c.PreviousAddress, c.Adopt, diags)
	}
	if p.Summary().Changed() {
		t.Error("another name makes the plan changed")
	}
}

// What went is said, as that is to be put back.
func TestItIsSaidWhyStepsDoNotComeBeforeAnActorIsDestroyed(t *testing.T) {
	former := declare(t, "actor.counter.former")
	entry := remembered(t, former)
	entry.OnDestroy = true
	other := declare(t, "actor.counter.former[1]")
	other.Key = []string{"other"}
	for name, tt := range map[string]struct {
		desired *plan.Desired
		want    string
	}{
		"its block has another key":      {retold(t), "They went with its key, as its block has another one now"},
		"its block has another instance": {other, "They went with its declaration"},
	} {
		for _, removed := range []bool{false, true} {
			in := inputs(former, plan.Observed{}, entry)
			in.Desired, in.Observed, in.Orders.Prune = []*plan.Desired{tt.desired}, []plan.Observed{{}}, true
			if removed {
				in.Removals = []plan.Removal{{Name: "counter", Key: former.Key, Destroy: true}}
			}
			in.Undeclared = map[plan.Identity]plan.Observed{former.Identity(): present("id1")}
			_, diags := Plan(in)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.want) || diags.HasErrors() == removed {
				t.Errorf("%s, removed: %t: %v", name, removed, diags)
			}
		}
	}
}

// Which block is before the other one depends on what their files are called.
func TestAnActorStaysThatOneRemovedBlockKeeps(t *testing.T) {
	gone := declare(t, "actor.counter.gone")
	keeps, destroys := plan.Removal{From: gone.Address}, plan.Removal{Name: gone.Address.Name, Key: gone.Key, Destroy: true}
	for _, removals := range [][]plan.Removal{{keeps, destroys}, {destroys, keeps}} {
		in := inputs(gone, plan.Observed{}, remembered(t, gone))
		in.Desired, in.Observed, in.Removals = nil, nil, removals
		p, _ := Plan(in)
		if c := changed(p); c.Action != plan.ActionForget || len(in.Doomed()) > 0 {
			t.Errorf("%v: %s", removals, c.Action)
		}
	}
}

func TestAProtectedActorStaysAlsoWithoutItsBlock(t *testing.T) {
	gone := declare(t, "actor.counter.gone")
	entry := remembered(t, gone)
	entry.PreventDestroy = true
	for name, tt := range map[string]struct {
		removals []plan.Removal
		want     []string
	}{
		"pruned":  {nil, []string{"Actor is protected"}},
		"removed": {[]plan.Removal{{From: gone.Address, Destroy: true}}, nil},
	} {
		in := inputs(gone, plan.Observed{}, entry)
		in.Desired, in.Observed, in.Orders.Prune, in.Removals = nil, nil, true, tt.removals
		in.Undeclared = map[plan.Identity]plan.Observed{gone.Identity(): present("id1")}
		_, diags := Plan(in)
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
	in := inputs(base, plan.Observed{}, remembered(t, base))
	in.Recalled.Actors[dependent.Identity()] = entry
	in.Desired, in.Observed, in.Orders.Prune = nil, nil, true
	in.Undeclared = map[plan.Identity]plan.Observed{base.Identity(): present("id1"), dependent.Identity(): present("id1")}
	p, _ := Plan(in)
	if c := changed(p); c.Address != base.Address || !slices.Equal(c.DependsOn, []address.Address{dependent.Address}) {
		t.Errorf("%s comes after %v", c.Address, c.DependsOn)
	}
}

func TestWhatMayBeDeclaredIsNotEvenAskedFor(t *testing.T) {
	left, unknown := declare(t, "actor.counter.left"), declare(t, "actor.counter.new")
	unknown.Key = nil
	in := inputs(unknown, plan.Observed{}, remembered(t, left))
	in.Orders.Prune = true
	if got := in.Doomed(); len(got) > 0 {
		t.Errorf("asked for %s", got[0].Address)
	}
	in.Desired, in.Observed = nil, nil
	if got := in.Doomed(); len(got) != 1 {
		t.Errorf("asked for %d", len(got))
	}
}

// What an actor is created with that nobody declares any more, nothing says but the memory of the attempt, if that does.
func TestAnAttemptIsToldByTheInputThatItTried(t *testing.T) {
	for name, test := range map[string]struct {
		tried string // empty where only an announcement is left
		want  plan.ChangeAction
	}{
		"the same input":    {`"a"`, plan.ActionDestroy},
		"another input":     {`"b"`, plan.ActionForget},
		"an input, perhaps": {"", plan.ActionDestroy},
	} {
		d := declare(t, "actor.counter.a")
		entry := remembered(t, d)
		entry.ActorID, entry.Input = "", value.Memo{}
		if test.tried != "" {
			entry.Input = inputMemo(t, test.tried)
		}
		in := inputs(d, plan.Observed{}, entry)
		in.Desired, in.Observed = nil, nil
		in.Removals = []plan.Removal{{From: d.Address, Destroy: true}}
		seen := present("id1")
		seen.Input = inputMemo(t, `"a"`)
		in.Undeclared = map[plan.Identity]plan.Observed{entry.Identity(): seen}
		if p, diags := Plan(in); changed(p).Action != test.want || diags != nil {
			t.Errorf("%s: %s (%s), %v", name, changed(p).Action, changed(p).Reason, diags)
		}
	}
}

func inputMemo(t *testing.T, input string) value.Memo {
	t.Helper()
	memo, err := value.Remember(digestKey, parse(t, input))
	if err != nil {
		t.Fatal(err)
	}
	return memo
}
