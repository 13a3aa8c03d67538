package operate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unmade has values that nobody knows before it is applied, made in every way there is.
const unmade = `
variable "who" { default = "guest" }
variable "token" {
  default   = "sesame"
  sensitive = true
}
locals {
  greeting = "hello ${var.who}" // for whom
  first    = "${local.greeting}, ${actor.probe.a.id}"
  people   = { ada = actor.probe.a.id, bob = "bob" }
}
module "team" {
  source = "./team"
  name   = "team of ${actor.probe.a.id}"
}
data "probe" "late" {
  key        = ["late"]
  depends_on = [actor.probe.a]
  read "said" {
    action = "call"
    args   = ["one"]
  }
}
data "probe" "found" {
  key    = [actor.probe.a.step.first.output, "guest"]
  params = { as = "reader", by = "for ${actor.probe.a.id}" }
  read "said" { action = "call" }
}
data "probe" "named" {
  id = "${actor.probe.a.step.first.output}named"
  params = { token = sensitive("key"), as = "namer" }
  read "said" { action = "call" }
}
actor "probe" "there" { key = "there" }
actor "probe" "a" {
  key = "a"
  read "said" {
    action = "call"
    args   = ["first"]
  }
  action "first" {
    call = "call"
    args = ["k"]
  }
}
actor "probe" "b" {
  for_each = local.people
  key      = ["b", each.key]
  input    = { note = "made by ${actor.probe.a.id}" }
  action "given"  {
    call = "call"
    args = ["${var.who}-${actor.probe.a.step.first.output}"]
  }
  action "first"  {
    call = "call"
    args = [local.first, module.team.motto, data.probe.late.read.said, data.probe.found.read.said, data.probe.named.read.said]
  }
  action "self"   {
    call = "call"
    args = [step.id, self.state, actor.probe.a.read.said, each.value]
  }
  action "secret" {
    call = "call"
    args = ["${var.token}-${self.id}"]
  }
  action "either" {
    call = "call"
    args = [actor.probe.a.step.first.output[0], actor.probe.there.id, "${actor.probe.there.id}/${self.id}"]
  }
  action "guarded" {
    call    = "call"
    args    = []
    only_if = self.created && actor.probe.a.id == "x"
    params  = { user = "u-${self.id}" }
    await "done" { condition = event.args[0] == "yes" }
  }
  action "rounds" {
    call     = "call"
    for_each = toset([self.id, "more"])
    args     = [each.value]
  }
  action "often" {
    call     = "call"
    for_each = toset([self.id, "often"])
    args     = ["x"]
  }
}
`

const team = `variable "name" {}
output "motto" { value = "we are ${var.name}" }
`

func (w *world) transition() string {
	w.Helper()
	p, diags := w.plan()
	w.fine(diags)
	return p.Document.Transition
}

// writeTeam makes this the configuration, and the other that of the module in it.
func (w *world) writeTeam(main, team string) {
	w.Helper()
	w.write(main)
	dir := filepath.Join(w.dir, "team")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(team), 0o600); err != nil {
		w.Fatal(err)
	}
}

// What is approved is also how that is made which nobody knows yet.
func TestAnApprovalHoldsHowIsMadeWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "there" { key = "there" }`)
	w.applied()
	w.writeTeam(unmade, team)
	approved := w.transition()
	for name, tt := range map[string]struct {
		before, after string
		same          bool
	}{
		"a part that is known":             {before: `"${var.who}-`, after: `"ADMIN-`},
		"a variable":                       {before: `"guest"`, after: `"ADMIN"`},
		"another expression":               {before: `"${var.who}-${actor.probe.a.step.first.output}"`, after: `"rm -rf ${step.id}"`},
		"an attribute":                     {before: `[step.id,`, after: `[self.id,`},
		"a local value of a local value":   {before: `"hello ${`, after: `"bye ${`},
		"the argument of a module":         {before: `"team of ${`, after: `"gang of ${`},
		"what a module makes of it":        {before: `"we are ${`, after: `"they are ${`},
		"what a later read asks":           {before: `["one"]`, after: `["two"]`},
		"whom a later read asks":           {before: `["late"]`, after: `["early"]`},
		"what another actor's read asks":   {before: `["first"]`, after: `["second"]`},
		"whom a read asks by what is made": {before: `"guest"]`, after: `"admin"]`},
		"whom a read asks by an id":        {before: `output}named`, after: `output}other`},
		"as whom a read asks":              {before: `"reader"`, after: `"admin"`},
		"with which token a read asks":     {before: `sensitive("key")`, after: `sensitive("other")`, same: true},
		"as whom one with a token asks":    {before: `"namer"`, after: `"admin"`},
		"as what is made a read asks":      {before: `"for ${`, after: `"by ${`},
		"an element":                       {before: `output[0]`, after: `output[1]`},
		"what is repeated":                 {before: `ada = actor.probe.a.id`, after: `ada = upper(actor.probe.a.id)`},
		"a secret part":                    {before: `"sesame"`, after: `"open"`},
		"an input":                         {before: `"made by ${`, after: `"taken from ${`},
		"another actor":                    {before: `"${actor.probe.there.id}/`, after: `"${actor.probe.a.id}/`},
		"a guard":                          {before: `a.id == "x"`, after: `a.id != "x"`},
		"parameters":                       {before: `"u-${`, after: `"admin-${`},
		"which event":                      {before: `== "yes"`, after: `== "no"`},
		"how often, whatever is sent":      {before: `"often"])`, after: `"seldom"])`},
		"how often":                        {before: `"more"])`, after: `"less"])`},
		"another layout":                   {before: `"${local.greeting}, ${actor.probe.a.id}"`, after: "/* as ever */ \"${ local.greeting }, ${\nactor.probe.a.id }\"", same: true},
		"what a local value is called":     {before: "greeting", after: "salutation", same: true},
		"what nothing is made of":          {before: "// for whom", after: "\nrest = var.who", same: true},
		"a local value for what it holds":  {before: `"${var.who}-${`, after: `"${lower("GUEST")}-${`, same: false},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			w.writeTeam(strings.ReplaceAll(unmade, tt.before, tt.after), strings.ReplaceAll(team, tt.before, tt.after))
			if got := w.transition(); (got == approved) != tt.same {
				t.Errorf("the same transition: %t, want %t", got == approved, tt.same)
			}
		})
	}
}

func TestWhatIsNotKnownIsMadeAlikeInAllEnvironments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
namespace "staging" {}
actor "probe" "there" { key = "there" }`)
	transitions := map[string]string{}
	for _, namespace := range []string{"default", "staging"} {
		w.namespace = namespace
		w.write("namespace \"staging\" {}\nactor \"probe\" \"there\" { key = \"there\" }")
		w.applied()
	}
	w.writeTeam(unmade, team)
	for _, namespace := range []string{"default", "staging"} {
		w.namespace = namespace
		transitions[namespace] = w.transition()
	}
	w.equal(transitions["staging"], transitions["default"])
}

// TestWhatAnEnvironmentCallsItsActorsMakesNoDifference sends ids and times of actors in every way there is.
func TestWhatAnEnvironmentCallsItsActorsMakesNoDifference(t *testing.T) {
	t.Parallel()
	const there = "namespace \"staging\" {}\nactor \"probe\" \"there\" { key = \"there\" }\n"
	for name, source := range map[string]string{
		"key":             `actor "probe" "b" { key = [actor.probe.there.id] }`,
		"a part of a key": `actor "probe" "b" { key = ["b", "of ${actor.probe.there.id}"] }`,
		"name of a member": `actor "probe" "b" {
			key   = "b"
			input = { (actor.probe.there.id) = 1, "x-${actor.probe.there.id}" = { deep = actor.probe.there.id } }
		}`,
		"time": `actor "probe" "b" {
			key   = "b"
			input = [actor.probe.there.create_ts, "at ${actor.probe.there.create_ts}"]
		}`,
		"made of what is known": `actor "probe" "b" {
			key   = "b"
			input = ["${actor.probe.later.id}", "${actor.probe.there.create_ts}-${actor.probe.there.id}"]
		}
		actor "probe" "later" { key = "later" }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, there)
			transitions := map[string]string{}
			for _, namespace := range []string{"default", "staging"} {
				w.namespace = namespace
				w.write(there)
				w.applied()
				w.write(there + source)
				transitions[namespace] = w.transition()
			}
			w.equal(transitions["staging"], transitions["default"])
			w.write(there + strings.ReplaceAll(source, ".create_ts", ".id"))
			if strings.Contains(source, ".create_ts") && w.transition() == transitions["staging"] {
				t.Error("an id is sent for a time, and the transition is the same")
			}
		})
	}
}
