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

// TestWhatTwoProjectsDeclareIsTheLastOnes has each be told that the other one has the actor, until it applies.
func TestWhatTwoProjectsDeclareIsTheLastOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ofProject("shop", "both"))
	w.applied()
	w.write(ofProject("bank", "both"))
	p := w.decides(map[string]string{"counter.both": "adopt"})
	if reason := changeOf(p.Document, 0).Reason; reason != `it is the project "shop"'s until now` {
		t.Errorf("the reason is %q", reason)
	}
	_, diags := w.plan()
	w.warns(diags, `The project "shop" has 1 of the actors that are declared here, such as actor.counter.both. The apply makes them the project "bank"'s`)
	w.plans.Orders.Replace = patterns("actor.counter.both")
	_, diags = w.apply()
	w.fails(diags, `The project "shop" has actor.counter.both`)
	w.plans.Orders, w.plans.Mode = plan.Orders{IncludeAdopted: true}, plan.ModeDestroy
	p = w.decides(map[string]string{"counter.both": "no-op"})
	if reason := changeOf(p.Document, 0).Reason; !strings.Contains(reason, `the project "shop"'s`) {
		t.Errorf("the reason is %q", reason)
	}
	w.plans.Mode = plan.ModeApply
	w.applied()
	w.unwarned()
	w.write(ofProject("shop", "both"))
	w.plans.Mode = plan.ModeDestroy
	w.decides(map[string]string{"counter.both": "no-op"})
	w.plans.Mode = plan.ModeApply
	w.applied()
	w.unwarned()
	w.plans.Mode = plan.ModeDestroy
	w.applied()
	w.equal(w.keys("counter"), []string(nil))
}

// unwarned checks that the next plan has nothing to say of projects.
func (w *world) unwarned() {
	w.Helper()
	if _, diags := w.plan(); strings.Contains(told(diags), "of another project") {
		w.Errorf("another project has it\n%s", told(diags))
	}
}

// An actor whose block goes from one project to another, and the actors of a project that gets another name, are the new one's: their calls are not
// made again, the old one neither forgets nor destroys them, and the new one does.
func TestWhatMovesToAnotherProjectIsItsOwn(t *testing.T) {
	t.Parallel()
	with := func(project, block string) string { return "riveter { project = \"" + project + "\" }\n" + block }
	const actor = `actor "counter" "t" {
		key = "t"
		action "increment" { args = [1] }
	}`
	w := newWorld(t, with("two", actor))
	w.applied()
	w.write(with("one", strings.Replace(actor, `"t" {`, `"mine" {`, 1)))
	w.applied()
	w.settled()
	w.write(with("two", ""))
	w.plans.Orders.Prune = true
	w.decides(map[string]string{})
	w.applied()
	w.write(with("two", `removed { 
		from    = "counter"
		key     = ["t"]
		destroy = true
	}`))
	_, diags := w.plan()
	w.warns(diags, `The project "one" has counter ["t"], which this block is about, and which stays as it is.`)
	w.applied()
	w.write(with("one", actor))
	w.decides(map[string]string{"counter.t": "no-op", "counter.t.action.increment": "done"})
	w.write(with("one", ""))
	w.decides(map[string]string{"counter.mine": "destroy"})
	w.applied()
	w.equal(w.keys("counter"), []string(nil))
}

func TestARenamedProjectTakesOverWhatItDeclares(t *testing.T) {
	t.Parallel()
	of := func(project, keys string) string {
		return "riveter { project = \"" + project + "\" }\nactor \"counter\" \"c\" {\n for_each = toset([" + keys + "])\n key = each.key\n}"
	}
	w := newWorld(t, of("alpha", `"0", "1", "2", "3"`))
	w.applied()
	w.write(of("gamma", `"0", "1", "2"`))
	_, diags := w.plan()
	w.warns(diags, `The project "alpha" has 3 of the actors that are declared here, such as actor.counter.c["0"]. `+
		`The apply makes them the project "gamma"'s, and that one leaves them alone then. If they are to stay that one's, declare them there only: `+
		`a data block looks at them. It has 1 more, which are not declared here, and stay as they are.`)
	w.applied()
	w.unwarned()
	w.write(of("gamma", `"0", "1", "2", "3"`))
	w.applied()
	w.write(of("gamma", `"0"`))
	w.plans.Orders.Prune = true
	w.applied()
	w.equal(w.keys("counter"), []string{"0"})
}

// A configuration without a name takes nothing over, and neither does one with a prefix before its keys: it says so.
func TestWhoHasNoNameTakesNothingOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ofProject("shop", "a"))
	w.applied()
	for name, whose := range map[string]struct {
		project string
		prefix  []string
	}{"no name": {"", nil}, "a prefix": {"bank", []string{"a"}}} {
		w.keyPrefix = whose.prefix
		w.write(strings.Replace(ofProject(whose.project, "a"), `key = "a"`, "key = "+map[bool]string{true: `"a"`, false: "[]"}[whose.prefix == nil], 1))
		for range 2 {
			_, diags := w.plan()
			w.Log(name)
			w.warns(diags, `The project "shop" has 1 of the actors that are declared here, such as actor.counter.a. They stay that one's`)
			w.applied()
		}
	}
	w.keyPrefix = nil
	w.write(ofProject("shop", "a"))
	w.unwarned()
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
