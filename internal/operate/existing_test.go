package operate_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/internal/operate"
	"riveter/plan"
)

// lame makes a counter, whose call gives 1, and a probe with something that is wrong once that is known.
func lame(wrong string) string {
	return `variable "ok" { default = true }
locals { count = actor.counter.counted.step.increment.output }
` + counted + `actor "probe" "lame" {
	key = "lame"` + wrong
}

// wrongLater are mistakes that show once a value is known to be 1, or var.ok to be false. None of them has to do with which actors there are.
var wrongLater = map[string]string{
	"precondition": `
	lifecycle {
		precondition {
			condition     = var.ok && local.count == 2
			error_message = "It must have been counted."
		}
	}
}`,
	"precondition of an output": `
}
output "o" {
	value = 1
	precondition {
		condition     = var.ok && local.count == 2
		error_message = "It must have been counted."
	}
}`,
	"arguments": `
	action "call" { args = [1 / (local.count - 1)] }
}`,
	"how often": `
	action "call" { for_each = [["a"]][local.count] }
}`,
	"input": `
	input = [1][local.count]
}`,
	"parameters": `
	params = { a = [1][local.count] }
}`,
	"triggers": `
	lifecycle { replace_triggered_by = [[1][local.count]] }
}`,
	"postcondition": `
	lifecycle {
		postcondition {
			condition     = [true][local.count]
			error_message = "No."
		}
	}
}`,
	"output": `
}
output "o" { value = [1][local.count] }`,
	"check": `
}
check "c" {
	assert {
		condition     = [true][local.count]
		error_message = "No."
	}
}`,
	"local value": `
	input = local.bad
}
locals { bad = [1][local.count] }`,
	"what a module is given": `
}
module "m" {
	source = "./m"
	n      = [1][local.count]
}`,
	"what a module wants": `
}
module "m" {
	source = "./m"
	n      = local.count
}`,
	"what a read is asked": `
	read "report" { args = [[1][local.count]] }
}
output "report" { value = actor.probe.lame.read.report }`,
	"no actor to look for": `
	input = data.counter.none.id
}
data "counter" "none" { key = "none" }`,
}

// TestWhatExistsCanBeDestroyed has mistakes that forbid an apply, and no destruction.
func TestWhatExistsCanBeDestroyed(t *testing.T) {
	t.Parallel()
	for name, wrong := range wrongLater {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, lame("\n}"))
			w.applied()
			w.writeModule("m", `variable "n" {
	validation {
		condition     = var.n > 1
		error_message = "It is too small."
	}
}`)
			w.write(lame(wrong))
			w.variables = given("ok=false")
			if _, diags := w.plan(); !diags.HasErrors() {
				t.Fatal("nothing is wrong with it")
			}

			w.existing = true
			if diags := w.find("actor.probe.lame"); name == "parameters" {
				w.fails(diags, "Invalid index")
			} else {
				w.fine(diags)
			}

			w.plans.Mode = plan.ModeDestroy
			w.applied()
			w.equal(len(w.keys("counter"))+len(w.keys("probe")), 0)
		})
	}
}

// TestWhatHasNoInstancesForbidsNoDestruction has what an apply takes, be it right or wrong once there is an instance.
func TestWhatHasNoInstancesForbidsNoDestruction(t *testing.T) {
	t.Parallel()
	module := `variable "n" {
	type = object({ name = string })
	validation {
		condition     = length(var.n.name) > 1
		error_message = "It is too short."
	}
}
locals { key = ["none", var.n.name] }
actor "counter" "none" {
	key = local.key
	action "increment" { only_if = self.created }
}
data "counter" "other" { key = local.key }
output "id" { value = [actor.counter.none.id, data.counter.other.id] }`
	for _, repetition := range []string{"for_each = {}", "count = 0", "enabled = false", "for_each = var.ok ? {} : { a = 1 }"} {
		t.Run(repetition, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, lame("\n}\nmodule \"none\" {\n\tsource = \"./m\"\n\tn = { name = local.count }\n\t"+repetition+"\n}\noutput \"ids\" { value = module.none }"))
			w.writeModule("m", module)
			w.applied()
			w.settled()
			w.existing = true
			w.fine(w.find("actor.probe.lame"))
			w.plans.Mode = plan.ModeDestroy
			w.applied()
			w.equal(len(w.keys("counter"))+len(w.keys("probe")), 0)
		})
	}
}

// TestWhatComesBeforeADestructionMustBeRight has mistakes in what a destruction needs.
func TestWhatComesBeforeADestructionMustBeRight(t *testing.T) {
	t.Parallel()
	for want, wrong := range map[string]string{
		"Invalid index": `
	action "call" {
		args = [[1][local.count]]
		run  = "on_destroy"
	}
}`,
		"Unknown value": `
	action "call" { run = "on_destroyed" }
}`,
		"Invalid for_each": `
	action "call" {
		for_each = 1 - local.count
		run      = "on_destroy"
	}
}`,
		"Invalid index: The given key does not identify an element": `
	action "call" {
		args = [local.bad, local.worse]
		run  = "on_destroy"
	}
}
locals {
	bad   = [1][local.count]
	worse = local.bad
}`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, lame("\n}"))
			w.applied()
			w.write(lame(wrong))
			w.plans.Mode = plan.ModeDestroy
			_, diags := w.apply()
			w.fails(diags, want)
			w.equal(w.keys("probe"), []string{"lame"})
		})
	}
}

// TestWhatAKeyDoesNotNeedIsNotAskedFor has a key be made of an output of a module that has another one, with a mistake.
func TestWhatAKeyDoesNotNeedIsNotAskedFor(t *testing.T) {
	t.Parallel()
	for bad, inAnActor := range map[string]bool{
		"output \"bad\" { value = [1][var.n] }":                                                              false,
		"output \"bad\" {\n value = 1\n" + condition("precondition", "[true][var.n]") + "}":                  false,
		"locals { l = [1][var.n] }\noutput \"bad\" { value = local.l }":                                      false,
		"data \"counter\" \"x\" { key = [1][var.n] }\noutput \"bad\" { value = data.counter.x.id }":          false,
		"module \"i\" {\n source = \"../i\"\n v = [1][var.n]\n}\noutput \"bad\" { value = module.i.v }":      false,
		"module \"i\" {\n source = \"../i\"\n v = 1\n count = [1][var.n]\n}\noutput \"bad\" { value = [1] }": false,
		"actor \"counter\" \"x\" { key = [1][var.n] }\noutput \"bad\" { value = actor.counter.x.id }":        true,
		"actor \"counter\" \"x\" {\n key = 1\n count = [1][var.n]\n}\noutput \"bad\" { value = 1 }":          true,
	} {
		for _, use := range []string{
			"key = module.m.key", "key = module.m[*].key", "for_each = toset([module.m.key])\n key = each.key",
			"key = local.m.key\n}\nlocals {\n m = module.m", "key = module.w.key\n}\nmodule \"w\" {\n source = \"./w\"\n m = module.m",
		} {
			with := func(n string) string {
				return "locals { count = actor.counter.counted.step.increment.output }\n" + counted + "module \"m\" {\n source = \"./m\"\n n = " + n + "\n}\nactor \"probe\" \"lame\" {\n" + use + "\n}\n"
			}
			w := newWorld(t, with("0"))
			w.writeModule("i", "variable \"v\" {}\noutput \"v\" { value = var.v }")
			w.writeModule("w", "variable \"m\" {}\noutput \"key\" { value = var.m.key }")
			w.writeModule("m", "variable \"n\" {}\noutput \"key\" { value = \"lame\" }\n"+bad)
			w.rivet.Create("counter", []string{"1"}, nil)
			w.applied()
			w.write(with("local.count"))
			if _, diags := w.plan(); !diags.HasErrors() {
				t.Fatalf("nothing is wrong with %s", bad)
			}
			address := "actor.probe.lame"
			if strings.HasPrefix(use, "for_each") {
				address += `["lame"]`
			}
			w.existing, w.selection = true, plan.Orders{Target: patterns(address)}
			w.fine(w.find(address))

			w.plans.Mode, w.selection = plan.ModeDestroy, nil
			_, diags := w.apply()
			if inAnActor { // of which nobody knows who it is
				w.fails(diags, "Invalid index")
				continue
			}
			w.fine(diags)
			w.equal(w.keys("probe"), []string(nil))
		}
	}
}

// TestAMistakeIsSaidWhereItIs has mistakes in what the key of an actor or its connection parameters are made of.
func TestAMistakeIsSaidWhereItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lame, more, want, at string }{
		{"key = local.worse", "locals { worse = [local.bad] }\nlocals { bad = [1][local.count] }", "Invalid index", "[local.count]"},
		{"key = module.m.o", "module \"m\" {\n source = \"./m\"\n n = [1][local.count]\n}", "Invalid index", "[local.count]"},
		{"key = module.m.o", "module \"m\" {\n source = \"./m\"\n n = [[\"a\", \"b\"]][local.count - 1]\n}", "Invalid value for variable", "[[\"a\", \"b\"]][local.count - 1]"},
		{"key = data.counter.none.id", "data \"counter\" \"none\" { key = \"none\" }", "Actor does not exist: data.counter.none", "data \"counter\" \"none\""},
		{"key = data.counter.none.id", "data \"counter\" \"none\" { key = [1][local.count] }", "Invalid index", "[local.count]"},
		{"key = actor.probe.other.key", "actor \"probe\" \"other\" { key = [1][local.count] }", "Invalid index", "[local.count]"},
		{"key = actor.probe.other.input", "actor \"probe\" \"other\" {\n key = \"other\"\n input = [1][local.count]\n}", "Invalid index", "[local.count]"},
		{"key = \"lame\"\n params = { a = local.bad }", "locals { bad = [1][local.count] }", "Invalid index", "[local.count]"},
		{"key = \"lame\"\n params = { a = [1][local.count] }", "", "Invalid index", "[local.count]"},
	} {
		w := newWorld(t, "locals { count = actor.counter.counted.step.increment.output }\n"+counted)
		w.writeModule("m", "variable \"n\" { type = string }\noutput \"o\" { value = var.n }")
		w.applied()
		w.rivet.Create("probe", []string{"lame"}, nil)
		source := "locals { count = actor.counter.counted.step.increment.output }\n" + counted + "actor \"probe\" \"lame\" {\n" + c.lame + "\n}\n" + c.more
		w.write(source)
		w.existing, w.selection = true, plan.Orders{Target: patterns("actor.probe.lame")}
		diags := w.find("actor.probe.lame")
		w.fails(diags, c.want)
		w.equal(string(diags[0].Subject.SliceBytes([]byte(source))), c.at)
	}
}

// TestWhatAFarewellLacksIsSaid has a call before a destruction be made of what is not known, for a mistake that forbids no destruction.
func TestWhatAFarewellLacksIsSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		arg, more string
		want      []string
	}{
		"data":   {"data.counter.none.id", "data \"counter\" \"none\" { key = \"none\" }", []string{"Actor does not exist: data.counter.none", "Call failed: actor.probe.lame.action.call"}},
		"input":  {"actor.probe.other.input", "actor \"probe\" \"other\" {\n key = \"other\"\n input = [1][local.count]\n}", []string{"Invalid index", "Call failed: actor.probe.lame.action.call"}},
		"actors": {"actor.probe.other", "actor \"probe\" \"other\" {\n key = \"other\"\n count = [1][local.count]\n}", []string{"Invalid index"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, lame("\n}"))
			w.applied()
			w.write(lame("\naction \"call\" {\n args = [jsonencode(" + c.arg + ")]\n run = \"on_destroy\"\n}\n}\n" + c.more))
			w.plans.Mode = plan.ModeDestroy
			_, diags := w.apply()
			w.fails(diags, c.want...)
			w.equal(w.keys("probe"), []string{"lame"})
		})
	}
}

// writeModule makes this a module of the configuration.
func (w *world) writeModule(name, source string) {
	w.Helper()
	dir := filepath.Join(w.dir, name)
	if err := errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(source), 0o600)); err != nil {
		w.Fatal(err)
	}
}

// find looks for an actor, and calls it.
func (w *world) find(address string) hcl2.Diagnostics {
	w.Helper()
	return w.session(func(s *operate.Session) hcl2.Diagnostics {
		found, diags := s.Find(w.Context(), at(w.T, address))
		if diags.HasErrors() {
			return diags
		}
		_, more := s.Call(w.Context(), found, "call", []cty.Value{cty.StringVal("x")})
		return append(diags, more...)
	})
}
