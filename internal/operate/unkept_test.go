package operate_test

import (
	"fmt"
	"strings"
	"testing"

	"riveter/internal/operate/operatetest"
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

// TestASecretWrittenInAnotherWayIsTheSame has the same argument be written in every way that only passes a result on.
func TestASecretWrittenInAnotherWayIsTheSame(t *testing.T) {
	t.Parallel()
	const secret = "actor.probe.issuer.step.mint.output"
	const more = `
locals {
  whole   = ` + secret + `
  another = local.token
  actor   = actor.probe.issuer
  nested  = { "1" = [{ of = local.whole, "x y" = [local.another] }] }
}
module "team" {
  source = "./team"
  given  = local.config
}
`
	const team = "variable \"given\" { type = object({ version = any, secret = any }) }\noutput \"passed\" { value = { on = [var.given] } }\n"
	for name, ways := range map[string][]string{
		"a part": {
			secret + ".secret", "local.token", "local.another", "local.whole.secret", "local.actor.step.mint.output.secret", "local.config.secret", secret + `["secret"]`,
			"(" + secret + ".secret)", `"${local.token}"`, "local.nested[1][0].of.secret", `local.nested["1"][0]["x y"][0]`, "module.team.passed.on[0].secret",
		},
		"an object": {
			"local.config", "{ version = var.version, secret = local.token }", "{ version = 1, secret = " + secret + ".secret }",
			"{ (\"secret\") = local.whole.secret, version = local.config.version }", "module.team.passed.on[0]",
		},
		"a list":          {"[" + secret + ".secret, 1]", "[local.token, var.version]", "[local.nested[1][0].of.secret, 1]"},
		"the whole":       {secret, "local.whole", "local.nested[1][0].of", "local.actor.step.mint.output"},
		"a part of text":  {`"a ${` + secret + `.secret}"`, `"a ${local.token}"`, `"a ${local.config.secret}"`},
		"what is made of": {"jsonencode({ a = local.token })", "jsonencode({ a = local.config.secret })"},
	} {
		for _, sensitive := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, said to be sensitive: %t", name, sensitive), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, "")
				write := func(way string) {
					source := secretUse(way, more)
					if !sensitive { // but it is found in what is said
						source = strings.NewReplacer("sensitive = true\n", "", `"probe" "issuer"`, `"values" "issuer"`, "actor.probe.issuer", "actor.values.issuer", "\"mint\" {", "\"mint\" {\n call = \"first\"",
							`["mint"]`, `[{ name = "lobby", secret = var.secret }]`).Replace(source) + "variable \"secret\" {\n  default = \"sesame-open\"\n  sensitive = true\n}\n"
					}
					w.writeTeam(source, team)
				}
				for _, way := range []string{ways[0], ways[len(ways)-1]} {
					write(way)
					w.applied()
					for _, other := range ways {
						write(other)
						if p, diags := w.plan(); diags.HasErrors() || p.Plan.Summary().Changed() {
							t.Errorf("%s is not %s: %s", other, way, told(diags))
						}
					}
					w.plans.Orders.Rerun = patterns("actor.*.issuer.action.mint")
					write(way)
					w.applied()
					w.plans.Orders = plan.Orders{}
				}
			})
		}
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
		"what a step is repeated for": {`actor "probe" "new" {
			key = "new"
			action "use" {
				call     = "call"
				for_each = toset([nonsensitive(` + secret + `)])
				args     = [each.key]
			}
		}`, "Result is not known: actor.probe.new.action.use needs"},
		"what an actor is repeated for": {`actor "probe" "new" {
			for_each = toset([nonsensitive(` + secret + `)])
			key      = each.key
		}`, "was not kept. Make the step again with -rerun=actor.probe.issuer.action.mint: its result is kept where something refers to it, a sensitive one by a seal block."},
		"what an actor is repeated for, and is a secret": {`actor "probe" "new" {
			for_each = toset([` + secret + `])
			key      = each.key
		}`, "The value is sensitive, but its keys would be part of addresses"},
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

// TestWhatWasMadeOfSomethingElseIsAnother has what was a literal, or made of something else that is known, be made of a result that nobody kept.
func TestWhatWasMadeOfSomethingElseIsAnother(t *testing.T) {
	t.Parallel()
	const refused = "Result is not known: actor."
	for name, c := range map[string]struct{ user, fails, warns string }{
		"an argument":              {"probe.b:action \"use\" {\n call = \"call\"\n args = [\"use\", IT]\n run = \"on_change\"\n}", refused + "probe.b.action.use needs", ""},
		"an argument once":         {"probe.b:action \"use\" {\n call = \"call\"\n args = [\"use\", IT]\n}", "", ""},
		"a trigger":                {"probe.b:action \"use\" {\n call = \"call\"\n args = [\"use\"]\n triggers = [IT]\n run = \"on_change\"\n}", refused + "probe.b.action.use needs", ""},
		"a message":                {"jobs.b:message \"work\" {\n body = { id = IT }\n run = \"on_change\"\n}", refused + "jobs.b.message.work needs", ""},
		"a request":                {"httpApi.b:request \"put\" {\n method = \"PUT\"\n path = \"/items/a\"\n json = IT\n run = \"on_change\"\n}", refused + "httpApi.b.request.put needs", ""},
		"an input":                 {"probe.b:input = { n = IT }", "", "Input changed"},
		"an input that replaces":   {"probe.b:input = { n = IT }\n lifecycle { on_input_change = \"replace\" }", refused + "probe.b needs", ""},
		"an input that must stay":  {"probe.b:input = { n = IT }\n lifecycle { on_input_change = \"fail\" }", "Input changed", ""},
		"an input that is ignored": {"probe.b:input = { n = IT }\n lifecycle { on_input_change = \"ignore\" }", "", ""},
	} {
		for before, its := range map[string][2]string{
			"a literal":              {`"lit"`, ""},
			"a variable":             {"var.literal", ""},
			"a secret, of a secret":  {"var.secret", "sensitive = true"},
			"a literal, of a secret": {`"lit"`, "sensitive = true"},
			"another result":         {"actor.values.a.step.echo.output[1]", "sensitive = true"},
		} {
			t.Run(name+" that was "+before, func(t *testing.T) {
				t.Parallel()
				actor, body, _ := strings.Cut(c.user, ":")
				write := func(w *world, it string) {
					w.write(strings.NewReplacer("SENSITIVE", its[1], "NAME", strings.TrimSuffix(actor, ".b"), "BODY", strings.ReplaceAll(body, "IT", it)).Replace(`
variable "literal" { default = "lit" }
variable "secret" {
  default   = "sesame-open"
  sensitive = true
}
actor "values" "a" {
  key = "a"
  action "first" {
    args = ["lit"]
    SENSITIVE
  }
  action "echo" {
    args      = ["p", "lit"]
    sensitive = true
  }
}
actor "NAME" "b" {
  key = "b"
  BODY
}`))
				}
				w := newWorld(t, "")
				write(w, its[0])
				w.applied()
				write(w, "actor.values.a.step.first.output")
				switch _, diags := w.apply(); {
				case c.fails != "":
					w.fails(diags, c.fails)
				case c.warns != "":
					w.warns(diags, c.warns)
				default:
					w.fine(diags)
				}
				w.plans.Orders.Rerun = patterns("actor.values.a.action.first")
				if c.fails == "Input changed" {
					return
				}
				w.applied()
				w.plans.Orders = plan.Orders{}
				w.settled()
			})
		}
	}
}

// TestAFactThatNobodyHasLookedAtNeedsWhatItCompares has new facts about a result that nobody kept. They are left out when they have held, whatever
// else they are about.
func TestAFactThatNobodyHasLookedAtNeedsWhatItCompares(t *testing.T) {
	t.Parallel()
	const issuer = "actor \"values\" \"a\" {\n key = \"a\"\n action \"first\" {\n args = [\"sesame-open\"]\n SENSITIVE\n}\n}\n"
	const user = "actor \"probe\" \"b\" {\n key = \"b\"\n read \"report\" {}\n FACT\n}\n"
	const other = "ensure \"other\" {\n call = \"establish\"\n value = try(read.report.facts.g, null)\n want = 1\n args = [\"g\", 1]\n}\n"
	for name, fact := range map[string]string{
		"ensure.establish": "ensure \"establish\" {\n value = try(read.report.facts.f, null)\n want = IT\n args = [\"f\", IT]\n}",
		"expect.wanted":    "expect \"wanted\" {\n value = try(read.report.facts.f, \"sesame-open\")\n want = IT\n}",
		"expect.condition": "expect \"condition\" {\n condition = IT != try(read.report.facts.g, null)\n}",
	} {
		for _, sensitive := range []string{"", "sensitive = true"} {
			t.Run(name+" "+sensitive, func(t *testing.T) {
				t.Parallel()
				with := func(fact string) string {
					return strings.NewReplacer("SENSITIVE", sensitive, "FACT", fact).Replace(issuer + user)
				}
				w := newWorld(t, with(""))
				w.applied()
				w.write(strings.ReplaceAll(with(fact), "IT", "actor.values.a.step.first.output"))
				const needs = " the result of actor.values.a.action.first"
				_, diags := w.apply()
				w.fails(diags, "Result is not known: actor.probe.b."+name+" needs"+needs)
				_, diags = w.verify()
				w.fails(diags, "Fact cannot be verified: actor.probe.b."+name+" is about"+needs)
				w.plans.Orders.Rerun = patterns("actor.values.a.action.first")
				w.applied()
				w.plans.Orders = plan.Orders{}
				w.settled()
				w.write(strings.ReplaceAll(strings.ReplaceAll(with(other+fact), "IT", "actor.values.renamed.step.first.output"), `"values" "a"`, `"values" "renamed"`))
				w.applied()
				w.settled()
			})
		}
	}
}

// TestWhatIsRepeatedForWhatNobodyKept has steps that were made for each of what is made of a secret, and is none.
func TestWhatIsRepeatedForWhatNobodyKept(t *testing.T) {
	t.Parallel()
	const call = "call = \"call\"\n args = [each.key, var.version]"
	for name, c := range map[string]struct {
		step, each string
		changes    bool // with the version
		calls      []string
	}{
		"once":          {"action \"add\" {\n EACH\n " + call + "\n}", "{ x = 1, y = 2 }", false, []string{"b x", "b y"}},
		"on_change":     {"action \"add\" {\n EACH\n run = \"on_change\"\n " + call + "\n}", "{ x = 1, y = 2 }", true, []string{"b x", "b y"}},
		"for nothing":   {"action \"add\" {\n EACH\n run = \"on_change\"\n " + call + "\n}", "{ for k in [\"x\"] : k => 1 if IT == \"\" }", true, nil},
		"fact":          {"expect \"add\" {\n EACH\n condition = each.key != self.state.open\n}", "{ x = 1, y = 2 }", false, nil},
		"ensured":       {"ensure \"establish\" {\n EACH\n value = try(self.state.facts[each.key], null)\n want = 1\n args = [each.key, 1]\n}", "{ x = 1 }", false, []string{"b x"}},
		"before an end": {"action \"add\" {\n EACH\n run = \"on_destroy\"\n " + call + "\n}", "{ x = 1 }", false, nil},
		"on request":    {"action \"add\" {\n EACH\n run = \"manual\"\n " + call + "\n}", "{ x = 1 }", false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			write := func(w *world, issuer, each string) {
				text := strings.Replace(`
variable "version" { default = 1 }
actor "probe" "ISSUER" {
  key = "issuer"
  action "mint" {
    args      = ["mint"]
    sensitive = true
  }
}
actor "probe" "b" {
  key = "b"
  STEP
}`, "STEP", strings.Replace(c.step, "EACH", "for_each = "+each, 1), 1)
				w.write(strings.NewReplacer("ISSUER", issuer, "IT", "nonsensitive(actor.probe."+issuer+".step.mint.output.secret)").Replace(text))
			}
			each := "IT != \"\" ? tomap(" + c.each + ") : tomap({})"
			w := newWorld(t, "")
			write(w, "issuer", each)
			w.applied()
			want := append([]string{"issuer mint"}, c.calls...)
			for _, issuer := range []string{"issuer", "renamed"} {
				write(w, issuer, each)
				w.applied()
				w.settled()
				w.called(want...)
			}
			const refused = "Result is not known: actor.probe.b."
			w.variables = given("version=2")
			_, diags := w.plan()
			if w.variables = nil; c.changes {
				w.fails(diags, refused)
			} else {
				w.fine(diags)
			}
			write(w, "renamed", strings.Replace(each, `!= ""`, `!= "x"`, 1))
			if _, diags = w.plan(); name != "before an end" && name != "on request" {
				w.fails(diags, refused)
			} else {
				w.fine(diags)
			}
			w.plans.Orders.Rerun = patterns("actor.probe.renamed.action.mint")
			w.applied()
			w.plans.Orders = plan.Orders{}
			w.settled()
			w.called(append(want, "issuer mint")...)
		})
	}
}

// TestAResultThatBecomesASecretIsTheOneThatItWas has what is made of a result that is taken out of the ledger.
func TestAResultThatBecomesASecretIsTheOneThatItWas(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"an argument": "action \"use\" {\n call = \"call\"\n args = [\"use\", IT]\n run = \"on_change\"\n}",
		"a trigger":   "action \"use\" {\n call = \"call\"\n args = [\"use\"]\n triggers = [IT]\n run = \"on_change\"\n}",
		"an input":    "input = { n = IT }\n lifecycle { on_input_change = \"fail\" }",
		"triggers":    "lifecycle { replace_triggered_by = [IT] }",
		"a fact":      "read \"report\" {}\n ensure \"establish\" {\n value = try(read.report.facts.f, null)\n want = IT\n args = [\"f\", IT]\n}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := "actor \"values\" \"a\" {\n key = \"a\"\n action \"first\" {\n args = [\"sesame-open\"]\n SENSITIVE\n}\n}\n" +
				"actor \"probe\" \"b\" {\n key = \"b\"\n" + strings.ReplaceAll(body, "IT", "actor.values.a.step.first.output") + "\n}\n"
			w := newWorld(t, strings.Replace(source, "SENSITIVE", "", 1))
			w.applied()
			before, id := w.calls(), w.id("probe", "b")
			w.write(strings.Replace(source, "SENSITIVE", "sensitive = true", 1))
			for range 3 {
				w.tellsNothingOf(w.applied(), nil, "sesame-open")
			}
			w.settled()
			w.equal(w.calls(), before)
			w.equal(w.id("probe", "b"), id)
		})
	}
}

// TestAnActorThatIsThereNeedsNoInput has further steps on an actor with an input that nobody knows any more.
func TestAnActorThatIsThereNeedsNoInput(t *testing.T) {
	t.Parallel()
	const always = "actor \"counter\" \"c\" {\n key = \"c\"\n action \"get\" { run = \"always\" }\n}\n"
	for name, input := range map[string]string{
		"made of it":                            "input = { secret = local.token }",
		"made of what is known after apply too": "input = { secret = local.token, count = actor.counter.c.step.get.output }",
		"in one text with that":                 `input = "${local.token}${actor.counter.c.step.get.output}"`,
		"that replaces":                         "input = local.config\n lifecycle { on_input_change = \"replace\" }",
		"that is ignored":                       "input = local.config\n lifecycle { on_input_change = \"ignore\" }",
		"that must not change":                  "input = local.config\n lifecycle { on_input_change = \"fail\" }",
		"that must not change, known after apply": "input = { secret = local.token, count = actor.counter.c.step.get.output }\n" +
			"lifecycle { on_input_change = \"fail\" }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := func(steps string) string {
				return secretUse(`"x"`, always+"actor \"probe\" \"b\" {\n key = \"b\"\n"+input+"\n"+steps+"}")
			}
			w := newWorld(t, source(""))
			w.applied()
			w.settled()
			const added = "action \"later\" {\n call = \"call\"\n args = [\"later\"]\n}\n"
			w.write(source(added))
			w.applied()
			w.write(source(added + "read \"report\" {}\n" +
				"ensure \"establish\" {\n value = try(read.report.facts.f, null)\n want = 1\n args = [\"f\", 1]\n}\n"))
			w.applied()
			w.settled()
			w.called("b f", "b later", "issuer mint", "user use")
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

// TestWhatIsPlainBesideASecretIsCompared has an input and triggers of which one part is the result of a step that nobody keeps.
func TestWhatIsPlainBesideASecretIsCompared(t *testing.T) {
	t.Parallel()
	const renewed = "Result is not known: actor.probe.user needs the result of actor.probe.issuer.action.mint"
	for name, c := range map[string]struct{ body, fails, warns string }{
		"input":                      {"input = local.config", "", "Input changed"},
		"input that must not change": {"input = local.config\n  lifecycle { on_input_change = \"fail\" }", "Input changed", ""},
		"input that replaces":        {"input = local.config\n  lifecycle { on_input_change = \"replace\" }", renewed, ""},
		"input that is ignored":      {"input = local.config\n  lifecycle { on_input_change = \"ignore\" }", "", ""},
		"triggers":                   {"lifecycle { replace_triggered_by = [local.config] }", "", ""},
		"several triggers":           {"lifecycle { replace_triggered_by = [var.version, local.token] }", "", ""},
		"text of an input":           {`input = { text = "${local.token} of ${var.version}" }`, "", "Input changed"},
		"text of triggers":           {`lifecycle { replace_triggered_by = ["${local.token}${var.version}"] }`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.Replace(secretUse(`"x"`, ""), `key = "user"`, "key = \"user\"\n  "+c.body, 1))
			w.applied()
			w.settled()
			w.variables = given("version=2")
			switch p, diags := w.plan(); {
			case c.fails != "":
				w.fails(diags, c.fails)
			case c.warns != "":
				w.warns(diags, c.warns)
			default:
				w.fine(diags)
				w.equal(p.Plan.Summary().Replace, map[bool]int{true: 1}[strings.Contains(name, "triggers")])
			}
		})
	}
}

// An actor that is replaced when a secret changes may be made when nobody knows the secret any more.
func TestWhatReplacesAnActorIsRememberedUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, secretUse("local.token", ""))
	w.applied()
	w.write(secretUse("local.token", `actor "counter" "later" {
  key = "later"
  lifecycle { replace_triggered_by = [var.version, local.token] }
}`))
	w.applied()
	w.settled()
	id := w.id("counter", "later")
	w.variables = given("version=2")
	w.plans.Orders.Exclude = patterns("actor.probe.user")
	w.applied()
	w.settled()
	if w.id("counter", "later") == id {
		t.Error("it is not replaced")
	}
}

// TestWhatTurnsOutToBeTheSameStaysDone has a secret be made anew, and what is made of it come to the same as before.
func TestWhatTurnsOutToBeTheSameStaysDone(t *testing.T) {
	t.Parallel()
	const secret = `actor.values.issuer.step.set.output[0]`
	const issuer = `
variable "version" { default = 1 }
actor "values" "issuer" {
  key = "issuer"
  action "set" {
    call      = "echo"
    args      = ["secret ${var.version}"]
    run       = "on_change"
    sensitive = true
  }
}
`
	for name, source := range map[string]string{
		"arguments":  `action "use" {\n call = "call"\n args = ["use", length(SECRET)]\n run = "on_change"\n}`,
		"triggers":   `action "use" {\n call = "call"\n args = ["use"]\n run = "on_change"\n triggers = length(SECRET)\n}`,
		"repetition": `action "use" {\n call = "call"\n for_each = toset(["one", "two"])\n args = ["use", "${each.key} ${length(SECRET)}"]\n run = "on_change"\n}`,
		"input":      `input = { n = length(SECRET) }`,
		"fail":       "input = { n = length(SECRET) }\nlifecycle { on_input_change = \"fail\" }",
		"ignore":     "input = { n = length(SECRET) }\nlifecycle { on_input_change = \"ignore\" }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := strings.NewReplacer("SECRET", "nonsensitive("+secret+")", `\n`, "\n").Replace(source)
			w := newWorld(t, issuer+"actor \"probe\" \"user\" {\n  key = \"user\"\n  "+body+"\n}\n")
			w.applied()
			w.settled()
			before, id := w.calls(), w.id("probe", "user")
			for _, version := range []string{"2", "3"} {
				w.variables = given("version=" + version)
				w.applied()
				w.settled()
			}
			w.equal(w.calls(), before)
			w.equal(w.id("probe", "user"), id)
		})
	}
}

// TestAnInputThatIsToStayIsLookedAtInItsTurn has an input be another one that is known only in the run.
func TestAnInputThatIsToStayIsLookedAtInItsTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "version" { default = 1 }
actor "values" "issuer" {
  key = "issuer"
  action "set" {
    call = "echo"
    args = [var.version]
    run  = "on_change"
  }
}
actor "probe" "user" {
  key   = "user"
  input = { n = actor.values.issuer.step.set.output[0] }
  lifecycle { on_input_change = "fail" }
}
`)
	w.applied()
	w.variables = given("version=2")
	_, diags := w.apply()
	w.fails(diags, "is not the one that the actor was created with")
}

// TestWhatWasMadeAnewStaysDue has a run make a call again, and end before those have its result that are made of it. They stay due:
// what they have is what it was before.
func TestWhatWasMadeAnewStaysDue(t *testing.T) {
	t.Parallel()
	const set = "actor.values.issuer.action.set"
	source := `
variable "version" { default = 1 }
actor "values" "issuer" {
  key = "issuer"
  action "set" {
    call      = "echo"
    args      = [var.version, 0]
    run       = "on_change"
    sensitive = SECRET
  }
}
actor "probe" "user" {
  key = "user"
  action "before" {
    call = "call"
    args = ["before", var.version]
    run  = "on_change"
  }
  action "use" {
    call = "call"
    args = ["use", actor.values.issuer.step.set.output]
    run  = "on_change"
  }
}
actor "counter" "replaced" {
  key        = "replaced"
  depends_on = [actor.probe.user]
  lifecycle { replace_triggered_by = [actor.values.issuer.step.set.output] }
}
`
	marked := plan.Orders{MarkDone: patterns(set)}
	for name, c := range map[string]struct {
		fault      operatetest.Fault // of the second call
		orders     plan.Orders       // of the plan after that
		secret     string
		due, known bool // whether the others are due, with a result that is known
		apart      bool // whether the orders are carried out in a run of their own, on the one actor
	}{
		"a secret":                              {operatetest.Delivered, plan.Orders{}, "true", true, false, false},
		"a secret in doubt, and marked":         {operatetest.LostAfter, marked, "true", true, false, false},
		"a secret in doubt, and left in doubt":  {operatetest.LostAfter, plan.Orders{OnUnknown: plan.OrderSkip}, "true", false, false, false},
		"a secret that was refused, and marked": {operatetest.Refused, marked, "true", true, false, false},
		"anything":                              {operatetest.Delivered, plan.Orders{}, "false", true, true, false},
		"anything in doubt, and marked":         {operatetest.LostAfter, marked, "false", true, false, false},
		"anything in doubt, and left in doubt":  {operatetest.LostAfter, plan.Orders{OnUnknown: plan.OrderSkip}, "false", false, false, false},
		"a secret in doubt, and marked apart":   {operatetest.LostAfter, marked, "true", true, false, true},
		"anything in doubt, and marked apart":   {operatetest.LostAfter, marked, "false", true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.Replace(source, "SECRET", c.secret, 1))
			w.applied()
			w.settled()
			w.variables = given("version=2")
			w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
				switch {
				case r.Verb != "call":
					return operatetest.Delivered
				case r.What == "echo":
					return c.fault
				}
				return operatetest.Refused
			}
			if _, diags := w.apply(); !diags.HasErrors() {
				t.Fatal("nothing failed")
			}
			w.rivet.OnRequest = nil
			w.plans.Orders = c.orders
			if c.apart {
				w.plans.Orders.Target = patterns("actor.values.issuer")
				w.selection = w.plans.Orders
				w.applied()
				w.plans.Orders, w.selection = plan.Orders{}, nil
			}
			p, diags := w.plan()
			w.equal(p.Plan.Summary().Replace, map[bool]int{true: 1}[c.due])
			if c.due && !c.known {
				w.fails(diags, "Result is not known: actor.probe.user.action.use needs the result of "+set)
				w.plans.Orders = plan.Orders{Rerun: patterns(set)}
			} else {
				w.fine(diags)
			}
			w.applied()
			w.plans.Orders = plan.Orders{}
			if c.due {
				w.settled()
				w.equal(w.calls()["user use"], 2)
			}
		})
	}
}

// TestWhatAnEnsureGaveAnewStaysDue has the same of an ensure, whose result is another one as its fact did not hold any more.
func TestWhatAnEnsureGaveAnewStaysDue(t *testing.T) {
	t.Parallel()
	source := `
variable "version" {
  type    = number
  default = 1
}
actor "counter" "issuer" {
  key = "issuer"
  STEP
}
actor "probe" "user" {
  key = "user"
  action "before" {
    call = "call"
    args = ["before", var.version]
    run  = "on_change"
  }
  action "use" {
    call = "call"
    args = ["use", actor.counter.issuer.step.count.output]
    run  = "on_change"
  }
}
`
	const step = "ensure \"count\" {\n    value = self.state.count\n    want  = var.version\n    call  = \"increment\"\n    args  = [1]\n    sensitive = SECRET\n  }"
	const always = "action \"get\" { run = \"always\" }\n  " + step
	for name, c := range map[string]struct {
		step   string
		fault  operatetest.Fault // of the second call
		secret string
		fails  bool // the plan after that, until the step that is due is recorded as done
		calls  int  // in the end
	}{
		"anything":               {step, operatetest.Delivered, "false", false, 2},
		"anything in doubt":      {step, operatetest.LostAfter, "false", true, 1},
		"anything refused":       {step, operatetest.Refused, "false", false, 2},
		"a secret":               {step, operatetest.Delivered, "true", true, 1},
		"a secret in doubt":      {step, operatetest.LostAfter, "true", true, 1},
		"after what runs always": {always, operatetest.Delivered, "false", false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, strings.NewReplacer("STEP", strings.ReplaceAll(c.step, "SECRET", c.secret)).Replace(source))
			w.applied()
			w.settled()
			w.applied()
			w.equal(w.calls()["user use"], 1)
			w.variables = given("version=2")
			w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
				switch {
				case r.Verb == "call" && r.What == "increment":
					return c.fault
				case r.Verb == "call" && r.What == "call":
					return operatetest.Refused
				}
				return operatetest.Delivered
			}
			if _, diags := w.apply(); !diags.HasErrors() {
				t.Fatal("nothing failed")
			}
			w.rivet.OnRequest = nil
			if c.fails {
				_, diags := w.plan()
				w.fails(diags, "Result is not known: actor.probe.user.action.use needs the result of actor.counter.issuer.ensure.count")
				w.plans.Orders = plan.Orders{MarkDone: patterns("actor.probe.user.action.use")}
			}
			w.applied()
			w.plans.Orders = plan.Orders{}
			w.settled()
			w.applied()
			w.equal(w.calls()["user use"], c.calls)
		})
	}
}

// TestNobodyCanVerifyWhatNobodyKept has facts about a result that nobody kept: nobody can tell whether they hold, and to look again and
// again does not help.
func TestNobodyCanVerifyWhatNobodyKept(t *testing.T) {
	t.Parallel()
	const secret = "actor.probe.issuer.step.mint.output.secret"
	for name, c := range map[string]struct{ kind, fact string }{
		"a value":         {"expect", "value = length(" + secret + ") > 0\n  want = true"},
		"a condition":     {"expect", "condition = " + secret + ` != "x"`},
		"what is ensured": {"ensure", "call = \"call\"\n  args = [\"it\"]\n  value = self.state.open\n  want = " + secret + ` == "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, secretUse("local.token", "actor \"probe\" \"fact\" {\n  key = \"fact\"\n  "+c.kind+" \"it\" {\n  "+c.fact+"\n  }\n}"))
			w.applied()
			w.settled()
			v, diags := w.verify()
			w.fails(diags, "Fact cannot be verified: actor.probe.fact."+c.kind+".it is about the result of actor.probe.issuer.action.mint")
			w.equal([]bool{v.Drifted, v.Unclear}, []bool{false, true})
			w.equal(v.Document.ReportLine(), "Verify failed: 0 hold, 0 do not hold, 1 not looked at.")
		})
	}
}

// TestAGuardThatNobodyCanEvaluateAgainStaysAsItWas has guards that are made of a secret and let nothing be made.
func TestAGuardThatNobodyCanEvaluateAgainStaysAsItWas(t *testing.T) {
	t.Parallel()
	const mint, guarded = "actor.probe.issuer.action.mint", "actor.probe.user.action.guarded"
	const secret = "actor.probe.issuer.step.mint.output.secret"
	for _, guard := range []string{"only_if = " + secret + ` == "x"`, "unless = " + secret + ` != "x"`} {
		source := func(guard string) string {
			return strings.Replace(secretUse("local.token", ""), `key = "user"`,
				"key = \"user\"\n  action \"guarded\" {\n    call = \"call\"\n    args = [\"guarded\"]\n    "+guard+"\n  }", 1)
		}
		w := newWorld(t, source(guard))
		w.applied()
		w.settled()
		w.applied()
		w.called("issuer mint", "user use")
		const move = "moved {\n  from = actor.probe.user.action.FROM\n  to   = actor.probe.user.action.TO\n}"
		for _, names := range [][]string{{"guarded", "renamed"}, {"renamed", "guarded"}} {
			renamed := strings.Replace(source(guard), `action "guarded"`, "action \""+names[1]+"\"", 1)
			w.write(renamed + strings.NewReplacer("FROM", names[0], "TO", names[1]).Replace(move))
			w.settled()
			w.applied()
			w.write(renamed)
			w.settled()
		}
		w.write(source(strings.Replace(guard, `"x"`, `"y"`, 1)))
		_, diags := w.plan()
		w.fails(diags, "Result is not known: "+guarded+" needs the result of "+mint)
		w.plans.Orders = plan.Orders{Rerun: patterns(mint)}
		w.applied()
		w.plans.Orders = plan.Orders{}
		w.settled()
		w.write(source(""))
		w.applied()
		w.settled()
		w.called("issuer mint", "issuer mint", "user guarded", "user use", "user use")
	}
}

// TestAFarewellNeedsItsResultsBeforeAnythingIsDestroyed has what comes before an actor is destroyed be made of a result that nobody keeps.
func TestAFarewellNeedsItsResultsBeforeAnythingIsDestroyed(t *testing.T) {
	t.Parallel()
	const mint, bye = "actor.probe.issuer.action.mint", "actor.probe.user.action.bye"
	replace := plan.Orders{Replace: patterns("actor.probe.user")}
	for name, farewell := range map[string]string{
		"arguments":  `args = ["bye", local.token]`,
		"a guard":    "args = [\"bye\"]\n only_if = local.token != \"\"",
		"parameters": "args = [\"bye\"]\n params = { token = local.token }",
	} {
		for mode, orders := range map[plan.Mode]plan.Orders{plan.ModeDestroy: {}, plan.ModeApply: replace} {
			t.Run(name+", "+string(mode), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, strings.Replace(secretUse("1", ""), `key = "user"`, `key = "user"
  action "bye" {
    call = "call"
    run  = "on_destroy"
    `+farewell+`
  }`, 1))
				lacking := "Result is not known: " + bye + " needs the result of " + mint + ", and there is none that was kept: it is sensitive"
				_, diags := w.apply()
				w.fine(diags)
				w.warns(diags, lacking)
				_, diags = w.plan()
				w.fine(diags)
				w.warns(diags, lacking)
				id := w.id("probe", "user")
				w.plans.Mode, w.plans.Orders = mode, orders
				_, diags = w.apply()
				w.fails(diags, lacking)
				w.called("issuer mint", "user use")
				w.plans.Orders.MarkDone = patterns(bye)
				w.applied()
				if w.rivet.Actors("probe")["user"].ID == id {
					t.Error("it is still there")
				}
			})
		}
	}
}

// TestAFarewellIsMadeOfWhatWasSealed does what a warning says of a step that could not be made before its actors are destroyed.
func TestAFarewellIsMadeOfWhatWasSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, secretUse("1", `
actor "probe" "each" {
  for_each = toset(["a", "b", "c"])
  key      = each.key
  action "bye" {
    call = "call"
    args = ["bye", local.token, self.state.calls]
    run  = "on_destroy"
  }
}
`))
	const lacking = "Result is not known: actor.probe.each[\"a\"].action.bye needs the result of actor.probe.issuer.action.mint"
	_, diags := w.apply()
	w.warns(diags, lacking)
	_, diags = w.plan()
	w.warns(diags, lacking)
	w.warns(diags, "or RIVETER_LEDGER_PASSPHRASE. The same goes for 2 more.\n")
	w.seals()
	_, diags = w.plan()
	w.warns(diags, lacking)

	w.plans.Orders.Rerun = patterns("actor.probe.issuer.action.mint")
	_, diags = w.apply()
	w.warns(diags)
	w.plans.Orders = plan.Orders{}
	_, diags = w.plan()
	w.warns(diags)
	w.plans.Mode = plan.ModeDestroy
	w.applied()
	w.equal(w.keys("probe"), []string(nil))
}

// TestAFarewellThatIsNeverMadeLacksNothing has a guard be known to keep a step from being made.
func TestAFarewellThatIsNeverMadeLacksNothing(t *testing.T) {
	t.Parallel()
	for guard, warning := range map[string]string{"only_if = false": "", "unless = true": "", "only_if = true": "Result is not known: "} {
		w := newWorld(t, secretUse("1", `
actor "probe" "each" {
  key = "each"
  action "bye" {
    call = "call"
    args = ["bye", local.token]
    run  = "on_destroy"
    `+guard+`
  }
}
`))
		for range 2 {
			_, diags := w.apply()
			w.fine(diags)
			if warning == "" {
				w.equal(len(diags), 0)
				continue
			}
			w.warns(diags, warning)
		}
	}
}

// TestAGuardThatTurnsOutToBeLostIsRefused has a result that turns out not to be made anew be what the guard of another call needs.
func TestAGuardThatTurnsOutToBeLostIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "version" { default = 1 }
actor "counter" "c" {
  key = "c"
  action "get" { run = "always" }
}
actor "probe" "issuer" {
  key = "issuer"
  action "mint" {
    args      = ["mint", actor.counter.c.step.get.output]
    run       = "on_change"
    sensitive = true
  }
}
actor "probe" "user" {
  key = "user"
  action "use" {
    call    = "call"
    args    = ["use", var.version]
    run     = "on_change"
    only_if = actor.probe.issuer.step.mint.output.secret != ""
  }
}
`)
	w.applied()
	w.variables = given("version=2")
	_, diags := w.apply()
	w.fails(diags, "needs the result of actor.probe.issuer.action.mint")
	w.called("issuer mint", "user use")
}

// TestWhatIsLookedAtAfterAStepThatIsMadeAlwaysLacksNothing has steps that need a result which nobody kept, and that may be due only as one before
// them is made always: they are refused when they are due, or no plan would ever be without an error.
func TestWhatIsLookedAtAfterAStepThatIsMadeAlwaysLacksNothing(t *testing.T) {
	t.Parallel()
	const (
		always  = "action \"always\" {\n call = \"call\"\n args = [\"always\"]\n run = \"always\"\n}\n"
		secret  = "actor.probe.issuer.step.mint.output.secret"
		call    = "action \"use\" {\n call = \"call\"\n args = [\"use\", " + secret + "]\n run = \"on_change\"\n"
		fact    = "ensure \"use\" {\n call = \"establish\"\n args = [\"use\", " + secret + "]\n want = 1\n value = "
		mint    = "actor.probe.issuer.action.mint"
		refused = "needs the result of " + mint
	)
	for name, c := range map[string]struct {
		step   string
		calls  []string // to the user, at first
		member string   // of the actor that says whether the step is due, and what it says then
		value  any
	}{
		"a guard":  {call + "only_if = SAYS.open\n}\n", nil, "open", true},
		"triggers": {call + "triggers = [SAYS.open]\n}\n", []string{"user use"}, "open", true},
		"a fact":   {fact + "try(SAYS.facts.use, 1)\n}\n", nil, "facts", map[string]any{"use": 2.0}},
	} {
		for _, speaker := range []string{"user", "other"} {
			t.Run(name+", by what is said by the "+speaker, func(t *testing.T) {
				t.Parallel()
				actor := func(label, steps string) string {
					return "actor \"probe\" \"" + label + "\" {\n key = \"" + label + "\"\n read \"report\" {}\n" + steps + "}\n"
				}
				step := strings.ReplaceAll(c.step, "SAYS", "actor.probe.other.read.report")
				source := actor("other", always) + actor("user", step)
				if speaker == "user" {
					source = actor("user", always+strings.ReplaceAll(c.step, "SAYS", "read.report"))
				}
				w := newWorld(t, source+actor("issuer", "action \"mint\" {\n args = [\"mint\"]\n sensitive = true\n}\n"))
				w.applied()
				w.settled()
				w.applied()
				w.called(append(c.calls, "issuer mint", speaker+" always", speaker+" always")...)

				w.rivet.Tamper(w.id("probe", speaker), c.member, c.value)
				_, diags := w.apply()
				w.fails(diags, refused)
				w.plans.Orders.Rerun = patterns(mint)
				_, diags = w.apply()
				if name != "a fact" { // which the probe does not say in that way
					w.fine(diags)
				}
				w.equal(w.calls()["user use"], len(c.calls)+1)
			})
		}
	}
}
