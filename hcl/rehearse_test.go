package hcl

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatHasNoInstancesIsCheckedToo has mistakes in blocks of which there are none now, and what is right only where there are some.
func TestWhatHasNoInstancesIsCheckedToo(t *testing.T) {
	t.Parallel()
	const (
		wrong = `
			key    = [nofunc(1)]
			create = "maybe"
			action "x" {
				run     = "sometimes"
				args    = [toupper("x")]
				timeout = "5 parsecs"
			}
			lifecycle { on_input_change = "explode" }
		`
		right = `
			key   = [var.none.name, local.empty[0]]
			input = { of = file("missing"), env = env("MISSING"), at = first_applied(), is = tonumber(local.empty[0]) }
			read "get" { args = [self.key] }
			action "y" {
				run = var.none.run
				await "done" { condition = event.args[0] == self.id }
			}
			action "x" {
				for_each = var.none.steps
				args     = [each.value.of, step.id, read.get.of, local.empty[1]]
				only_if  = self.state.of == action.y.output
			}
			lifecycle {
				precondition {
					condition     = length(local.empty) > 0
					error_message = "It is empty: ${local.empty[0]}."
				}
			}
		`
		values = `
			variable "none" {
				type    = object({ name = string, run = string, steps = map(object({ of = string })) })
				default = null
			}
			locals { empty = [] }
		`
	)
	all := []string{"Call to unknown function", "Call to unknown function", "Invalid duration", "Unknown value", "Unknown value", "Unknown value"}
	for _, repeated := range []string{"for_each = {}", "count = 0", "enabled = false"} {
		for what, block := range map[string]func(body string) (main, inner string){
			"an actor": func(body string) (string, string) {
				return "actor \"x\" \"a\" {\n" + repeated + "\n" + body + "\n}\n", ""
			},
			"a module": func(body string) (string, string) {
				if repeated == "enabled = false" {
					return "module \"m\" {\nsource = \"./m\"\ncount = 0\n}\n", "module \"n\" {\nsource = \"./n\"\nof = [for x in [1] : x]\n}\n" + "actor \"x\" \"a\" {\ncount = 3\n" + body + "\n}\n"
				}
				return "module \"m\" {\nsource = \"./m\"\n" + repeated + "\n}\n", "actor \"x\" \"a\" {\nfor_each = toset([\"a\"])\n" + body + "\n}\n"
			},
		} {
			for body, want := range map[string][]string{wrong: all, right: nil} {
				main, inner := block(body)
				files := map[string][]byte{
					"main.rivet.hcl": []byte(values + main), "m/main.rivet.hcl": []byte(values + inner), "m/n/main.rivet.hcl": []byte("variable \"of\" {}\noutput \"of\" { value = var.of }\n"),
				}
				_, diags := tryFiles(t, Server{Observer: &fakeServer{}}, files)
				var got []string
				for _, d := range diags {
					got = append(got, d.Summary)
				}
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s with %s: %s\n%v", what, repeated, diff, diags)
				}
			}
		}
	}
}

// The same of a step that is made for nothing, of an actor that there is, and of one that there is not.
func TestAStepThatIsNotMadeIsCheckedToo(t *testing.T) {
	t.Parallel()
	for _, repeated := range []string{"", "for_each = toset([\"a\", \"b\"])", "count = 0"} {
		_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, strings.Replace(`
			locals { empty = [] }
			actor "x" "a" {
				key = KEY
				`+repeated+`
				action "wrong" {
					for_each = {}
					run      = "sometimes"
					args     = [nofunc(each.value)]
				}
				action "right" {
					for_each = toset(local.empty)
					args     = [local.empty[0], each.value.of]
				}
			}
		`, "KEY", map[bool]string{true: `["a", each.key]`, false: `["a"]`}[strings.HasPrefix(repeated, "for_each")], 1))
		var got []string
		for _, d := range diags {
			got = append(got, d.Summary)
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"Call to unknown function", "Unknown value"}, got); diff != "" {
			t.Errorf("%q: %s", repeated, diff)
		}
	}
}
