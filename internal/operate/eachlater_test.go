package operate_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWhatIsRepeatedForBecomesKnown has values in for_each, and in what a module is given, that only the apply makes known: it fills them in.
func TestWhatIsRepeatedForBecomesKnown(t *testing.T) {
	t.Parallel()
	const first = `actor "probe" "first" {
		for_each = toset(["p", "q"])
		key      = ["first", each.key]
		action "mark" {
			call = "call"
			args = ["mark"]
		}
		read "report" {}
	}
	`
	for name, test := range map[string]struct{ source, module string }{
		"actors": {source: `actor "probe" "second" {
			for_each = actor.probe.first
			key      = ["second", each.key]
			input    = { of = each.value.id }
		}`},
		"a key": {source: `actor "probe" "second" {
			for_each = { for k, f in actor.probe.first : k => f.id }
			key      = ["second", each.value]
		}`},
		"arguments": {source: `locals { ids = { p = actor.probe.first["p"].id } }
		actor "probe" "second" {
			for_each = local.ids
			key      = ["second", each.key]
			action "mark" {
				call = "call"
				args = ["mark", each.value]
			}
		}`},
		"a fact": {source: `actor "probe" "second" {
			for_each = actor.probe.first
			key      = ["second", each.key]
			action "mark" {
				call    = "call"
				args    = ["mark"]
				only_if = each.value.read.report.calls.mark == 1
			}
		}`},
		"dynamic blocks": {source: `actor "probe" "second" {
			key = "second"
			dynamic "action" {
				for_each = { x = actor.probe.first["p"].id }
				labels   = ["mark_${action.key}"]
				content {
					call = "call"
					args = ["mark", action.value]
				}
			}
		}`},
		"a module": {
			source: `module "m" {
				source   = "./m"
				for_each = { x = actor.probe.first["p"].id }
				v        = each.value
			}`,
			module: `variable "v" {}
			actor "probe" "second" {
				key   = "second"
				input = var.v
			}`,
		},
		"a module with a validation": {
			source: `module "m" {
				source = "./m"
				v      = actor.probe.first["p"].id
			}`,
			module: `variable "v" {
				validation {
					condition     = length(var.v) > 3
					error_message = "Too short."
				}
			}
			actor "probe" "second" { key = ["second", var.v] }`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, first+test.source)
			if test.module != "" {
				if err := os.Mkdir(filepath.Join(w.dir, "m"), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(w.dir, "m", "main.rivet.hcl"), []byte(test.module), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w.applied()
			w.settled()
		})
	}
}
