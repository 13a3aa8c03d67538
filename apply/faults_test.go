package apply_test

import (
	"context"
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

const (
	create  = "create actor.a.a"
	ready   = "ready id-actor.a.a"
	one     = "call actor.a.a.action.one"
	two     = "call actor.a.a.action.two"
	destroy = "destroy id"
)

// unknown makes the first step of a change one whose arguments are known only after apply.
func unknown(w *world, c *plan.ActorChange) {
	step := c.Steps[0]
	step.Desired.Spec = &plan.Action{Args: cty.TupleVal([]cty.Value{cty.DynamicVal})}
	w.resolve[step.Address.String()] = &plan.Action{Args: cty.TupleVal([]cty.Value{cty.True})}
}

// For each thing that can go wrong in the ledger, in an evaluation or in a read: what is sent all the same, and how the change
// and its steps end.
func TestFaults(t *testing.T) {
	exists := func(w *world, c *plan.ActorChange) { c.Action, c.ActorID = plan.ActionUpdate, "id" }
	both := func(all ...func(*world, *plan.ActorChange)) func(*world, *plan.ActorChange) {
		return func(w *world, c *plan.ActorChange) {
			for _, set := range all {
				set(w, c)
			}
		}
	}
	readsAfter := func(_ *world, c *plan.ActorChange) { c.Desired.ReadState, c.Desired.ReadAfter = true, true }
	postcondition := func(holds cty.Value) func(*world, *plan.ActorChange) {
		return func(w *world, c *plan.ActorChange) {
			c.Desired.Postconditions = []plan.Assertion{{Holds: cty.DynamicVal}}
			again := *c.Desired
			again.Postconditions = []plan.Assertion{{Holds: holds, Message: "the postcondition"}}
			w.resolved[c.Address] = &again
		}
	}
	ended := func(all ...plan.Outcome) []plan.Outcome { return all }
	const done, failed, skipped, inDoubt = plan.OutcomeDone, plan.OutcomeFailed, plan.OutcomeSkipped, plan.OutcomeInDoubt
	tests := []struct {
		name     string
		broken   string // what fails
		set      func(*world, *plan.ActorChange)
		log      []string
		outcomes []plan.Outcome // of the change, and of its two steps
	}{
		{"the intent to create is not recorded", "bind", nil, nil, ended(failed, skipped, skipped)},
		{"that it is created is not recorded", "bind 2", nil, []string{create}, ended(failed, skipped, skipped)},
		{"that a step starts is not recorded", "started", exists, nil, ended(failed, failed, skipped)},
		{"that a step ended is not recorded", "finished", exists, []string{one}, ended(inDoubt, inDoubt, skipped)},
		{"that the second ended is not recorded", "finished 2", exists, []string{one, two}, ended(inDoubt, done, inDoubt)},
		{
			"that an actor is adopted is not recorded", "bind", both(exists, func(_ *world, c *plan.ActorChange) { c.Adopt = &plan.Entry{} }),
			nil, ended(failed, skipped, skipped),
		},
		{
			"that it is destroyed is not recorded", "forget", func(_ *world, c *plan.ActorChange) { c.Action, c.ActorID = plan.ActionReplace, "id" },
			[]string{destroy},
			ended(failed, skipped, skipped),
		},
		{
			"that it is forgotten is not recorded", "forget", func(_ *world, c *plan.ActorChange) { c.Action, c.Steps = plan.ActionForget, nil },
			nil, ended(failed),
		},
		{"arguments turn out to be wrong", "resolve step", both(exists, unknown), nil, ended(failed, failed, skipped)},
		{"arguments are right", "", both(exists, unknown), []string{one, two}, ended(done, done, done)},
		{
			"the input turns out to be wrong", "resolve", func(w *world, c *plan.ActorChange) {
				c.Desired.Input, w.resolved[c.Address] = cty.DynamicVal, c.Desired
			}, nil, ended(failed, skipped, skipped),
		},
		{
			"what the input refers to cannot be looked for", "look", func(w *world, c *plan.ActorChange) {
				c.Desired.Input, w.resolved[c.Address] = cty.DynamicVal, c.Desired
			}, nil, ended(failed, skipped, skipped),
		},
		{
			"what the step refers to cannot be read", "read", both(exists, unknown, func(_ *world, c *plan.ActorChange) { c.Steps[0].Desired.ReadState = true }),
			[]string{"read actor.a.a"},
			ended(failed, failed, skipped),
		},
		{
			"what is read cannot be used", "renew", both(exists, unknown, func(_ *world, c *plan.ActorChange) { c.Steps[0].Desired.ReadState = true }),
			[]string{"read actor.a.a"},
			ended(failed, failed, skipped),
		},
		{
			"which event is meant turns out to be wrong", "match event", both(exists, func(_ *world, c *plan.ActorChange) {
				c.Steps[0].Desired.Awaits = []*plan.Await{{Event: "e"}}
			}), nil, ended(failed, failed, skipped),
		},
		{"what others refer to cannot be read", "read", both(exists, readsAfter), []string{one, two, "read actor.a.a"}, ended(failed, done, done)},
		{"a postcondition turns out to be wrong", "resolve", both(exists, postcondition(cty.True)), []string{one, two}, ended(failed, done, done)},
		{"a postcondition does not hold", "", both(exists, postcondition(cty.False)), []string{one, two}, ended(failed, done, done)},
		{"a postcondition holds", "", both(exists, postcondition(cty.True)), []string{one, two}, ended(done, done, done)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				if tt.broken != "" {
					w.broken[tt.broken] = errors.New("the fault")
				}
				c := creation("a", []string{"one", "two"})
				if tt.set != nil {
					tt.set(w, c)
				}
				report := apply.Run(t.Context(), planOf(c), w.options())
				if diff := cmp.Diff(tt.log, w.log); diff != "" {
					t.Errorf("operations (-want +got):\n%s", diff)
				}
				result := report.Changes[0]
				got, errs := ended(result.Outcome), result.Err
				for _, s := range result.Steps {
					got, errs = append(got, s.Outcome), errors.Join(errs, s.Err)
				}
				if !slices.Equal(got, tt.outcomes) {
					t.Errorf("it ended %v, not %v", got, tt.outcomes)
				}
				if fault := strings.Contains(fmt.Sprint(errs), "the fault"); fault != (tt.broken != "") {
					t.Errorf("the error is %v", errs)
				}
			})
		})
	}
}

func TestReplacementEndsWithAFailedDestruction(t *testing.T) {
	for _, fail := range []error{errors.New("no"), fmt.Errorf("%w: lost", apply.ErrInDoubt)} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.fail[destroy] = fail
			c := creation("a", []string{"one"})
			c.Action, c.ActorID = plan.ActionReplace, "id"
			w.entries[c.Address] = plan.Entry{Name: "a", Key: c.Key, ActorID: "id"}
			report := apply.Run(t.Context(), planOf(c), w.options())
			if diff := cmp.Diff([]string{destroy}, w.log); diff != "" || report.Changes[0].Outcome == plan.OutcomeDone {
				t.Errorf("%s after %v", report.Changes[0].Outcome, w.log)
			}
			if len(w.entries) != 1 {
				t.Error("the ledger has forgotten it")
			}
		})
	}
}

func TestTheInputIsTheOneThatThePlanShowed(t *testing.T) {
	part := func(open string, hidden cty.Value) cty.Value {
		return cty.TupleVal([]cty.Value{cty.StringVal(open), hidden})
	}
	for name, tt := range map[string]struct {
		now     cty.Value
		outcome plan.Outcome
	}{
		"filled in":     {part("shown", cty.True), plan.OutcomeDone},
		"another":       {part("other", cty.True), plan.OutcomeFailed},
		"still unknown": {part("shown", cty.DynamicVal), plan.OutcomeFailed},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			c := creation("a", nil)
			again := *c.Desired
			c.Desired.Input, again.Input = part("shown", cty.DynamicVal), tt.now
			w.resolved[c.Address] = &again
			report := apply.Run(t.Context(), planOf(c), w.options())
			if got := report.Changes[0]; got.Outcome != tt.outcome || slices.Contains(w.log, create) != (tt.outcome == plan.OutcomeDone) {
				t.Errorf("%s: %s (%v), operations %v", name, got.Outcome, got.Err, w.log)
			}
		})
	}
}

func TestLimitsOfTheConfigurationAreUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := creation("a", nil)
		c.Action, c.ActorID = plan.ActionReplace, "id"
		c.Desired.Settings.DestroyTimeout, c.Desired.Settings.ReadyTimeout = 7*time.Second, 8*time.Second
		w.fail[ready] = fmt.Errorf("%w: crashed", apply.ErrStartFailed)
		apply.Run(t.Context(), planOf(c), w.options())
		if want := []time.Duration{7 * time.Second, 8 * time.Second, 7 * time.Second}; !slices.Equal(w.limits, want) {
			t.Errorf("the limits were %v, not %v", w.limits, want)
		}
	})
}

func TestSensitiveResultsStaySo(t *testing.T) {
	for _, sensitive := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			p := planOf(creation("a", []string{"one"}))
			settings := actor(p).Steps[0].Desired.Settings
			settings.KeepOutput, settings.Sensitive = true, sensitive
			apply.Run(t.Context(), p, w.options())
			if got := w.settled["actor.a.a.action.one"]; value.HasSensitive(got) != sensitive {
				t.Errorf("sensitive %t: others refer to %#v", sensitive, got)
			}
			if kept := w.outputs["actor.a.a.action.one"]; (kept.Secrets != nil) != sensitive || (kept.Rest != nil) == sensitive {
				t.Errorf("sensitive %t: the ledger is told %+v", sensitive, kept)
			}
		})
	}
}

func TestVerifyLooksAtEveryFact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := creation("a", []string{"first", "second", "third"})
		c.Action, c.ActorID = plan.ActionNoOp, "id"
		for i, s := range c.Steps {
			kind := []address.StepKind{address.StepEnsure, address.StepExpect, address.StepEnsure}[i]
			s.Address.Kind = kind
			s.Desired.Address, s.Desired.Spec = s.Address, fact(kind, false)
			s.Desired.Settings.Timeout = time.Second
			w.facts[s.Address.String()] = make([]bool, 100)
		}
		p := planOf(c)
		p.Mode = plan.ModeVerify
		for i, s := range apply.Run(t.Context(), p, w.options()).Changes[0].Steps {
			if _, isFact := errors.AsType[*apply.FactError](s.Err); !isFact {
				t.Errorf("fact %d: %+v", i, s)
			}
		}
	})
}

func TestTheEndOfTheContextEndsTheWaitingOfAnExpectation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		p := w.factual(address.StepExpect, false, make([]bool, 1000)...)
		actor(p).Steps[0].Desired.Settings.Timeout = time.Hour
		actor(p).Steps[0].Desired.Spec.(*plan.Expect).Interval = time.Minute
		report := apply.Run(ctx, p, w.options())
		if report.Elapsed > 2*time.Second || report.Changes[0].Outcome == plan.OutcomeDone {
			t.Errorf("%s after %s", report.Changes[0].Outcome, report.Elapsed)
		}
	})
}
