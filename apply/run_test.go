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
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/address"
)

func TestRunFollowsReferences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		p := planOf(creation("c", nil, "b"), creation("b", []string{"seed"}, "a"), creation("a", nil))
		report := apply.Run(t.Context(), p, w.options())
		want := []string{
			"create actor.a.a", "ready id-actor.a.a", "create actor.a.b", "call actor.a.b.action.seed", "create actor.a.c", "ready id-actor.a.c",
		}
		if diff := cmp.Diff(want, w.log); diff != "" {
			t.Errorf("operations (-want +got):\n%s", diff)
		}
		if report.Failed() {
			t.Errorf("report failed: %v", outcomes(report))
		}
	})
}

func TestRunSkipsDependentsOfFailedChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.fail["call actor.a.a.action.one"] = errors.New("no")
		p := planOf(creation("a", []string{"one", "two"}), creation("b", []string{"one"}, "a"), creation("c", nil, "b"), creation("d", nil))
		report := apply.Run(t.Context(), p, w.options())
		want := map[string]plan.Outcome{
			"a": plan.OutcomeFailed, "a.one": plan.OutcomeFailed, "a.two": plan.OutcomeSkipped,
			"b": plan.OutcomeSkipped, "b.one": plan.OutcomeSkipped, "c": plan.OutcomeSkipped, "d": plan.OutcomeDone,
		}
		if diff := cmp.Diff(want, outcomes(report)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if cause := report.Changes[2].Cause; cause != "actor.a.a" {
			t.Errorf("cause of c: %q, want the change that failed", cause)
		}
		if got := w.steps["actor.a.a.action.one"]; got != plan.StepFailed {
			t.Errorf("ledger says %q of the failed step", got)
		}
	})
}

func TestRunStopsGracefully(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		stop := make(chan struct{})
		o := w.options()
		o.Stop = stop
		time.AfterFunc(1500*time.Millisecond, func() { close(stop) }) // in the middle of the call of a.one
		p := planOf(creation("a", []string{"one", "two"}), creation("b", nil, "a"))
		report := apply.Run(t.Context(), p, o)
		want := map[string]plan.Outcome{
			"a": plan.OutcomeNotStarted, "a.one": plan.OutcomeDone, "a.two": plan.OutcomeNotStarted, "b": plan.OutcomeNotStarted,
		}
		if diff := cmp.Diff(want, outcomes(report)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if got := w.steps["actor.a.a.action.one"]; got != plan.StepDone {
			t.Errorf("ledger says %q of the call that was let finish", got)
		}
	})
}

func TestRunLeavesAbortedCallsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		report := apply.Run(ctx, planOf(creation("a", []string{"one", "two"})), w.options())
		want := map[string]plan.Outcome{"a": plan.OutcomeInDoubt, "a.one": plan.OutcomeInDoubt, "a.two": plan.OutcomeSkipped}
		if diff := cmp.Diff(want, outcomes(report)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if got := w.steps["actor.a.a.action.one"]; got != plan.StepStarted {
			t.Errorf("ledger says %q of the aborted call, want it started and no more", got)
		}
	})
}

// An actor that somebody else created since the plan was made is adopted, unless that dropped its input, or it must be new. Its
// calls are made where this very run may have made it, for instance by a call of another actor.
func TestRunMeetsActorThatSomebodyElseCreated(t *testing.T) {
	for name, test := range map[string]struct {
		change                 func(*plan.ActorChange)
		done, adopted, appears bool
	}{
		"with an input":      {func(c *plan.ActorChange) { c.Desired.Input = cty.True }, false, false, false},
		"must be new":        {func(c *plan.ActorChange) { c.Desired.Settings = &plan.Settings{Create: plan.CreateNew} }, false, false, false},
		"nobody knows":       {func(*plan.ActorChange) {}, false, true, false},
		"without any call":   {func(c *plan.ActorChange) { c.Steps, c.Desired.Steps = nil, nil }, true, true, false},
		"made by this run":   {func(c *plan.ActorChange) { c.MayAppear = true }, true, true, true},
		"which always calls": {func(c *plan.ActorChange) { c.Steps[0].Desired.Spec.(*plan.Action).Policy = plan.RunAlways }, true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.existing["actor.a.a"] = true
				c := creation("a", []string{"one"})
				test.change(c)
				report := apply.Run(t.Context(), planOf(c), w.options())
				result := report.Changes[0]
				if called := slices.Contains(w.log, "call actor.a.a.action.one"); called != (test.done && len(c.Steps) > 0) {
					t.Errorf("operations %v", w.log)
				}
				if done := result.Outcome == plan.OutcomeDone; done != test.done {
					t.Errorf("outcome %s: %v", result.Outcome, result.Err)
				}
				entry, known := w.entries[c.Address]
				if known != test.adopted || entry.Created || entry.Fresh != test.appears {
					t.Errorf("the ledger remembers %+v", entry)
				}
				if adopted := result.Became == plan.ActionAdopt; adopted != test.adopted {
					t.Errorf("it became %q", result.Became)
				}
			})
		})
	}
}

// When the actor may come about is remembered by the server's clock, and as far as clocks may differ where that is not known.
func TestRunKeepsIntentOfCreationInDoubt(t *testing.T) {
	for name, test := range map[string]struct {
		timeless    bool
		limit       time.Duration
		from, until time.Duration
	}{
		"the clock is known":     {from: 0, until: 4 * time.Minute},
		"much patience":          {limit: time.Hour, from: 0, until: 62 * time.Minute},
		"the clock is not known": {timeless: true, from: -5 * time.Minute, until: 9 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, began := newWorld(), time.Now().UTC()
				w.timeless = test.timeless
				w.fail["create actor.a.a"] = fmt.Errorf("%w: connection reset", apply.ErrInDoubt)
				c := creation("a", nil)
				c.Desired.Settings.CreateTimeout = test.limit
				apply.Run(t.Context(), planOf(c), w.options())
				entry, ok := w.entries[addr("a")]
				if !ok || entry.ActorID != "" || !entry.Created {
					t.Errorf("the ledger remembers %+v, want the intent to create", entry)
				}
				if from, until := entry.Tried.Sub(began), entry.Until.Sub(began); from != test.from || until != test.until {
					t.Errorf("it may come about from %s to %s", from, until)
				}
			})
		})
	}
}

// What an earlier attempt was to create may turn up in the middle of the next one.
func TestRunDoesNotTakeWhatItWasToCreateForAnothers(t *testing.T) {
	for name, isLate := range map[string]bool{"in time": false, "later": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.existing["actor.a.a"], w.madeAt = true, time.Now()
				c := creation("a", []string{"one"})
				c.Desired.Input = cty.True
				c.Doubted = &plan.Entry{Created: true, Tried: time.Now(), Until: time.Now().Add(time.Second)}
				if isLate {
					w.madeAt = time.Now().Add(time.Minute)
				}
				result := apply.Run(t.Context(), planOf(c), w.options()).Changes[0]
				if _, kept := w.entries[addr("a")]; kept == isLate || errors.Is(result.Err, apply.ErrInDoubt) == isLate || result.Err == nil {
					t.Errorf("remembered: %t; %v", kept, result.Err)
				}
			})
		})
	}
}

func TestRunFillsInWhatWasUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := creation("a", []string{"one"})
		c.Desired.Input = cty.UnknownVal(cty.String)
		c.Desired.Steps[0].Spec.(*plan.Action).Args = cty.TupleVal([]cty.Value{cty.StringVal("known"), cty.UnknownVal(cty.String)})
		w.resolved[c.Address] = &plan.Desired{Address: c.Address, Key: []string{"a"}, Input: cty.StringVal("i"), Settings: &plan.Settings{}}
		w.resolve["actor.a.a.action.one"] = &plan.Action{Args: cty.TupleVal([]cty.Value{cty.StringVal("other"), cty.StringVal("x")})}
		report := apply.Run(t.Context(), planOf(c), w.options())
		if err := report.Changes[0].Steps[0].Err; err == nil || slices.Contains(w.log, "call actor.a.a.action.one") {
			t.Errorf("a known argument turned out otherwise; error %v, operations %v", err, w.log)
		}
		if string(w.entries[c.Address].Input.Value) != `"i"` {
			t.Errorf("input remembered as %s", w.entries[c.Address].Input.Value)
		}
	})
}

func TestRunMarksDoneWithoutCalling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := creation("a", []string{"one"})
		c.Action, c.ActorID = plan.ActionNoOp, "id"
		c.Steps[0].Decision, c.Steps[0].MarkDone = plan.DecisionDone, true
		apply.Run(t.Context(), planOf(c), w.options())
		if len(w.log) != 0 || w.steps["actor.a.a.action.one"] != plan.StepDone {
			t.Errorf("operations %v, ledger %v", w.log, w.steps)
		}
	})
}

// TestRunProperties runs random graphs with random failures.
func TestRunProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "changes")
		parallelism := rapid.IntRange(0, 6).Draw(rt, "parallelism")
		w := newWorld()
		var changes []plan.Change
		depends := map[string][]string{}
		for i := range n {
			label := fmt.Sprintf("n%02d", i)
			for j := range i {
				if rapid.IntRange(0, i).Draw(rt, "edge") == 0 {
					depends[label] = append(depends[label], fmt.Sprintf("n%02d", j))
				}
			}
			if rapid.IntRange(0, 9).Draw(rt, "fails") == 0 {
				w.fail["create actor.a."+label] = errors.New("no")
			}
			changes = append(changes, creation(label, nil, depends[label]...))
		}
		var report *plan.Report
		synctest.Test(t, func(t *testing.T) {
			o := w.options()
			o.Parallelism = parallelism
			report = apply.Run(t.Context(), planOf(changes...), o)
		})
		if parallelism > 0 && w.most > parallelism {
			rt.Fatalf("%d operations at once, the limit is %d", w.most, parallelism)
		}
		checkOutcomes(rt, w, depends, outcomes(report))
	})
}

// checkOutcomes holds the report to the graph: what failed was asked to, what depends on it was skipped and never
// started, and everything else was done after what it depends on.
func checkOutcomes(rt *rapid.T, w *world, depends map[string][]string, got map[string]plan.Outcome) {
	for label, outcome := range got {
		want := plan.OutcomeDone
		if w.fail["create actor.a."+label] != nil {
			want = plan.OutcomeFailed
		}
		started := slices.Index(w.log, "create actor.a."+label)
		for _, on := range depends[label] {
			if got[on] != plan.OutcomeDone {
				want = plan.OutcomeSkipped
			}
			if started >= 0 && slices.Index(w.log, "create actor.a."+on) > started {
				rt.Fatalf("%s started before %s: %v", label, on, w.log)
			}
		}
		if outcome != want || (started >= 0) == (want == plan.OutcomeSkipped) {
			rt.Fatalf("%s ended %s, want %s; operations %v", label, outcome, want, w.log)
		}
	}
}

// While one actor is made, the ledger is told of the next, unless it is not known yet what that will be.
func TestRunForetellsWhatItWillCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		unknown := creation("d", nil)
		unknown.Desired.Input = cty.UnknownVal(cty.String)
		p := planOf(creation("a", []string{"one"}), creation("b", nil), creation("c", nil, "b"), unknown, creation("e", nil))
		o := w.options()
		o.Parallelism = 1
		stop := make(chan struct{})
		o.Stop = stop
		o.OnEvent = func(e apply.Event) {
			if ended, ok := e.(apply.ChangeEnded); ok && ended.Change.Head().Address == addr("b") {
				close(stop)
			}
		}
		report := apply.Run(t.Context(), p, o)
		if want := []address.Address{addr("b")}; !slices.Equal(w.foretold, want) {
			t.Errorf("foretold are %v, want %v", w.foretold, want)
		}
		want := []plan.Outcome{plan.OutcomeDone, plan.OutcomeDone, plan.OutcomeNotStarted, plan.OutcomeNotStarted, plan.OutcomeNotStarted}
		for i, r := range report.Changes {
			if r.Outcome != want[i] {
				t.Errorf("%s ended %s, want %s", p.Changes[i].Head().Address, r.Outcome, want[i])
			}
		}
	})
}

func BenchmarkRun(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var changes []plan.Change
			for i := range n {
				changes = append(changes, creation(fmt.Sprintf("n%06d", i), nil))
			}
			p := planOf(changes...)
			for b.Loop() {
				w := newWorld()
				apply.Run(b.Context(), p, apply.Options{Executor: instant{w}, Resolver: w, Ledger: w})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/actor")
		})
	}
}

// instant is a world in which creating and starting take no time.
type instant struct{ *world }

func (instant) Create(_ context.Context, d *plan.Desired) (apply.Created, error) {
	return apply.Created{ActorID: d.Address.Label, New: true}, nil
}

func (instant) Ready(context.Context, string, time.Duration, func(string)) error { return nil }

// What had an address before is destroyed beside what has it now: neither depends on the other, whatever others say of the address.
func TestRunTellsApartWhatHasAnAddressAndWhatHadIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		now, dependent := creation("a", nil), creation("b", nil)
		dependent.DependsOn = []address.Address{addr("a")}
		gone := func(label, key string, on ...address.Address) *plan.ActorChange {
			return &plan.ActorChange{ChangeHead: plan.ChangeHead{Address: addr(label), Action: plan.ActionDestroy, DependsOn: on}, Name: "a", Key: []string{key}, ActorID: "id-" + key}
		}
		p := planOf(gone("a", "old a", addr("b")), now, gone("b", "old b"), dependent)
		report := apply.Run(t.Context(), p, w.options())
		if report.Failed() {
			t.Fatal(outcomes(report))
		}
		order := func(operation string) int { return slices.Index(w.log, operation) }
		if order("destroy id-old b") > order("destroy id-old a") || order("create actor.a.a") > order("create actor.a.b") || order("destroy id-old a") < 0 {
			t.Errorf("operations: %v", w.log)
		}
	})
}

// TestAReplacementSaysWhatIsGone has one fail at each of its parts.
func TestAReplacementSaysWhatIsGone(t *testing.T) {
	for operation, gone := range map[string]bool{"destroy id-old": false, "create actor.a.a": true, "call actor.a.a.action.one": true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.fail[operation] = errors.New("no")
			c := creation("a", []string{"one"})
			c.Action, c.ActorID = plan.ActionReplace, "id-old"
			report := apply.Run(t.Context(), planOf(c), w.options())
			if got := report.Changes[0]; !report.Failed() || got.Destroyed != gone {
				t.Errorf("%s fails: %v, destroyed %t", operation, outcomes(report), got.Destroyed)
			}
		})
	}
}

func TestRunAnnouncesWhatItIsAboutToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		created, called, replaced := creation("a", []string{"one"}), creation("b", []string{"one", "two"}), creation("c", nil)
		called.Action, called.ActorID, called.Steps[0].Decision = plan.ActionUpdate, "id-b", plan.DecisionDone
		replaced.Action, replaced.ActorID = plan.ActionReplace, "id-c"
		idle, later := creation("d", nil), creation("e", []string{"one"})
		idle.Action, later.Key = plan.ActionNoOp, nil
		p := planOf(created, called, replaced, idle, later)
		w.fail["announce"] = errors.New("no connection")
		report := apply.Run(t.Context(), p, w.options())
		want := []plan.Intent{
			{Name: "a", Key: []string{"a"}, Address: addr("a"), Steps: []address.StepAddress{created.Steps[0].Address}, Tried: time.Now().UTC()},
			{Name: "a", Key: []string{"b"}, Address: addr("b"), ActorID: "id-b", Steps: []address.StepAddress{called.Steps[1].Address}},
			{Name: "a", Key: []string{"c"}, Address: addr("c"), Tried: time.Now().UTC()},
		}
		if diff := cmp.Diff(want, w.announced, cmp.AllowUnexported(address.InstanceKey{})); diff != "" {
			t.Errorf("announced (-want +got):\n%s", diff)
		}
		if len(w.log) > 0 || report.Changes[0].Err == nil || outcomes(report)["e"] != plan.OutcomeNotStarted {
			t.Errorf("after a failure: %v, %v", w.log, outcomes(report))
		}
	})
}

func TestARunThatIsCutOffWhileItAnnouncesHasNotFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.fail["announce"] = context.Canceled
		ctx, cut := context.WithCancel(t.Context())
		cut()
		report := apply.Run(ctx, planOf(creation("a", []string{"one"})), w.options())
		if !report.Interrupted || outcomes(report)["a"] != plan.OutcomeNotStarted || report.Changes[0].Err != nil || len(w.log) > 0 {
			t.Errorf("interrupted %t: %v, %v", report.Interrupted, outcomes(report), w.log)
		}
	})
}

// What an interrupt ends before anything was sent of it has not failed, however far its turn has come.
func TestWhatIsCutOffBeforeItIsSentHasNotStarted(t *testing.T) {
	for at, when := range map[string]time.Duration{"": 0, "create actor.a.a": 500 * time.Millisecond, "call actor.a.a.action.one": 1500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.fail[at] = fmt.Errorf("PUT /actors: %w", context.Canceled)
			ctx, cut := context.WithCancel(t.Context())
			defer cut()
			if time.AfterFunc(when, cut); at == "" {
				cut()
			}
			report := apply.Run(ctx, planOf(creation("a", []string{"one"}), creation("b", nil, "a")), w.options())
			for of, outcome := range outcomes(report) {
				if outcome != plan.OutcomeNotStarted {
					t.Errorf("%q is cut off: %s is %s", at, of, outcome)
				}
			}
			if !report.Interrupted || report.Changes[0].Err != nil || at == "" && len(w.log) > 0 {
				t.Errorf("%q is cut off: interrupted %t: %v, %v", at, report.Interrupted, report.Changes[0].Err, w.log)
			}
		})
	}
}

// TestWhatSomebodyElseIsToBeginHasNotFailed loses the ledger at each record that comes before something is begun.
func TestWhatSomebodyElseIsToBeginHasNotFailed(t *testing.T) {
	lost := fmt.Errorf("lost to ann: %w", plan.ErrOvertaken)
	for at, log := range map[string][]string{
		"announce":  nil,
		"rename":    {"rename b map[action.old:action.new]"},
		"bind":      nil,
		"started":   {"create actor.a.a"},
		"started 2": {"create actor.a.a", "call actor.a.a.action.one"},
	} {
		t.Run(at, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.fail[at], w.broken[at] = lost, lost
				c := creation("a", []string{"one", "two"})
				if at == "rename" {
					c = creation("b", []string{"one", "two"})
					c.Action, c.ActorID, c.RenamedSteps = plan.ActionUpdate, "id", map[string]string{"action.old": "action.new"}
				}
				change := apply.Run(t.Context(), planOf(c), w.options()).Changes[0]
				last := change.Steps[1]
				if change.Outcome != plan.OutcomeNotStarted || last.Outcome != plan.OutcomeNotStarted || change.Err != nil || last.Err != nil {
					t.Errorf("it is %s (%v), and its last step %s (%v)", change.Outcome, change.Err, last.Outcome, last.Err)
				}
				if diff := cmp.Diff(log, w.log); diff != "" {
					t.Errorf("done (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRunRemembersWhatStepsAreCalledNow(t *testing.T) {
	for _, broken := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			c := creation("a", []string{"next"})
			c.Action, c.ActorID, c.RenamedSteps = plan.ActionUpdate, "id", map[string]string{"action.old": "action.new"}
			want := []string{"rename a map[action.old:action.new]", "call actor.a.a.action.next"}
			if broken {
				w.fail["rename"] = errors.New("the disk is full")
				want = want[:1]
			}
			report := apply.Run(t.Context(), planOf(c), w.options())
			if diff := cmp.Diff(want, w.log); diff != "" || report.Failed() != broken {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
			c.Steps, c.Action, w.log = nil, plan.ActionNoOp, nil
			if apply.Run(t.Context(), planOf(c), w.options()); len(w.log) != 1 {
				t.Errorf("of an actor that stays: %v", w.log)
			}
		})
	}
}

// stopping is a world in which the run is stopped while something is looked at or waited for.
type stopping struct {
	*world
	stop chan struct{}
}

func (s stopping) Look(ctx context.Context, a address.Address) (hcl2.Diagnostics, error) {
	close(s.stop)
	return s.world.Look(ctx, a)
}

func (s stopping) Ready(ctx context.Context, id string, limit time.Duration, waits func(string)) error {
	close(s.stop)
	return s.world.Ready(ctx, id, limit, waits)
}

func TestNothingIsSentForAStepWhereTheRunIsStoppedBeforeThat(t *testing.T) {
	for name, planned := range map[string]func(*world) *plan.Plan{
		"a call": func(w *world) *plan.Plan {
			c := creation("a", []string{"one"})
			c.Action, c.ActorID, c.Steps[0].Conditional = plan.ActionUpdate, "id", true
			w.resolve[c.Steps[0].Address.String()] = c.Steps[0].Desired.Spec
			return planOf(c)
		},
		"an ensure": func(w *world) *plan.Plan { return w.factual(address.StepEnsure, true, false, false) },
		"the first call of an actor that starts late": func(w *world) *plan.Plan {
			w.late["id-actor.a.a"] = true
			return planOf(creation("a", []string{"one"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := stopping{newWorld(), make(chan struct{})}
				report := apply.Run(t.Context(), planned(w.world), apply.Options{Executor: w, Resolver: w, Ledger: w, Stop: w.stop})
				sent := slices.ContainsFunc(w.log, func(operation string) bool { return strings.HasPrefix(operation, "call") })
				if got := report.Changes[0].Steps[0].Outcome; got != plan.OutcomeNotStarted || sent {
					t.Errorf("%s, operations %v", got, w.log)
				}
				for step, status := range w.steps {
					if status == plan.StepStarted {
						t.Errorf("%s is in doubt", step)
					}
				}
			})
		})
	}
}

// After a stop nothing more is started, whether it depends on anything or not.
func TestNothingMoreIsStartedAfterAStop(t *testing.T) {
	for _, by := range []string{"a stop", "a ledger that is lost", "the end of the context"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stop := make(chan struct{})
			o := w.options()
			o.Parallelism = 1
			if o.Stop = stop; by != "a stop" {
				o.Stop, o.Lost = nil, stop
			}
			time.AfterFunc(500*time.Millisecond, func() {
				if by == "the end of the context" {
					cancel()
				} else {
					close(stop)
				}
			})
			report := apply.Run(ctx, planOf(creation("a", nil), creation("b", nil)), o)
			if got := outcomes(report)["b"]; got != plan.OutcomeNotStarted || slices.Contains(w.log, "create actor.a.b") {
				t.Errorf("after %s, the other one is %s, operations %v", by, got, w.log)
			}
		})
	}
}
