package operate_test

import (
	"strings"
	"testing"

	"riveter/plan"
)

// TestHowManyThereAreIsNotMadeOfWhatChanges has what an actor says decide how often everything is repeated that can be. Where the run changes that,
// it is an error, and the actor is to be applied first.
func TestHowManyThereAreIsNotMadeOfWhatChanges(t *testing.T) {
	t.Parallel()
	const counter = `
variable "by" { default = 2 }
variable "other" { default = 1 }
actor "counter" "a" {
  key   = "a"
  read "get" {}
  action "increment" {
    args = [tonumber(var.by)]
    run  = "on_change"
  }
ALWAYS
}
actor "counter" "other" {
  key = "other"
  read "get" {}
ALWAYS
  action "increment" {
    args = [tonumber(var.other)]
    run  = "on_change"
  }
}
`
	const data = "data \"counter\" \"d\" {\n  key        = \"a\"\n  depends_on = [actor.counter.a]\n  read \"get\" {}\n}\n"
	const always = "action \"get\" { run = \"always\" }"
	probes := func(repeated string) string {
		return "actor \"probe\" \"p\" {\n" + repeated + "\nkey = [\"p\", \"${SELF}\"]\n}\n"
	}
	for name, c := range map[string]struct{ source, fails string }{
		"count":      {strings.ReplaceAll(probes("count = actor.counter.a.read.get"), "SELF", "count.index"), "Invalid count argument"},
		"for_each":   {strings.ReplaceAll(probes("for_each = toset([for i in range(actor.counter.a.read.get) : \"k${i}\"])"), "SELF", "each.key"), "Invalid for_each argument"},
		"enabled":    {strings.ReplaceAll(probes("enabled = actor.counter.a.read.get > 1"), "SELF", "1"), "Value not known while planning"},
		"live state": {data + strings.ReplaceAll(probes("count = data.counter.d.state.count"), "SELF", "count.index"), "Invalid count argument"},
		"a local":    {"locals { n = actor.counter.a.read.get }\n" + strings.ReplaceAll(probes("count = local.n"), "SELF", "count.index"), "Invalid count argument"},
		"data":       {data + strings.ReplaceAll(probes("count = data.counter.d.read.get"), "SELF", "count.index"), "Invalid count argument"},
		"of another one, too": {
			strings.ReplaceAll(probes("count = actor.counter.a.read.get + min(0, actor.counter.other.read.get)"), "SELF", "count.index"), "Invalid count argument",
		},
		"dynamic blocks": {
			"actor \"probe\" \"p\" {\n  key = \"p\"\n  dynamic \"action\" {\n    for_each = range(actor.counter.a.read.get)\n    labels   = [\"call${action.key}\"]\n" +
				"    content {\n      call = \"call\"\n      args = [\"made\"]\n    }\n  }\n}\n", "Invalid for_each argument",
		},
		"of a data block": {
			"data \"counter\" \"d\" {\n  count = actor.counter.a.read.get\n  key = \"a\"\n}\noutput \"ids\" { value = data.counter.d[*].id }\n", "Invalid count argument",
		},
		"of a module": {"module \"m\" {\n  source = \"./m\"\n  count  = actor.counter.a.read.get\n  name   = count.index\n}\n", "Invalid count argument"},
		"in a module": {"module \"n\" {\n  source = \"./n\"\n  n      = actor.counter.a.read.get\n}\n", "Invalid count argument"},
	} {
		for _, always := range []string{"", always} {
			t.Run(strings.TrimSpace(name+" "+always), func(t *testing.T) {
				t.Parallel()
				source := strings.ReplaceAll(counter, "ALWAYS", always)
				w := newWorld(t, source)
				w.writeModule("m", "variable \"name\" {}\nactor \"probe\" \"p\" { key = [\"m\", var.name] }\n")
				w.writeModule("n", "variable \"n\" {}\nactor \"probe\" \"p\" {\n  count = var.n\n  key = [\"n\", count.index]\n}\n")
				w.applied()
				w.write(source + c.source)
				w.applied()
				w.settled()

				if name != "of another one, too" {
					w.variables = given("other=2")
					w.applied()
					w.settled()
				}
				w.variables = append(w.variables, given("by=1")...)
				_, diags := w.plan()
				w.fails(diags, c.fails)
				w.fails(diags, "Apply with -target='actor.counter.a' ")
				w.plans.Orders.Target = patterns("actor.counter.a")
				w.selection = w.plans.Orders
				w.applied()
				w.plans.Orders, w.selection = plan.Orders{}, nil
				w.applied()
				w.settled()
			})
		}
	}
}

// TestHowManyThereAreMayDependOnWhoIsThere has what may be made in the run decide how many there are: that is so as it is before, and is said.
func TestHowManyThereAreMayDependOnWhoIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, coordinator+`
data "probe" "made" {
  key        = "made"
  optional   = true
  depends_on = [actor.probe.coordinator]
}
actor "probe" "user" {
  count = data.probe.made.exists ? 1 : 0
  key   = "user"
}
`)
	_, diags := w.plan()
	w.fine(diags)
	w.warns(diags, "actor.probe.user")
	w.applied()
	_, diags = w.plan()
	w.warns(diags)
	w.applied()
	w.settled()
	w.equal(w.keys("probe"), []string{"coordinator", "made", "user"})
}
