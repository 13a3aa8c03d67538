package operate_test

import (
	"errors"
	"os"
	"path/filepath"
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
				w.fails(diags, "Connection parameters are not known")
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
		"Reference to what has no value: local.bad has an error": `
	action "call" {
		args = [local.bad]
		run  = "on_destroy"
	}
}
locals { bad = [1][local.count] }`,
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
