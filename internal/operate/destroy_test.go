package operate_test

import (
	"strings"
	"testing"
	"time"

	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
)

// TestDestroyTakesWhatWasDeclaredLast has a key that is read go to another actor and back again, while -prune leaves both to a plan that knows it.
func TestDestroyTakesWhatWasDeclaredLast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by   []string // what is added in each further apply
		lost bool     // in the last of them nobody hears of the actor that is made
		left []string
	}{
		"forth":             {by: []string{"by=2"}, left: []string{"1"}},
		"back":              {by: []string{"by=2", "by=-2"}, left: []string{"3"}},
		"back and forth":    {by: []string{"by=2", "by=-2", "by=2"}, left: []string{"1"}},
		"to one unheard of": {by: []string{"by=2", "by=3"}, lost: true, left: []string{"1", "3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `
variable "by" { default = 1 }
actor "counter" "a" {
  key = "a"
  read "get" {}
  action "increment" {
    args = [tonumber(var.by)]
    run  = "on_change"
  }
}
actor "probe" "b" { key = tostring(actor.counter.a.read.get) }
`)
			w.plans.Orders.Prune = true
			w.applied()
			for i, by := range c.by {
				time.Sleep(time.Millisecond) // by which the ledger tells one apply from another
				w.variables = given(by)
				if c.lost && i == len(c.by)-1 {
					w.breaks("create", operatetest.LostAfter)
				}
				if _, diags := w.apply(); !c.lost {
					w.fine(diags)
				}
			}
			w.rivet.OnRequest = nil
			w.plans = operate.PlanOptions{Mode: plan.ModeDestroy}
			_, diags := w.apply()
			w.fine(diags)
			w.warns(diags, "Actors stay")
			w.equal(w.keys("probe"), c.left)
		})
	}
}

// TestDestroySaysWhatItCannotTell has an actor whose key is read be called otherwise since the last apply.
func TestDestroySaysWhatItCannotTell(t *testing.T) {
	t.Parallel()
	const source = "actor \"counter\" \"a\" {\n  key = \"a\"\n  read \"get\" {}\n}\nactor \"probe\" \"NAME\" { key = tostring(actor.counter.a.read.get) }\n"
	w := newWorld(t, strings.Replace(source, "NAME", "b", 1))
	w.applied()
	w.write(strings.Replace(source, "NAME", "c", 1))
	w.plans.Mode = plan.ModeDestroy
	p, diags := w.plan()
	w.fine(diags)
	w.warns(diags, "may be declared with a key that is known after apply, and is left as it is: actor.probe.b (probe [\"0\"]).")
	w.equal(decided(p.Document), map[string]string{"counter.a": "destroy"})
}

// TestDestroyTakesWhatTheLedgerKnowsOfWhatIsRepeated has everything that may say how often something is repeated be made of a read. Nothing is
// read any more when it is destroyed, and what was read may be gone.
func TestDestroyTakesWhatTheLedgerKnowsOfWhatIsRepeated(t *testing.T) {
	t.Parallel()
	const source = `
actor "counter" "a" {
  key   = "a"
  input = { start = 2 }
  read "get" {}
}
`
	const names = "[for i in range(actor.counter.a.read.get) : \"k${i}\"]"
	probe := func(repeated, key string) string {
		return "actor \"probe\" \"b\" {\n" + repeated + "\nkey = " + key + "\n}\n"
	}
	for name, c := range map[string]struct {
		source string
		made   []string
		then   string // what is declared when it is destroyed; empty for the same
		left   []string
	}{
		"a set":     {source: probe("for_each = toset("+names+")", "each.key"), made: []string{"k0", "k1"}},
		"its value": {source: probe("for_each = { for n in "+names+" : n => \"v${n}\" }", "each.value"), made: []string{"vk0", "vk1"}},
		"a local":   {source: "locals { names = toset(" + names + ") }\n" + probe("for_each = local.names", "each.key"), made: []string{"k0", "k1"}},
		"count":     {source: probe("count = actor.counter.a.read.get", "[\"k\", count.index]"), made: []string{"k/0", "k/1"}},
		"enabled":   {source: probe("enabled = actor.counter.a.read.get == 2", `"k"`), made: []string{"k"}},
		"enabled, and repeated": {
			source: probe("for_each = { k0 = \"v\" }\nenabled = actor.counter.a.read.get == 2", "[each.key, each.value]"), made: []string{"k0/v"},
		},
		"none": {source: probe("count = actor.counter.a.read.get - 2", "[\"k\", count.index]")},
		"what refers to it": {
			source: probe("for_each = toset("+names+")", "each.key") + "actor \"probe\" \"c\" {\nfor_each = actor.probe.b\nkey = [each.key, each.value.id]\n}\n",
			made:   []string{"k0", "k0/ID0", "k1", "k1/ID1"},
		},
		"what data says": {
			source: "data \"counter\" \"d\" {\nfor_each = toset([\"a\"])\nkey = each.key\nread \"get\" {}\n}\n" + probe(`count = data.counter.d["a"].read.get`, `["k", count.index]`),
			made:   []string{"k/0", "k/1"},
		},
		"data for each of it": {
			source: "data \"counter\" \"d\" {\nfor_each = toset([for n in " + names + " : trimprefix(\"a${n}\", n) if n == \"k0\"])\nkey = \"a\"\nread \"get\" {}\n}\n" +
				probe("for_each = data.counter.d", "[each.key, each.value.read.get]"), made: []string{"ak0/2"},
		},
		"modules": {
			source: "module \"m\" {\nsource = \"./m\"\nfor_each = toset(" + names + ")\nname = each.key\n}\n" +
				"module \"n\" {\nsource = \"./n\"\ncount = actor.counter.a.read.get - 1\nnames = " + names + "\n}\n",
			made: []string{"k0", "k1", "n/k0", "n/k1"},
		},
		"fewer than were made": {
			source: probe("for_each = toset([\"k0\", \"k1\"])", "each.key"), made: []string{"k0", "k1"},
			then: probe("for_each = toset([\"k0\"])\nenabled = actor.counter.a.read.get == 2", "each.key"), left: []string{"k1"},
		},
		"in another way": {
			source: probe("count = 2", "[\"k\", count.index]"), made: []string{"k/0", "k/1"},
			then: probe("for_each = toset("+names+")", "each.key"), left: []string{"k/0", "k/1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, source)
			w.writeModule("m", "variable \"name\" {}\n"+probe("", "var.name"))
			w.writeModule("n", "variable \"names\" {}\nmodule \"m\" {\nsource = \"../m\"\nfor_each = toset(var.names)\nname = [\"n\", each.key]\n}\n")
			w.applied()
			w.write(source + c.source)
			w.applied()
			w.settled()
			for i, key := range c.made {
				c.made[i] = strings.NewReplacer("ID0", w.id("probe", "k0"), "ID1", w.id("probe", "k1")).Replace(key)
			}
			w.equal(w.keys("probe"), c.made)
			w.plans.Mode = plan.ModeDestroy
			if c.then != "" {
				w.write(source + c.then)
			}
			w.rivet.Destroy(w.id("counter", "a"))
			w.applied()
			w.equal(append(w.keys("probe"), w.keys("counter")...), c.left)
			w.applied()
		})
	}
}
