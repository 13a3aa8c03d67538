package cli

import "testing"

// TestOnlyWhatIsSeenIsShown has nonsensitive open a secret for a value in which it is not to be seen.
func TestOnlyWhatIsSeenIsShown(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		`var.show ? nonsensitive(var.token) : "x"`, `length(nonsensitive(var.token))`, `sha256(nonsensitive(var.token))`,
		`coalesce("x", nonsensitive(var.token))`, `[for x in [nonsensitive(var.token)] : "y" if x == "zz"]`, `{ (nonsensitive(var.token)) = 1 }["q"]`,
	} {
		w := newWorld(t, map[string]string{"main.rivet.hcl": `
			variable "token" {
				default   = "hush-hush"
				sensitive = true
			}
			variable "show" { default = false }
			actor "probe" "p" {
				key = "p"
				action "call" { args = [nonsensitive(var.token)] }
			}
			output "o" { value = try(` + expression + `, "none") }
		`})
		for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"plan", "-json"}} {
			w.run(append(args, w.dir)...).ends(0).without("hush-hush")
		}
	}
	w := newWorld(t, map[string]string{"main.rivet.hcl": `
		variable "token" {
			default   = "open-open"
			sensitive = true
		}
		output "name" { value = { "the ${nonsensitive(var.token)}" = 1 } }
	`})
	w.run("apply", "-auto-approve", w.dir).ends(0).prints("the open-open")
}

// What the author says is no secret is a value like others, also for programs.
func TestWhatIsNonsensitiveIsShown(t *testing.T) {
	w := newWorld(t, map[string]string{"main.rivet.hcl": `
		variable "cred" {
			sensitive = true
			default   = { user = "adalovelace", pw = "hunter22xx" }
		}
		output "user" { value = "user is ${nonsensitive(var.cred.user)}" }
		actor "probe" "p" {
			key = [nonsensitive(var.cred.user)]
			action "call" { args = ["${var.cred.user} and ${var.cred.pw}"] }
		}
	`})
	t.Chdir(w.dir)
	w.run("apply", "-auto-approve").ends(0).prints(`user = "user is adalovelace"`)
	w.run("output", "-raw", "user").ends(0).prints(`^user is adalovelace$`)
	w.run("output", "-json").ends(0).prints(`"value": "user is adalovelace"`)
	w.run("plan", "-json").ends(0).without("hunter22xx")
}
