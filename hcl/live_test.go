package hcl

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
)

// fakeActors answer what they are asked, and remember it.
type fakeActors struct {
	live  plan.Live
	asked []string
}

func (a *fakeActors) Read(_ context.Context, wanted []plan.Read) ([]plan.Live, error) {
	live := make([]plan.Live, len(wanted))
	for i, w := range wanted {
		labels := []string{}
		for _, r := range w.Desired.Reads {
			labels = append(labels, r.Label)
		}
		if w.Desired.ReadState {
			labels = append(labels, "(state)")
		}
		a.asked = append(a.asked, w.Desired.Address.String()+": "+strings.Join(labels, " "))
		live[i] = a.live
	}
	return live, nil
}

// sent returns what a step sends.
func sent(s *plan.Step) cty.Value {
	_, payload := s.Sends()
	return payload
}

func TestOnlyWhatAnExpressionNamesIsRead(t *testing.T) {
	t.Parallel()
	const actors = `
		actor "x" "a" {
			key = "a"
			read "info" {}
			read "other" {}
		}
		data "x" "b" {
			key = "b"
			read "info" {}
		}
	`
	tests := []struct {
		name, source string
		want         []string
	}{
		{"nothing", ``, nil},
		{"an id", `output "o" { value = [actor.x.a.id, data.x.b.id] }`, nil},
		{"a read", `output "o" { value = actor.x.a.read.info }`, []string{"actor.x.a: info"}},
		{"the state of a data block", `output "o" { value = data.x.b.state }`, []string{"data.x.b: (state)"}},
		{"a read through a local value", `
			locals { all = [actor.x.a] }
			output "o" { value = local.all[0].read.other }`, []string{"actor.x.a: other"}},
		{"an actor in a for expression", `output "o" { value = [for r in [actor.x.a, data.x.b] : r.id] }`, nil},
		{"an actor's own state", `
			actor "x" "c" {
				key = "c"
				expect "e" {
					value = self.state
					want  = 1
				}
			}`, []string{"actor.x.c: (state)"}},
		{"an actor's own state, beside what another one says", `
			actor "x" "c" {
				key   = "c"
				input = data.x.b.read.info
				expect "e" {
					value = self.state
					want  = 1
				}
			}`, []string{"data.x.b: info", "actor.x.c: (state)"}},
		{"a guard of an actor's own", `
			actor "x" "c" {
				key = "c"
				read "r" {}
				read "unused" { args = [self.key] }
				action "a" { only_if = read.r == 1 }
			}`, []string{"actor.x.c: r"}},
		{"an actor that does not exist", `
			actor "x" "new" {
				key = "new"
				read "r" {}
			}
			output "o" { value = actor.x.new.read.r }`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			actorsThere := &fakeActors{live: plan.Live{Reads: map[string]cty.Value{"r": cty.Zero}}}
			observed(t, Server{Observer: &fakeServer{actors: map[string]string{"a": "id-a", "b": "id-b", "c": "id-c"}}, Reader: actorsThere},
				actors+test.source)
			if diff := cmp.Diff(test.want, actorsThere.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLiveValuesReachGuardsFactsAndOtherActors(t *testing.T) {
	t.Parallel()
	live := plan.Live{
		State: cty.ObjectVal(map[string]cty.Value{"members": cty.EmptyTupleVal}),
		Reads: map[string]cty.Value{"info": cty.ObjectVal(map[string]cty.Value{"topic": cty.StringVal("old")})},
	}
	e := observed(t, Server{Observer: &fakeServer{actors: map[string]string{"a": "id-a"}}, Reader: &fakeActors{live: live}}, `
		actor "x" "a" {
			key = "a"
			read "info" {}
			ensure "topic" {
				value = read.info.topic
				want  = "new"
			}
			action "seed" { only_if = length(self.state.members) == 0 }
		}
		actor "x" "b" {
			key   = "b"
			input = actor.x.a.read.info.topic
		}
	`)
	a := find(t, e, "actor.x.a")
	if fact := a.Steps[0].Fact(); !fact.Seen().RawEquals(cty.StringVal("old")) || !fact.Wanted().RawEquals(cty.StringVal("new")) {
		t.Errorf("the fact is %#v", fact)
	}
	if args := sent(a.Steps[0]); !args.RawEquals(cty.TupleVal([]cty.Value{cty.StringVal("new")})) {
		t.Errorf("the arguments are %#v", args)
	}
	if !a.Steps[1].Call().OnlyIf.RawEquals(cty.True) {
		t.Errorf("the guard is %#v", a.Steps[1].Call().OnlyIf)
	}
	if diff := cmp.Diff([]string{"info"}, a.Steps[0].Reads); diff != "" || a.Steps[0].ReadState || !a.Steps[1].ReadState {
		t.Errorf("the steps say wrongly what they read: %s", diff)
	}
	if input := find(t, e, "actor.x.b").Input; !input.RawEquals(cty.StringVal("old")) {
		t.Errorf("the input is %#v", input)
	}
	live.Reads = map[string]cty.Value{"info": cty.ObjectVal(map[string]cty.Value{"topic": cty.StringVal("new")})}
	failOn(t, e.Renew(a.Address, live))
	step, diags := e.ResolveStep(a.Steps[0].Address)
	failOn(t, diags)
	if !step.Fact().Seen().RawEquals(cty.StringVal("new")) {
		t.Errorf("after another look the value is %#v", step.Fact().Seen())
	}
}

func TestFailedReadIsReportedAtItsBlock(t *testing.T) {
	t.Parallel()
	_, diags := tryObserve(t, Server{
		Observer: &fakeServer{actors: map[string]string{"a": "id-a"}},
		Reader:   &fakeActors{live: plan.Live{Faults: map[string]string{"info": "no such action"}}},
	}, `
		actor "x" "a" {
			key = "a"
			read "info" {}
		}
		output "o" { value = actor.x.a.read.info.topic }
	`)
	if len(diags) != 1 || diags[0].Summary != "Read failed" || diags[0].Subject.Start.Line != 4 || !strings.Contains(diags[0].Detail, "no such action") {
		t.Errorf("got %v", diags)
	}
}

func TestResultsOfStepsFeedLaterStepsAndOtherActors(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{actors: map[string]string{"a": "id-a"}}}, `
		actor "x" "a" {
			key = "a"
			action "create" {
				for_each = toset(["p", "q"])
			}
			action "use" { args = [step.create["p"].output.id] }
			action "unused" {}
		}
		actor "x" "b" {
			key   = "b"
			input = actor.x.a.step.create["q"].output.id
		}
	`)
	a, b := find(t, e, "actor.x.a"), find(t, e, "actor.x.b")
	if !a.Steps[0].Settings.KeepOutput || a.Steps[3].Settings.KeepOutput {
		t.Error("the wrong outputs are kept")
	}
	if sent(a.Steps[2]).IsWhollyKnown() || b.Input.IsKnown() {
		t.Error("a result is known before the step is done")
	}
	for _, s := range a.Steps[:2] {
		key, _ := s.Address.Key.Text()
		e.SettleStep(s.Address, cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("made-" + key)}))
	}
	step, diags := e.ResolveStep(a.Steps[2].Address)
	failOn(t, diags)
	if !sent(step).RawEquals(cty.TupleVal([]cty.Value{cty.StringVal("made-p")})) {
		t.Errorf("the arguments are %#v", sent(step))
	}
	resolved, diags := e.Resolve(b.Address)
	failOn(t, diags)
	if !resolved.Input.RawEquals(cty.StringVal("made-q")) {
		t.Errorf("the input is %#v", resolved.Input)
	}
}

func TestResultsOfEarlierRunsAreKnown(t *testing.T) {
	t.Parallel()
	for _, result := range []cty.Value{cty.StringVal("made"), cty.NilVal} {
		e := observed(t, Server{
			Observer: &fakeServer{actors: map[string]string{"a": "id-a"}},
			Results: func(d *plan.Desired, o plan.Observed, _ bool) func(*plan.Step) cty.Value {
				return func(s *plan.Step) cty.Value {
					known := d.Address.String() == "actor.x.a"
					if s.Address.Relative() != "action.create" || known && o.ActorID != "id-a" || !known && o.Exists {
						t.Errorf("asked for the result of %s on %v", s.Address, o)
					}
					if !known { // it is yet to be made
						return cty.NilVal
					}
					return result
				}
			},
		}, `
			actor "x" "a" {
				key = "a"
				action "create" {}
				action "unused" {}
			}
			actor "x" "absent" {
				key = "b"
				action "create" {}
			}
			output "o" { value = [actor.x.a.step.create.output, actor.x.absent.step.create.output] }
		`)
		outputs, diags := e.Outputs()
		failOn(t, diags)
		if result == cty.NilVal {
			result = cty.DynamicVal
		}
		if v := outputs[0].Value; !v.RawEquals(cty.TupleVal([]cty.Value{result, cty.DynamicVal})) {
			t.Errorf("the output is %#v", v)
		}
	}
}

func TestMissingDataIsAnErrorUnlessItIsOptional(t *testing.T) {
	t.Parallel()
	_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, `
		data "x" "a" { key = "a" }
		actor "x" "b" { key = data.x.a.id }
	`)
	if len(diags) != 1 || diags[0].Summary != "Actor does not exist" {
		t.Errorf("got %v", diags)
	}
	e := observed(t, Server{Observer: &fakeServer{}}, `
		data "x" "a" {
			key      = "a"
			optional = true
			read "r" {}
		}
		output "o" { value = [data.x.a.exists, data.x.a.id, data.x.a.read.r, data.x.a.state] }
	`)
	outputs, diags := e.Outputs()
	failOn(t, diags)
	null := cty.NullVal(cty.DynamicPseudoType)
	want := cty.TupleVal([]cty.Value{cty.False, cty.NullVal(cty.String), null, null})
	if !outputs[0].Value.RawEquals(want) {
		t.Errorf("the output is %#v", outputs[0].Value)
	}
}

func TestAwaitedEventIsToldByItsCondition(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "a" {
			key = "a"
			action "invite" {
				for_each = toset(["alice", "bob"])
				await "invited" { condition = event.args[0] == each.key }
				await "any" {}
			}
		}
	`)
	invite := find(t, e, "actor.x.a").Steps[1].Address
	for _, test := range []struct {
		position int
		arg      string
		want     bool
	}{{0, "bob", true}, {0, "alice", false}, {1, "carol", true}} {
		got, diags := e.MatchEvent(invite, test.position, []cty.Value{cty.StringVal(test.arg)})
		failOn(t, diags)
		if got != test.want {
			t.Errorf("await %d with %q: %t", test.position, test.arg, got)
		}
	}
}

func TestPostconditionsAreKnownWhenTheActorIsDone(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "a" {
			key = "a"
			lifecycle {
				postcondition {
					condition     = self.state.ready
					error_message = "It is ${self.id} that is not ready."
				}
			}
		}
	`)
	a := find(t, e, "actor.x.a")
	if a.Postconditions[0].Holds.IsKnown() {
		t.Error("the postcondition is known too early")
	}
	e.Settle(a.Address, "id-a", true, time.UnixMilli(1))
	failOn(t, e.Renew(a.Address, plan.Live{State: cty.ObjectVal(map[string]cty.Value{"ready": cty.False})}))
	resolved, diags := e.Resolve(a.Address)
	failOn(t, diags)
	got := resolved.Postconditions[0]
	if !got.Holds.RawEquals(cty.False) || got.Message != "It is id-a that is not ready." {
		t.Errorf("the postcondition is %#v", got)
	}
}

// What an ensure is to be called with may have no value while its fact holds: of an empty list there is no first.
func TestArgumentsOfAnEnsureAreNeededOnlyWhereItRuns(t *testing.T) {
	t.Parallel()
	first := cty.TupleVal([]cty.Value{cty.StringVal("x")})
	for name, test := range map[string]struct {
		list  cty.Value
		args  string
		want  cty.Value // cty.NilVal: an error
		needs int       // how many elements are wanted
	}{
		"it holds":                          {cty.EmptyTupleVal, "[read.list[0]]", cty.DynamicVal, 0},
		"it does not hold":                  {first, "[read.list[0]]", first, 0},
		"it does not hold, and has no args": {cty.EmptyTupleVal, "[read.list[0]]", cty.NilVal, 1},
		"it holds, and nothing could help":  {cty.EmptyTupleVal, `"no list"`, cty.NilVal, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, diags := tryObserve(t, Server{
				Observer: &fakeServer{actors: map[string]string{"a": "id-a"}},
				Reader:   &fakeActors{live: plan.Live{Reads: map[string]cty.Value{"list": test.list}}},
			}, fmt.Sprintf(`
				actor "x" "a" {
					key = "a"
					read "list" {}
					ensure "length" {
						value = length(read.list)
						want  = %d
						call  = "remove"
						args  = %s
					}
				}`, test.needs, test.args))
			if test.want == cty.NilVal {
				if !diags.HasErrors() {
					t.Error("want an error")
				}
				return
			}
			failOn(t, diags)
			if got := sent(find(t, e, "actor.x.a").Steps[0]); !got.RawEquals(test.want) {
				t.Errorf("got %#v", got)
			}
		})
	}
}

// TestHowOftenAStepIsMadeMayBeKnownAfterApply follows a step whose for_each an earlier step of the same run gives.
func TestHowOftenAStepIsMadeMayBeKnownAfterApply(t *testing.T) {
	t.Parallel()
	e := observed(t, Server{Observer: &fakeServer{}}, `
		actor "x" "a" {
			key = "a"
			action "list" {}
			action "each" {
				for_each = toset(step.list.output)
				args     = [each.key]
			}
			action "last" { args = [step.each, step.each["p"].output] }
		}
	`)
	d := find(t, e, "actor.x.a")
	if len(d.Steps) != 3 || !d.Steps[1].Deferred || d.Steps[1].Address.Relative() != "action.each" || sent(d.Steps[2]).IsWhollyKnown() {
		t.Fatalf("the steps are %+v", d.Steps)
	}
	if _, _, diags := e.ExpandStep(d.Steps[1].Address); len(diags) != 1 || !strings.Contains(diags[0].Detail, "still not known") {
		t.Errorf("before it is known: %v", diags)
	}
	e.Settle(d.Address, "id", true, time.UnixMilli(1))
	e.SettleStep(d.Steps[0].Address, cty.ListVal([]cty.Value{cty.StringVal("q"), cty.StringVal("p")}))
	instances, _, diags := e.ExpandStep(d.Steps[1].Address)
	failOn(t, diags)
	var names []string
	for _, s := range instances {
		names = append(names, s.Address.Relative())
		e.SettleStep(s.Address, cty.StringVal("gave "+s.Address.Relative()))
	}
	if diff := cmp.Diff([]string{`action.each["p"]`, `action.each["q"]`}, names); diff != "" {
		t.Error(diff)
	}
	last, diags := e.ResolveStep(d.Steps[2].Address)
	failOn(t, diags)
	results := sent(last)
	if got := results.Index(cty.NumberIntVal(1)); !got.RawEquals(cty.StringVal(`gave action.each["p"]`)) || results.Index(cty.Zero).LengthInt() != 2 {
		t.Errorf("the last step sends %#v", results)
	}
}
