package apply_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// factual is a change of an actor that exists, with one step about a fact, which the resolver then answers with facts.
func (w *world) factual(kind address.StepKind, conditional bool, facts ...bool) *plan.Plan {
	c := creation("a", []string{"topic"})
	c.Action, c.ActorID = plan.ActionUpdate, "id"
	step := c.Steps[0]
	step.Address.Kind, step.Conditional = kind, conditional
	step.Desired.Address = step.Address
	step.Desired.ReadState = true
	step.Desired.Spec = fact(kind, false)
	w.facts[step.Address.String()] = facts
	return planOf(c)
}

// fact is what an ensure or expect is about.
func fact(kind address.StepKind, holds bool) plan.Spec {
	is, want := cty.StringVal("old"), cty.StringVal("new")
	if holds {
		is = want
	}
	if kind == address.StepEnsure {
		return &plan.Ensure{Value: is, Want: want, Action: "set", Args: cty.TupleVal([]cty.Value{want})}
	}
	return &plan.Expect{Value: is, Want: want}
}

func TestEnsureCallsAndLooksAgain(t *testing.T) {
	const (
		call = "call actor.a.a.ensure.topic"
		read = "read actor.a.a"
	)
	tests := []struct {
		name        string
		conditional bool
		facts       []bool // what is seen, one look after the other
		log         []string
		outcome     plan.Outcome
		unneeded    bool
	}{
		{"a call that helps", false, []bool{true}, []string{call, read}, plan.OutcomeDone, false},
		{"a call that does not help", false, []bool{false}, []string{call, read}, plan.OutcomeFailed, false},
		{"one that turns out to hold", true, []bool{true}, []string{read}, plan.OutcomeDone, true},
		{"one that turns out not to hold", true, []bool{false, true}, []string{read, call, read}, plan.OutcomeDone, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				report := apply.Run(t.Context(), w.factual(address.StepEnsure, tt.conditional, tt.facts...), w.options())
				got := report.Changes[0].Steps[0]
				if diff := cmp.Diff(tt.log, w.log); diff != "" {
					t.Errorf("operations (-want +got):\n%s", diff)
				}
				if got.Outcome != tt.outcome || got.Unneeded != tt.unneeded {
					t.Errorf("got %+v", got)
				}
				failed, isFact := errors.AsType[*apply.FactError](got.Err)
				if wrong := tt.outcome == plan.OutcomeFailed; isFact != wrong || wrong && !failed.Before.RawEquals(cty.StringVal("old")) {
					t.Errorf("the error is %#v", got.Err)
				}
				if len(w.steps) != 0 {
					t.Errorf("the ledger remembers %v, though the fact tells", w.steps)
				}
			})
		})
	}
}

func TestVerifyNeverCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := w.factual(address.StepEnsure, false)
		p.Mode, actor(p).Action = plan.ModeVerify, plan.ActionNoOp
		report := apply.Run(t.Context(), p, w.options())
		if len(w.log) != 0 || report.Changes[0].Steps[0].Outcome != plan.OutcomeFailed || !report.Failed() {
			t.Errorf("operations %v, result %+v", w.log, report.Changes[0])
		}
	})
}

func TestExpectLooksUntilItHoldsOrItsTimeIsUp(t *testing.T) {
	tests := []struct {
		name     string
		facts    []bool
		interval time.Duration
		outcome  plan.Outcome
		looks    int
		elapsed  time.Duration
	}{
		{"it holds at once", []bool{true}, 0, plan.OutcomeDone, 1, 0},
		{"it holds at the third look", []bool{false, false, true}, 0, plan.OutcomeDone, 3, 250 * time.Millisecond},
		{"it never holds", make([]bool, 20), time.Second, plan.OutcomeFailed, 6, 5 * time.Second},
		{"it holds at the end", []bool{false, false, true}, 4 * time.Second, plan.OutcomeDone, 3, 5 * time.Second},
		{"it is looked at when the time is up, however rarely otherwise", []bool{false, true}, 6 * time.Second, plan.OutcomeDone, 2, 5 * time.Second},
		{"it never holds, looked at ever more rarely", make([]bool, 20), 0, plan.OutcomeFailed, 10, 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				p := w.factual(address.StepExpect, false, tt.facts...)
				step := actor(p).Steps[0].Desired
				step.Settings.Timeout, step.Spec.(*plan.Expect).Interval = 5*time.Second, tt.interval
				report := apply.Run(t.Context(), p, w.options())
				got := report.Changes[0].Steps[0]
				if got.Outcome != tt.outcome || len(w.log) != tt.looks || got.Elapsed != tt.elapsed {
					t.Errorf("%s after %d looks and %s", got.Outcome, len(w.log), got.Elapsed)
				}
			})
		})
	}
}

func TestAStopEndsTheWaitingOfAnExpectation(t *testing.T) {
	stop := func(o *apply.Options, c chan struct{}) { o.Stop = c }
	lose := func(o *apply.Options, c chan struct{}) { o.Lost = c }
	for _, by := range []func(*apply.Options, chan struct{}){stop, lose} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			ended, o := make(chan struct{}), w.options()
			by(&o, ended)
			time.AfterFunc(time.Second, func() { close(ended) })
			report := apply.Run(t.Context(), w.factual(address.StepExpect, false, make([]bool, 100)...), o)
			if got := report.Changes[0].Steps[0].Outcome; got != plan.OutcomeNotStarted || report.Elapsed > 2*time.Second {
				t.Errorf("%s after %s", got, report.Elapsed)
			}
		})
	}
}

func TestGuardedStepRunsOnlyIfItsGuardLetsIt(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			p := planOf(creation("a", []string{"one"}))
			step := actor(p).Steps[0]
			step.Conditional = true
			w.resolve[step.Address.String()] = &plan.Action{Call: plan.Call{OnlyIf: cty.BoolVal(allowed)}}
			report := apply.Run(t.Context(), p, w.options())
			got := report.Changes[0].Steps[0]
			_, recorded := w.steps[step.Address.String()]
			if got.Outcome != plan.OutcomeDone || got.Unneeded == allowed || recorded != allowed {
				t.Errorf("allowed %t: %+v, recorded %t", allowed, got, recorded)
			}
		})
	}
}

func TestUnexpectedResultLeavesTheStepInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := planOf(creation("a", []string{"one", "two"}))
		actor(p).Steps[0].Desired.Call().Expect = cty.StringVal("something else")
		report := apply.Run(t.Context(), p, w.options())
		steps := report.Changes[0].Steps
		if !errors.Is(steps[0].Err, apply.ErrUnexpected) || steps[1].Outcome != plan.OutcomeSkipped {
			t.Errorf("got %+v", steps)
		}
		if got := w.steps["actor.a.a.action.one"]; got != plan.StepStarted {
			t.Errorf("the ledger says %q", got)
		}
	})
}

// An unexpected result may be too short to be found again where it is said, and has the names that it has.
func TestUnexpectedResultIsSensitiveAsItsStepIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := planOf(creation("a", []string{"one"}))
		step := actor(p).Steps[0].Desired
		step.Call().Expect, step.Settings.Sensitive = cty.StringVal("something else"), true
		report := apply.Run(t.Context(), p, w.options())
		fact, ok := errors.AsType[*apply.FactError](report.Changes[0].Steps[0].Err)
		if !ok || !value.HasSensitive(fact.Seen) || !value.HasSensitive(fact.Wanted) {
			t.Errorf("got %v", report.Changes[0].Steps[0].Err)
		}
	})
}

// What an expectation or a guard is made of may be the result of another step.
func TestExpectationAndGuardMayBeKnownOnlyAfterApply(t *testing.T) {
	later, called := cty.UnknownVal(cty.String), "call actor.a.a.action.one"
	tests := []struct {
		name         string
		planned, now plan.Call
		outcome      plan.Outcome
		log          []string
		says         string
	}{
		{"an expectation that holds", plan.Call{Expect: later}, plan.Call{Expect: cty.StringVal("output")}, plan.OutcomeDone, []string{called}, ""},
		{"one that does not", plan.Call{Expect: later}, plan.Call{Expect: cty.StringVal("no")}, plan.OutcomeInDoubt, []string{called}, "not all came as expected"},
		{"one that never gets known", plan.Call{Expect: later}, plan.Call{Expect: later}, plan.OutcomeFailed, nil, "expect: it is still not known"},
		{"a guard that never gets known", plan.Call{OnlyIf: cty.DynamicVal}, plan.Call{OnlyIf: cty.DynamicVal}, plan.OutcomeFailed, nil, "guard: it is still not known"},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			p := planOf(creation("a", []string{"one"}))
			step := actor(p).Steps[0]
			step.Conditional = tt.planned.OnlyIf != cty.NilVal
			step.Desired.Spec = &plan.Action{Call: tt.planned, Args: cty.EmptyTupleVal}
			w.resolve[step.Address.String()] = &plan.Action{Call: tt.now, Args: cty.EmptyTupleVal}
			report := apply.Run(t.Context(), p, w.options())
			got := report.Changes[0].Steps[0]
			if diff := cmp.Diff(append([]string{"create actor.a.a"}, tt.log...), w.log); diff != "" || got.Outcome != tt.outcome {
				t.Errorf("%s: %s; operations:\n%s", tt.name, got.Outcome, diff)
			}
			if tt.says != "" && !strings.Contains(fmt.Sprint(got.Err), tt.says) {
				t.Errorf("%s: %v", tt.name, got.Err)
			}
		})
	}
}

func TestResultsAreHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := planOf(creation("a", []string{"one"}))
		actor(p).Steps[0].Desired.Settings.KeepOutput = true
		apply.Run(t.Context(), p, w.options())
		if got := w.settled["actor.a.a.action.one"]; !got.RawEquals(cty.StringVal("output")) {
			t.Errorf("got %#v", got)
		}
	})
}

func TestActorIsReadAgainForThoseThatReferToIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := planOf(creation("a", nil))
		actor(p).Desired.ReadState, actor(p).Desired.ReadAfter = true, true
		apply.Run(t.Context(), p, w.options())
		if diff := cmp.Diff([]string{"create actor.a.a", "ready id-actor.a.a", "read actor.a.a"}, w.log); diff != "" {
			t.Error(diff)
		}
	})
}

// Who says that a step is done need not know with what.
func TestMarkingEvaluatesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := planOf(creation("a", []string{"one"}))
		c := actor(p)
		c.Action, c.ActorID = plan.ActionNoOp, "id"
		step := c.Steps[0]
		step.Decision, step.MarkDone = plan.DecisionDone, true
		step.Desired.Spec = &plan.Action{Args: cty.TupleVal([]cty.Value{cty.DynamicVal})}
		w.broken["resolve step"] = errors.New("nobody can tell")
		step.Desired.Settings.KeepOutput = true
		report := apply.Run(t.Context(), p, w.options())
		if report.Failed() || len(w.log) > 0 || w.steps["actor.a.a.action.one"] != plan.StepDone {
			t.Errorf("operations %v, ledger %v: %v", w.log, w.steps, report.Changes[0].Steps[0].Err)
		}
		if len(w.settled) > 0 {
			t.Errorf("it is said to have given %v", w.settled)
		}
	})
}

// What an unneeded step gave is what it gave when it was made.
func TestResultOfAStepThatTurnsOutNotToBeDue(t *testing.T) {
	done := cty.StringVal("before")
	const nobodyKnows = `cty.DynamicVal.Mark(value.Source{Step:"actor.a.a.action.one", Recipe:"[\"a\" \"a\" \"action\" \"one\" \"\"]", Origin:"[\"a\" \"a\" \"action\" \"one\" \"\"]", Mixed:false, Another:false, Doubted:false})`
	for name, tt := range map[string]struct {
		digest, want string // want is what it is said to have given
		result       cty.Value
	}{
		"never made":         {"", nobodyKnows, cty.NilVal},
		"made, and kept":     {"a digest", `cty.StringVal("before")`, done},
		"made, and not kept": {"a digest", nobodyKnows, cty.NilVal},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			p := planOf(creation("a", []string{"one"}))
			step := actor(p).Steps[0]
			step.Conditional, step.DoneDigest, step.Result = true, tt.digest, tt.result
			step.Desired.Settings.KeepOutput = true
			w.resolve[step.Address.String()] = &plan.Action{Call: plan.Call{OnlyIf: cty.False}}
			apply.Run(t.Context(), p, w.options())
			got := ""
			if v, ok := w.settled[step.Address.String()]; ok {
				got = v.GoString()
			}
			if got != tt.want {
				t.Errorf("%s: %s", name, got)
			}
		})
	}
}

// The arguments of an ensure are needed only where it is called.
func TestEnsureNeedsItsArgumentsOnlyWhereItIsCalled(t *testing.T) {
	for _, holds := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			p := w.factual(address.StepEnsure, true)
			step := actor(p).Steps[0]
			now := fact(address.StepEnsure, holds).(*plan.Ensure)
			now.Args = cty.DynamicVal
			w.resolve[step.Address.String()] = now
			report := apply.Run(t.Context(), p, w.options())
			got := report.Changes[0].Steps[0]
			if got.Unneeded != holds || slices.Contains(w.log, "call actor.a.a.ensure.topic") {
				t.Errorf("it holds: %t; %+v, operations %v", holds, got, w.log)
			}
			if said := fmt.Sprint(got.Err); !holds && !strings.HasPrefix(said, "args: it is still not known") {
				t.Errorf("the error is %s", said)
			}
		})
	}
}

// A step that is made only if what it sends has changed is not made again with the same, nor with what nobody knows.
func TestConditionalStepIsNotMadeWithWhatItWasMadeWith(t *testing.T) {
	lost := value.Unkept("actor.a.b.action.mint")
	call := func(arg cty.Value) *plan.Step {
		return &plan.Step{Spec: &plan.Action{Args: cty.TupleVal([]cty.Value{arg})}}
	}
	recipe, err := call(lost).Recipe(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		now      cty.Value
		recipe   string
		made     bool
		unneeded bool
	}{
		"the same":                         {cty.True, "", false, true},
		"another":                          {cty.False, "", true, false},
		"what it was, which nobody kept":   {lost, recipe, false, true},
		"another one, which nobody kept":   {lost, "other", false, false},
		"a result that nobody kept by now": {lost, "", false, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			p := planOf(creation("a", []string{"one"}))
			step := actor(p).Steps[0]
			memo, err := call(cty.True).Remember(nil)
			if err != nil {
				t.Fatal(err)
			}
			step.Conditional, step.DoneDigest, step.DoneRecipe = true, memo.Digest, tt.recipe
			step.Desired.Spec = call(cty.DynamicVal).Spec
			w.resolve[step.Address.String()] = call(tt.now).Spec
			report := apply.Run(t.Context(), p, w.options())
			got := report.Changes[0].Steps[0]
			if got.Unneeded != tt.unneeded || slices.Contains(w.log, one) != tt.made {
				t.Errorf("%s: %+v, operations %v", name, got, w.log)
			}
			if unkept, is := errors.AsType[*plan.UnkeptError](got.Err); is == (tt.made || tt.unneeded) {
				t.Errorf("%s: %v", name, unkept)
			}
		})
	}
}
