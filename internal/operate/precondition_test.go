package operate_test

import (
	"os"
	"path/filepath"
	"testing"
)

// counted is an actor whose call gives how often it was made.
const counted = `actor "counter" "counted" {
	key = "counted"
	action "increment" {}
}
`

// TestAPreconditionThatOnlyApplyKnows has nothing sent to an actor whose precondition turns out not to hold.
func TestAPreconditionThatOnlyApplyKnows(t *testing.T) {
	t.Parallel()
	guarded := func(want, more string) string {
		return counted + `actor "probe" "guarded" {
			key = "guarded"
			` + more + `
			action "first" {
				call = "call"
				args = ["first"]
				run  = "always"
			}
			action "last" {
				call = "call"
				args = ["last"]
				run  = "on_destroy"
			}
			lifecycle {
				precondition {
					condition     = actor.counter.counted.step.increment.output == ` + want + `
					error_message = "It must have been counted."
				}
			}
		}`
	}
	w := newWorld(t, guarded("1", ""))
	w.applied()
	w.called("guarded first")

	w = newWorld(t, guarded("2", ""))
	_, diags := w.apply()
	w.fails(diags, "Precondition not met: It must have been counted.\n\nThis is a precondition of actor.probe.guarded.")
	w.called()

	w = newWorld(t, guarded("1", ""))
	w.applied()
	w.plans.Orders.Rerun = patterns("actor.counter.counted.action.increment")
	_, diags = w.apply()
	w.fails(diags, "Precondition not met")
	w.called("guarded first")

	w.plans.Orders.Replace = patterns("actor.probe.guarded")
	_, diags = w.apply()
	w.fails(diags, "Precondition not met")
	w.called("guarded first")
}

// TestAValidationThatOnlyApplyKnows has a module refuse what it is given, although nothing in it needs that.
func TestAValidationThatOnlyApplyKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, counted+`module "m" {
		source = "./m"
		v      = actor.counter.counted.step.increment.output
	}`)
	if err := os.Mkdir(filepath.Join(w.dir, "m"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "m", "main.rivet.hcl"), []byte(`variable "v" {
		validation {
			condition     = var.v > 1
			error_message = "It must be more."
		}
	}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, diags := w.apply()
	w.fails(diags, "Invalid value for variable: It must be more.")
}

// TestAPreconditionOfAnActorThatStays has one that no longer holds, of an actor that there is nothing else to do about.
func TestAPreconditionOfAnActorThatStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, counted+`actor "probe" "stays" {
		key = "stays"
		lifecycle {
			precondition {
				condition     = actor.counter.counted.step.increment.output == 1
				error_message = "It must be counted once."
			}
		}
	}
	actor "probe" "after" {
		key        = "after"
		depends_on = [actor.probe.stays]
		action "call" {
			args = ["always"]
			run  = "always"
		}
	}`)
	w.applied()
	w.settled()
	w.plans.Orders.Rerun = patterns("actor.counter.counted.action.increment")
	a, diags := w.apply()
	w.fails(diags, "Precondition not met: It must be counted once.")
	w.equal(ended(a.Document)["probe.after"], "skipped")
	w.called("after always")
}

// TestWhatAModuleRefusesLater has conditions of a module that only the apply can look at: nothing is made of a value that is refused, and
// what nobody needs is refused, too.
func TestWhatAModuleRefusesLater(t *testing.T) {
	t.Parallel()
	const given = `module "m" {
		source = "./team"
		v      = actor.counter.counted.step.increment.output
	}
	`
	const validated = `variable "v" {
		validation {
			condition     = var.v > 1
			error_message = "It must be more."
		}
	}
	`
	for name, test := range map[string]struct {
		main, team string
		refused    []string
	}{
		"by a validation, what two actors are made of": {
			main: given, team: validated + `actor "probe" "a" { key = ["a", var.v] }
			actor "probe" "b" { key = ["b", var.v] }`,
			refused: []string{"Invalid value for variable: It must be more."},
		},
		"by a validation, what an output gives": {
			main: given + `output "o" { value = module.m.o }`, team: validated + `output "o" { value = var.v }`,
			refused: []string{"Invalid value for variable: It must be more."},
		},
		"by a precondition of an output that nobody needs": {
			main: given, team: `variable "v" {}
			output "o" {
				value = var.v
				precondition {
					condition     = var.v > 1
					error_message = "It must be more."
				}
			}`,
			refused: []string{"Precondition not met: It must be more.\n\nThis is a precondition of module.m.output.o."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.writeTeam(counted+test.main, test.team)
			_, diags := w.apply()
			w.fails(diags, test.refused...)
			w.equal(w.keys("probe"), []string(nil))
		})
	}
}
