package operate_test

import (
	"strings"
	"testing"

	"riveter/plan"
)

// secretUse is an actor that mints a secret and one that uses it, with something before and after the block that uses it.
func secretUse(args, more string) string {
	return strings.NewReplacer("ARGS", args, "MORE", more).Replace(`
variable "version" { default = 1 }
actor "probe" "issuer" {
  key = "issuer"
  action "mint" {
    args      = ["mint"]
    sensitive = true
  }
}
locals {
  token  = actor.probe.issuer.step.mint.output.secret
  config = { version = var.version, secret = local.token }
}
actor "probe" "user" {
  key = "user"
  action "use" {
    call = "call"
    args = ["use", ARGS]
    run  = "on_change"
  }
}
MORE
`)
}

// TestUnchangedSecretsMakeNothingDue holds every way to use a result that is not kept to this: it is the value that it was until
// something else of which the argument is made is another, and then somebody must make it again.
func TestUnchangedSecretsMakeNothingDue(t *testing.T) {
	t.Parallel()
	const secret = "actor.probe.issuer.step.mint.output"
	for name, args := range map[string]string{
		"itself":                 secret + ".secret, var.version",
		"whole":                  secret + ", var.version",
		"part of a string":       `"Bearer ${` + secret + `.secret} of ${var.version}"`,
		"part of an object":      `{ "a b" = ` + secret + `.secret, n = var.version }`,
		"as JSON":                `jsonencode({ a = ` + secret + `, n = var.version })`,
		"tried":                  `try(` + secret + `.secret, "none"), var.version`,
		"tried with the version": `try("${` + secret + `.secret}${var.version}", "none")`,
		"through a local":        `local.config`,
		"in a string of a local": `"${local.config.secret}${local.config.version}"`,
		"counted":                `length(` + secret + `.secret) + var.version`,
		"gone through":           `[for k, v in ` + secret + ` : "${k}${v}${var.version}"]`,
		"with the step's id":     `{ id = step.id, text = ` + secret + `.secret, n = var.version }`,
		"compared":               secret + `.secret == "x" ? 0 : var.version`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, secretUse(args, ""))
			w.applied()
			w.settled()
			w.applied()
			w.called("issuer mint", "user use")

			renamed := strings.ReplaceAll(secretUse(args, ""), "probe.issuer", "probe.other")
			w.write(strings.ReplaceAll(strings.ReplaceAll(renamed, `"probe" "issuer"`, `"probe" "other"`), "  key =", "\tkey   ="))
			w.applied()
			w.write(secretUse(args, ""))
			w.settled()
			w.called("issuer mint", "user use")

			w.variables = given("version=2")
			_, diags := w.apply()
			w.fails(diags, "Result is not known: actor.probe.user.action.use needs the result of actor.probe.issuer.action.mint")
			w.called("issuer mint", "user use")
			w.plans.Orders.Rerun = patterns("actor.probe.issuer.action.mint")
			w.applied()
			w.plans.Orders = plan.Orders{}
			w.settled()
			w.called("issuer mint", "issuer mint", "user use", "user use")
		})
	}
}

// TestASecretUsedInAnotherWayIsAnother has edits after which the argument is another, whatever the result was.
func TestASecretUsedInAnotherWayIsAnother(t *testing.T) {
	t.Parallel()
	const secrets = "actor.values.v.step.echo.output"
	for name, edit := range map[string][2]string{
		"an operator": {secrets + `[0]=="x"`, secrets + `[0]!="x"`},
		"a sign":      {`length(` + secrets + `)`, `-length(` + secrets + `)`},
		"an index":    {secrets + `[0]`, secrets + `[1]`},
		"text":        {`"a${` + secrets + `[0]}"`, `"b${` + secrets + `[0]}"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := func(arg string) string {
				return `actor "values" "v" {
  key = "v"
  action "echo" {
    args      = ["p", "q"]
    sensitive = true
  }
}
actor "probe" "user" {
  key = "user"
  action "use" {
    call = "call"
    args = ["use", ` + arg + `]
    run  = "on_change"
  }
}`
			}
			w := newWorld(t, source(edit[0]))
			w.applied()
			w.settled()
			w.write(source(edit[1]))
			_, diags := w.plan()
			w.fails(diags, "Result is not known: actor.probe.user.action.use needs the result of actor.values.v.action.echo")
		})
	}
}

// TestWhatNeedsASecretItself has what cannot do without the value, and what can.
func TestWhatNeedsASecretItself(t *testing.T) {
	t.Parallel()
	const secret = "actor.probe.issuer.step.mint.output.secret"
	for name, c := range map[string]struct{ more, refused string }{
		"a new actor's call": {`actor "probe" "new" {
			key = "new"
			action "use" {
				call = "call"
				args = ["use", ` + secret + `]
			}
		}`, "actor.probe.new.action.use needs"},
		"a new actor's input": {`actor "probe" "new" {
			key   = "new"
			input = { secret = ` + secret + ` }
		}`, "actor.probe.new needs"},
		"a guard": {`actor "probe" "new" {
			key = "new"
			action "use" {
				call    = "call"
				args    = ["use"]
				only_if = ` + secret + ` != ""
			}
		}`, "actor.probe.new.action.use needs"},
		"an output": {`output "secret" {
			value     = ` + secret + `
			sensitive = true
		}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, secretUse("local.token", ""))
			w.applied()
			w.write(secretUse("local.token", c.more))
			requests := w.calls()
			_, diags := w.apply()
			if c.refused == "" {
				w.fine(diags)
				w.settled()
				return
			}
			w.fails(diags, c.refused)
			w.equal(w.calls(), requests)
		})
	}
}

// TestWhatNeedsASecretAndWhatIsNotKnownYetIsRefusedWhilePlanning has what is made of both: the one will be known, the other never.
func TestWhatNeedsASecretAndWhatIsNotKnownYetIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	const both = `"${local.token} ${actor.counter.new.id}"`
	step := func(body string) string {
		return "actor \"probe\" \"new\" {\n  key = \"new\"\n" + body + "\n}\n"
	}
	for name, c := range map[string]struct{ more, refused string }{
		"arguments":       {step(`action "use" { args = [` + both + `] }`), "actor.probe.new.action.use needs"},
		"through a local": {"locals {\n  both = " + both + "\n}\n" + step(`action "use" { args = ["x${local.both}"] }`), "actor.probe.new.action.use needs"},
		"one argument each": {
			step(`action "use" { args = [local.token, actor.counter.new.id] }`), "actor.probe.new.action.use needs",
		},
		"a guard": {step("action \"use\" {\n  args = []\n  only_if = " + both + " != \"\"\n}"), "actor.probe.new.action.use needs"},
		"parameters of a step": {
			step("action \"use\" {\n  args = []\n  params = { token = " + both + " }\n}"), "actor.probe.new.action.use needs",
		},
		"parameters of an actor": {step("params = { token = " + both + " }\naction \"use\" {}"), "actor.probe.new.action.use needs"},
		"an input":               {step("input = [" + both + "]"), "actor.probe.new needs"},
		"an expectation":         {step("expect \"it\" { condition = " + both + " != \"\" }"), "actor.probe.new.expect.it needs"},
		"what is ensured":        {step("ensure \"it\" {\n  value = self.state.open\n  want = " + both + "\n}"), "actor.probe.new.ensure.it needs"},
		"a body":                 {step("request \"it\" {\n  path = \"/\"\n  json = { a = [" + both + "] }\n}"), "actor.probe.new.request.it needs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, secretUse("local.token", ""))
			w.applied()
			w.write(secretUse("local.token", c.more+"actor \"counter\" \"new\" { key = \"new\" }\n"))
			_, diags := w.apply()
			w.fails(diags, c.refused+" the result of actor.probe.issuer.action.mint")
			if made := w.keys("counter"); len(made) > 0 {
				t.Errorf("it was found out when %v was made", made)
			}
			w.plans.Orders.Rerun = patterns("actor.probe.issuer.action.mint")
			_, diags = w.apply()
			if text := told(diags); strings.Contains(text, "not known") {
				t.Errorf("where it is made again: %s", text)
			}
		})
	}
}

// TestSecretsBesideWhatIsNotKnownYet has an argument that is made of a secret and of something that the run makes: it is
// compared when its turn comes.
func TestSecretsBesideWhatIsNotKnownYet(t *testing.T) {
	t.Parallel()
	always := `actor "counter" "c" {
  key = "c"
  action "get" { run = "always" }
}`
	for name, args := range map[string]string{
		"each by itself":   "local.token, actor.counter.c.step.get.output",
		"both in a string": `"${local.token}${actor.counter.c.step.get.output}"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, secretUse(args, always))
			w.applied()
			w.applied()
			w.called("issuer mint", "user use")
			w.rivet.Tamper(w.id("counter", "c"), "count", 5.0)
			_, diags := w.apply()
			w.fails(diags, "needs the result of actor.probe.issuer.action.mint")
			w.called("issuer mint", "user use")
		})
	}
}

// TestAnEnsureThatHoldsGivesWhatItGave holds the result of a call that is not made again, as its fact holds, to be none that
// makes others due.
func TestAnEnsureThatHoldsGivesWhatItGave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "chatRoom" "r" {
  key = "r"
  read "getRoomInfo" {}
  ensure "addMember" {
    value = contains(read.getRoomInfo.members, "ada")
    want  = true
    args  = ["ada"]
  }
}
actor "probe" "user" {
  key = "user"
  action "use" {
    call = "call"
    args = ["use", actor.chatRoom.r.step.addMember.output]
    run  = "on_change"
  }
}`)
	w.applied()
	w.settled()
	w.applied()
	w.called("user use")
}
