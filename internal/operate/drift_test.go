package operate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"riveter/plan/address"
)

// lived is what is looked at for a month: facts, calls of every policy, a check, and an actor that somebody else has made.
const lived = `
actor "probe" "watched" {
  for_each = toset(["a", "b", "c"])
  key      = each.key
  read "report" { action = "report" }
  action "once" {
    call = "call"
    args = ["once"]
  }
  action "always" {
    call = "call"
    args = ["always"]
    run  = "always"
  }
  ensure "weight" {
    value = try(read.report.facts.weight, 0)
    want  = 3
    call  = "establish"
    args  = ["weight", 3]
  }
  lifecycle {
    postcondition {
      condition     = try(read.report.facts.weight, 0) < 100
      error_message = "too heavy"
    }
  }
}
actor "probe" "adopted" {
  key = "adopted"
  action "never" {
    call = "call"
    args = ["never"]
  }
  expect "open" {
    condition = try(self.state.open, true)
    timeout   = "1ms"
  }
}
check "members" {
  assert {
    condition     = try(actor.probe.watched["a"].read.report.facts.weight, 3) < 50
    error_message = "a is too heavy for its check"
  }
}
`

// A month of scheduled verifies: nothing is told that is no drift, and each drift is told for what it is.
func TestAMonthOfVerifies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, lived)
	w.rivet.Create("probe", []string{"adopted"}, map[string]any{"open": true})
	w.plans.Orders.OnUnknown = "skip"
	w.applied()
	random := rand.New(rand.NewPCG(16, 16)) //nolint:gosec // a month that can be told again
	calm := []func(){
		func() {},
		func() { w.rivet.Sleep(w.id("probe", "a")) },
		func() { w.rivet.StopRegistry(); w.rivet.StartRegistry() },
		func() { w.applied() }, // makes what is made always
		func() { w.rivet.Create("probe", []string{fmt.Sprint(random.Int())}, nil) },
	}
	// What is broken, how it is put right, and what is told.
	drifts := map[string]struct {
		plant func()
		told  []string
	}{
		"a fact":    {func() { w.rivet.Tamper(w.id("probe", "b"), "facts", map[string]any{"weight": 4.0}) }, []string{`actor.probe.watched["b"].ensure.weight`}},
		"an actor":  {func() { w.rivet.Destroy(w.id("probe", "c")) }, []string{`actor.probe.watched["c"]`}},
		"a check":   {func() { w.rivet.Tamper(w.id("probe", "a"), "facts", map[string]any{"weight": 60.0}) }, []string{`actor.probe.watched["a"].ensure.weight`, "check.members"}},
		"postcond.": {func() { w.rivet.Tamper(w.id("probe", "b"), "facts", map[string]any{"weight": 200.0}) }, []string{`actor.probe.watched["b"]`, `actor.probe.watched["b"].ensure.weight`}},
	}
	for day := range 30 {
		calm[random.IntN(len(calm))]()
		w.drifts(day)
		if names := slices.Sorted(maps.Keys(drifts)); day%3 == 0 {
			drift := drifts[names[day/3%len(names)]]
			drift.plant()
			w.drifts(day, drift.told...)
			w.applied()
			w.drifts(day)
		}
	}
}

// drifts verifies, and checks that exactly this is told not to be as it is declared.
func (w *world) drifts(day int, want ...string) {
	w.Helper()
	before := len(w.rivet.Requests())
	v, diags := w.verify()
	if v == nil {
		w.Fatal(told(diags))
	}
	var got []string
	for c := range v.Document.Changes.All() {
		if c.Drift {
			got = append(got, c.Address)
		}
		for _, s := range c.Steps {
			if s.Drift {
				got = append(got, s.Address)
			}
		}
	}
	for _, c := range v.Document.Checks {
		if c.Status == "fail" {
			got = append(got, c.Address)
		}
	}
	if !slices.Equal(got, want) || v.Drifted != (len(want) > 0) || v.Unclear {
		w.Errorf("day %d: drift %v, want %v; drifted %t, unclear %t\n%s", day, got, want, v.Drifted, v.Unclear, told(diags))
	}
	if len(diags.Errs()) != len(want) {
		w.Errorf("day %d: %d things are told, not %d:\n%s", day, len(diags.Errs()), len(want), told(diags))
	}
	for _, r := range w.rivet.Requests()[before:] {
		if !slices.Contains([]string{"read", "observe", "look up namespace"}, r.Verb) {
			w.Errorf("day %d: verify sent %+v", day, r)
		}
	}
}

func TestWhatIsIgnoredIsNotLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, lived)
	w.rivet.Create("probe", []string{"adopted"}, map[string]any{"open": true})
	w.plans.Orders.OnUnknown = "skip"
	w.applied()
	w.rivet.Tamper(w.id("probe", "a"), "facts", map[string]any{"weight": 200.0})
	w.rivet.Destroy(w.id("probe", "c"))
	for _, tt := range []struct{ ignore, want []string }{
		{nil, []string{`actor.probe.watched["a"]`, `actor.probe.watched["a"].ensure.weight`, `actor.probe.watched["c"]`, "check.members"}},
		{[]string{`actor.probe.watched["c"]`, "check.members"}, []string{`actor.probe.watched["a"]`, `actor.probe.watched["a"].ensure.weight`}},
		{[]string{"ensure.weight", `actor.probe.watched["c"]`}, []string{`actor.probe.watched["a"]`, "check.members"}},
		{[]string{"actor.probe.*"}, []string{"check.members"}},
		{[]string{"*"}, nil},
	} {
		w.plans.Orders.Ignore = w.facts(tt.ignore)
		w.drifts(0, tt.want...)
	}
}

func TestWhatCannotBeLookedAtIsNoDrift(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
data "probe" "missing" { key = "missing" }
actor "probe" "p" {
  key    = "p"
  expect "open" { condition = data.probe.missing.exists }
}
`)
	w.rivet.Create("probe", []string{"p"}, nil)
	v, diags := w.verify()
	w.fails(diags, "does not exist")
	if v != nil && (!v.Unclear || v.Drifted) {
		t.Errorf("%+v", v)
	}
}

// facts reads the patterns of -ignore.
func (w *world) facts(texts []string) (all []address.Pattern) {
	w.Helper()
	for _, text := range texts {
		p, err := address.ParseFactPattern(text)
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}
