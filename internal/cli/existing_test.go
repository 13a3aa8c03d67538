package cli

import "testing"

// What is wrong with how actors are made and seeded, with conditions and outputs, keeps nobody from looking at them, or from destroying them.
func TestOnlySeedingIsKeptByWhatIsWrongWithIt(t *testing.T) {
	w := newWorld(t, map[string]string{"main.rivet.hcl": `
		variable "ok" { default = true }
		actor "probe" "p" {
			key   = "p"
			input = { open = [true][var.ok ? 0 : 1] }
			action "call" { args = [var.ok ? "first" : 1 / 0] }
			action "last" {
				call = "call"
				args = ["last"]
				run  = "on_destroy"
			}
			lifecycle {
				precondition {
					condition     = var.ok
					error_message = "It is not well."
				}
			}
		}
		output "o" {
			value = [1][var.ok ? 0 : 1]
			precondition {
				condition     = var.ok
				error_message = "Neither is this."
			}
		}
		check "c" {
			assert {
				condition     = [true][var.ok ? 0 : 1]
				error_message = "Nor this."
			}
		}
	`})
	t.Chdir(w.dir)
	w.run("apply", "-auto-approve").ends(0)
	w.run("plan", "-var=ok=false").ends(1).says("It is not well")
	w.run("get", "-var=ok=false", "actor.probe.p").ends(0).prints("name     probe")
	w.run("call", "-var=ok=false", "actor.probe.p", "report").ends(0).prints("first = 1")
	w.run("plan", "-var=ok=false", "-destroy", "-out=destroy.plan").ends(0)
	w.run("apply", "destroy.plan").ends(0).prints(`1 destroyed\. Calls: 1 made`)
}
