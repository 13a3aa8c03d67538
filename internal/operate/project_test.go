package operate_test

import (
	"strings"
	"testing"

	"riveter/plan"
)

// of returns the configuration of a project, which may have no name, with one actor.
func ofProject(name, actor string) string {
	source := "actor \"counter\" \"" + actor + "\" { key = \"" + actor + "\" }\n"
	if name != "" {
		source += "riveter { project = \"" + name + "\" }\n"
	}
	return source
}

// TestAProjectKeepsItsHandsOffAnothers has who forgets and prunes what whose project has made, in one ledger.
func TestAProjectKeepsItsHandsOffAnothers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first, second string
		leaves        bool
	}{
		"the same":            {"shop", "shop", true},
		"another":             {"shop", "bank", false},
		"none after a name":   {"shop", "", false},
		"a name after none":   {"", "shop", true},
		"none, and then none": {"", "", true},
	} {
		for _, prune := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, ofProject(tt.first, "first"))
				w.applied()
				w.write(ofProject(tt.second, "second"))
				w.plans.Orders.Prune = prune
				want := map[string]string{"counter.second": "create"}
				keys := []string{"first", "second"}
				if tt.leaves {
					want["counter.first"] = "forget"
				}
				if tt.leaves && prune {
					want["counter.first"], keys = "destroy", []string{"second"}
				}
				w.decides(want)
				w.applied()
				w.equal(w.keys("counter"), keys)
				w.settled()
			})
		}
	}
}

func TestWhatTwoProjectsDeclareIsTheFirstOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ofProject("shop", "both"))
	w.applied()
	w.write(ofProject("bank", "both"))
	w.settled()
	w.applied()
	w.plans.Orders.Replace = patterns("actor.counter.both")
	_, diags := w.apply()
	w.fails(diags, `which is the project "shop"'s`)
	w.plans.Orders, w.plans.Mode = plan.Orders{IncludeAdopted: true}, plan.ModeDestroy
	p := w.decides(map[string]string{"counter.both": "no-op"})
	if reason := changeOf(p.Document, 0).Reason; !strings.Contains(reason, `the project "shop"'s`) {
		t.Errorf("the reason is %q", reason)
	}
	w.write(ofProject("shop", "both"))
	w.applied()
	w.equal(w.keys("counter"), []string(nil))
}

func TestALedgerOfAnotherConfigurationIsAskedAbout(t *testing.T) {
	t.Parallel()
	three := func(project string) string {
		return ofProject(project, "a") + ofProject("", "b") + ofProject("", "c")
	}
	for name, tt := range map[string]struct {
		before, after string
		warned        bool
	}{
		"most are gone":                  {three(""), ofProject("", "c"), true},
		"few are gone":                   {three(""), ofProject("", "b") + ofProject("", "c"), false},
		"one of one is gone":             {ofProject("", "a"), "", false},
		"most are said to be removed":    {three(""), ofProject("", "c") + "removed { from = actor.counter.a }\nremoved { from = actor.counter.b }\n", false},
		"most of a project are gone":     {three("shop"), ofProject("shop", "c"), false},
		"most are gone, now with a name": {three(""), ofProject("shop", "c"), true},
		"another project's, all of it":   {three("shop"), ofProject("", "z"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.before)
			w.applied()
			w.write(tt.after)
			_, diags := w.plan()
			w.fine(diags)
			w.plans.Orders.OwnLedger = true
			if _, diags := w.plan(); strings.Contains(told(diags), "Is this the right ledger?") {
				t.Errorf("its own ledger is asked about\n%s", told(diags))
			}
			if warned := strings.Contains(told(diags), "Is this the right ledger?"); warned != tt.warned {
				t.Errorf("warned: %t\n%s", warned, told(diags))
			}
		})
	}
}
