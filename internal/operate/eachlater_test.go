package operate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/plan"
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

// TestADoubtAboutAStepThatIsRepeatedLaterIsDecided has an instance of a step be in doubt, of which nobody knows while planning whether there is
// such a one.
func TestADoubtAboutAStepThatIsRepeatedLaterIsDecided(t *testing.T) {
	t.Parallel()
	const each, one = "actor.probe.p.action.each", `actor.probe.p.action.each["one"]`
	const both = "p one,p two"
	for name, c := range map[string]struct {
		run    string
		orders plan.Orders // that decide
		calls  string      // in the end
	}{
		"recorded as done":                {"once", plan.Orders{MarkDone: patterns(one)}, both},
		"made again":                      {"once", plan.Orders{Rerun: patterns(one)}, "p one,p one,p two"},
		"left":                            {"once", plan.Orders{OnUnknown: plan.OrderSkip}, both},
		"all recorded as done":            {"once", plan.Orders{MarkDone: patterns(each + "[*]")}, "p one"},
		"on request, and recorded":        {"manual", plan.Orders{MarkDone: patterns(one)}, "p one"},
		"on request, and made again":      {"manual", plan.Orders{Rerun: patterns(one)}, "p one,p one"},
		"on request again, and recorded":  {"manual", plan.Orders{Invoke: patterns(each + "*"), MarkDone: patterns(one)}, both},
		"on change, and recorded as done": {"on_change", plan.Orders{MarkDone: patterns(one)}, both},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.Replace(`actor "values" "v" {
  key = "v"
  action "echo" {
    args = ["one", "two"]
    run  = "always"
  }
}
actor "probe" "p" {
  key = "p"
  action "each" {
    for_each = toset(actor.values.v.step.echo.output)
    call     = "call"
    args     = [each.key]
    run      = "RUN"
  }
}
`, "RUN", c.run, 1))
			w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
				if r.Verb == "call" && r.What == "call" {
					return operatetest.LostAfter
				}
				return operatetest.Delivered
			}
			if c.run == "manual" {
				w.plans.Orders.Invoke = patterns(each)
			}
			if a, _ := w.apply(); !a.Report.Failed() {
				t.Fatal("nothing is in doubt")
			}
			w.rivet.OnRequest, w.plans.Orders = nil, plan.Orders{}
			p, diags := w.plan()
			w.fine(diags)
			w.equal(decided(p.Document)[short(each)], "unknown")
			w.plans.Orders = c.orders
			w.applied()
			w.plans.Orders = plan.Orders{}
			w.called(strings.Split(c.calls, ",")...)
			if name != "left" {
				w.settled()
			}
		})
	}
}

// TestAnInstanceOfAStepMayBeGoneWhenItsTurnComes has steps that are repeated for what the actor says, which changes after the plan.
func TestAnInstanceOfAStepMayBeGoneWhenItsTurnComes(t *testing.T) {
	t.Parallel()
	const room = "actor \"chatRoom\" \"r\" {\n  key = \"r\"\n  read \"getRoomInfo\" {}\n  STEP\n}\n"
	const each = "for_each = toset(read.getRoomInfo.members)\n"
	for name, c := range map[string]struct {
		step string
		now  []any // the members
		want map[string]string
	}{
		"an ensure": {
			step: "ensure \"topic\" {\n" + each + "value = read.getRoomInfo.topic\nwant = \"cats\"\ncall = \"setTopic\"\nargs = [\"cats\"]\n}", now: []any{"bob"},
			want: map[string]string{`ensure.topic["ada"]`: "failed", `ensure.topic["bob"]`: "skipped"},
		},
		"an expect": {
			step: "expect \"topic\" {\n" + each + "condition = read.getRoomInfo.topic == \"dogs\"\ntimeout = \"1ms\"\n}", now: []any{"ada"},
			want: map[string]string{`expect.topic["ada"]`: "done", `expect.topic["bob"]`: "failed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.Replace(room, "STEP", "", 1))
			w.applied()
			w.rivet.Tamper(w.id("chatRoom", "r"), "members", []any{"ada", "bob"})
			w.write(strings.Replace(room, "STEP", c.step, 1))
			var applied *operate.Applied
			diags := w.session(func(s *operate.Session) hcl2.Diagnostics {
				p, diags := s.Plan(w.Context(), w.plans)
				w.fine(diags)
				w.rivet.Tamper(w.id("chatRoom", "r"), "members", c.now)
				w.rivet.Tamper(w.id("chatRoom", "r"), "topic", "dogs")
				applied, diags = s.Apply(w.Context(), p, w.applies)
				return diags
			})
			w.fails(diags, "Step is gone: actor.chatRoom.r.")
			got := map[string]string{}
			for address, outcome := range ended(applied.Document) {
				if step, ok := strings.CutPrefix(address, "chatRoom.r."); ok {
					got[step] = outcome
				}
			}
			w.equal(got, c.want)
			w.applied()
			w.settled()
		})
	}
}
