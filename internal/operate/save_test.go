package operate_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl"
	"riveter/internal/operate"
	"riveter/internal/planfile"
	"riveter/internal/redact"
	"riveter/plan"
)

const saved = `
variable "version" { default = 1 }
variable "token" {
  default   = ""
  sensitive = true
}
actor "probe" "base" {
  for_each = toset(["a", "b"])
  key      = each.key
  input    = { note = var.token }
  read "report" { action = "report" }
  action "seed" {
    call = "call"
    args = ["seed", var.version, file("${path.module}/seed.txt"), env("PLACE", "nowhere")]
    run  = "on_change"
  }
  ensure "weight" {
    value = try(read.report.facts.weight, 0)
    want  = 3
    call  = "establish"
    args  = ["weight", 3]
  }
}
actor "probe" "after" {
  key = "after"
  action "seed" {
    call = "call"
    args = ["seed", var.version, actor.probe.base["a"].id]
    run  = "on_change"
  }
}
`

// save makes a plan and returns it as it is read back from a file.
func (w *world) save() *planfile.File {
	w.Helper()
	var f *planfile.File
	w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics {
		p, diags := s.Plan(w.Context(), w.plans)
		if diags.HasErrors() {
			return diags
		}
		var err error
		if f, err = s.Save(p, "memory"); err != nil {
			w.Fatal(err)
		}
		return diags
	}))
	data, err := json.Marshal(f)
	if err != nil {
		w.Fatal(err)
	}
	f = &planfile.File{}
	if err := json.Unmarshal(data, f); err != nil {
		w.Fatal(err)
	}
	return f
}

// resume applies a saved plan. Without skip, nothing that is stale is.
func (w *world) resume(f *planfile.File, skip bool) (a *operate.Applied, diags hcl2.Diagnostics) {
	w.Helper()
	r, err := operate.Restore(f, w.loading())
	if err != nil {
		return nil, operate.Diagnose(err)
	}
	c, diags := operate.Load(w.Context(), r.Loading)
	if diags.HasErrors() {
		return nil, diags
	}
	s, more := operate.Open(w.Context(), operate.Parts{Configuration: c, Server: w.rivet.Server(w.namespace), Home: w.home})
	if diags = append(diags, more...); more.HasErrors() {
		return nil, diags
	}
	defer func() { w.fine(s.Close(w.Context())) }()
	r.Skip = skip
	p, more := s.Resume(w.Context(), r)
	if diags = append(diags, more...); diags.HasErrors() {
		return nil, diags
	}
	a, more = s.Apply(w.Context(), p, w.applies)
	return a, append(diags, more...)
}

func newSaved(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, saved)
	w.env = map[string]string{"PLACE": "here"}
	if err := os.WriteFile(filepath.Join(w.dir, "seed.txt"), []byte("seeds"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.variables = given("version=1")
	return w
}

// A saved plan needs neither the configuration nor the environment that it was made in.
func TestASavedPlanNeedsNothingElse(t *testing.T) {
	t.Parallel()
	w := newSaved(t)
	f := w.save()
	if err := os.RemoveAll(w.dir); err != nil {
		t.Fatal(err)
	}
	w.env, w.variables = map[string]string{"PLACE": "there"}, nil
	a, diags := w.resume(f, false)
	w.fine(diags)
	w.equal(a.Document.Transition, f.Transition)
	w.equal(w.keys("probe"), []string{"a", "after", "b"})
	_, diags = w.resume(f, false)
	w.fails(diags, `actor.probe.after: it exists now`)
}

// Whatever has changed of what a plan takes for granted is told, and nothing is applied; nor is anything told that has not.
func TestWhatIsStale(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		happens func(*world)
		want    []string // what is told, by address; none: it is fine
		left    []string // what is not started with -stale=skip
	}{
		"nothing": {func(*world) {}, nil, nil},
		"others in the ledger": {func(w *world) {
			w.write(saved + `actor "probe" "other" { key = "other" }`)
			w.plans.Orders.Target = patterns("actor.probe.other")
			w.applied()
		}, nil, nil},
		"others on the server": {func(w *world) { w.rivet.Create("probe", []string{"stranger"}, nil) }, nil, nil},
		"asleep":               {func(w *world) { w.rivet.Sleep(w.id("probe", "a")) }, nil, nil},
		"a fact": {
			func(w *world) { w.rivet.Tamper(w.id("probe", "b"), "facts", map[string]any{"weight": 9.0}) },
			[]string{`actor.probe.base["b"]: what would be done about it is something else now`},
			[]string{`probe.base["b"]`},
		},
		"made anew": {
			func(w *world) {
				w.rivet.Destroy(w.id("probe", "b"))
				w.rivet.Create("probe", []string{"b"}, nil)
			},
			[]string{`actor.probe.base["b"]: the actor`, "was destroyed, and made anew as"},
			[]string{`probe.base["b"]`},
		},
		"destroyed, with what refers to it": {
			func(w *world) { w.rivet.Destroy(w.id("probe", "a")) },
			[]string{`actor.probe.base["a"]: the actor`, "does not exist any more", "actor.probe.after: what would be done"},
			[]string{"probe.after", `probe.base["a"]`},
		},
		"done already": {func(w *world) {
			w.variables = given("version=2")
			defer func() { w.variables = nil }()
			w.plans.Orders.Target = patterns(`actor.probe.base["b"]`)
			w.applied()
		}, []string{`actor.probe.base["b"]: the ledger remembers something else of it`}, []string{`probe.base["b"]`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSaved(t)
			w.applied()
			w.variables = given("version=2")
			f := w.save()
			w.variables = nil
			tt.happens(w)
			w.plans.Orders.Target = nil
			before := w.calls()
			if tt.want != nil {
				_, diags := w.resume(f, false)
				w.fails(diags, tt.want[0])
				for _, want := range tt.want {
					if !strings.Contains(told(diags), want) {
						t.Errorf("nothing says %q: %s", want, told(diags))
					}
				}
				w.equal(w.calls(), before)
			}
			a, diags := w.resume(f, true)
			w.fine(diags)
			var left []string
			for c := range a.Document.Changes.All() {
				if c.Outcome == "not_started" {
					left = append(left, short(c.Address))
				}
			}
			w.equal(left, tt.left)
			w.equal(a.Report.Failed(), len(tt.left) > 0)
			if name == "nothing" {
				w.equal(len(w.calls()), len(before))
			}
		})
	}
}

// What holds a secret is not in the file: it is taken from where it was, and is what it was, or nothing is sent.
func TestASecretIsWithheld(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(w *world, secret string){
		"flag":        func(w *world, secret string) { w.variables = given("token=" + secret) },
		"environment": func(w *world, secret string) { w.env["RIVETER_VAR_token"] = secret },
		"file": func(w *world, secret string) {
			if err := os.WriteFile(filepath.Join(w.dir, "x.auto.rivetvars.hcl"), []byte(`token = "`+secret+`"`), 0o600); err != nil {
				w.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSaved(t)
			w.variables = nil
			give(w, "planted-secret")
			w.applied()
			w.rivet.Destroy(w.id("probe", "b"))
			f := w.save()
			data, err := json.Marshal(f)
			if err != nil || strings.Contains(string(data), "planted") {
				t.Fatalf("%v: the secret is in the file:\n%s", err, data)
			}
			give(w, "another-secret")
			requests := len(w.rivet.Requests())
			_, diags := w.resume(f, false)
			w.fails(diags, "is not what it was when the plan was made")
			for _, r := range w.rivet.Requests()[requests:] {
				if r.Verb != "look up namespace" {
					t.Errorf("%s was asked", r.Verb)
				}
			}
			give(w, "planted-secret")
			_, diags = w.resume(f, false)
			w.fine(diags)
			w.equal(w.keys("probe"), []string{"a", "after", "b"})
		})
	}
}

// What stands beside a secret is what was looked at, or nothing is sent, also before a ledger has a key. Which secret it is nobody can compare then, as nothing is
// kept of it.
func TestWhatIsBesideASecretIsComparedBeforeThereIsALedger(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"main.rivet.hcl": `
variable "key" {
  default   = "SECRET"
  sensitive = true
}
variable "token" { sensitive = true }
variable "greeting" {}
actor "probe" "p" {
  key = "p"
  action "call" { args = ["PLAIN ${var.key}", "${var.greeting} ${var.token}"] }
}`,
		"more.rivet.json":      `{"actor": {"probe": {"q": {"key": "q", "action": {"call": {"args": ["${sensitive(\"SECRET\")}", "${\"PLAIN\"} ${var.key}"]}}}}}}`,
		"x.auto.rivetvars.hcl": "token = \"SECRET\"\ngreeting = \"PLAIN\"\n",
	}
	give := func(w *world, name, secret, plain string) {
		w.secrets = &redact.Set{} // of another run
		w.writeFiles(map[string]string{name: strings.NewReplacer("SECRET", secret, "PLAIN", plain).Replace(files[name])})
	}
	for name := range files {
		for what, then := range map[string]struct {
			secret, plain string
			refused       bool
		}{
			"the same":       {"planted-one", "plainly", false},
			"another secret": {"planted-two", "plainly", false},
			"something else": {"planted-one", "otherwise", true},
			"both":           {"planted-two", "otherwise", true},
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, "")
				for name := range files {
					give(w, name, "planted-one", "plainly")
				}
				f := w.save()
				give(w, name, then.secret, then.plain)
				_, diags := w.resume(f, true)
				if !then.refused {
					w.fine(diags)
					return
				}
				w.fails(diags, name+" is not what it was when the plan was made")
				w.equal(len(w.calls()), 0)
			})
		}
	}
}

// A default of a sensitive variable is a secret, whatever the variable is given.
func TestADefaultThatIsNotUsedIsWithheld(t *testing.T) {
	t.Parallel()
	const token = `
variable "token" {
  default   = "planted-default"
  sensitive = true
}
`
	const typed = `
variable "typed" {
  type      = object({ all = list(object({ pin = optional(string, "typed-default") })) })
  sensitive = true
}
`
	w := newWorld(t, token+`
module "inner" {
  source = "./inner"
  token  = var.token
}
actor "probe" "p" {
  key   = "p"
  input = var.token
}`)
	w.writeFiles(map[string]string{"inner/main.rivet.hcl": strings.ReplaceAll(token, "planted", "inner")})
	w.variables = given("token=given", `typed={ all = [] }`)
	w.writeFiles(map[string]string{"typed.rivet.hcl": typed})
	for name, source := range w.save().Sources.Files {
		if strings.Contains(string(source.Content), "-default") {
			t.Errorf("%s has it:\n%s", name, source.Content)
		}
	}
}

// What is written for a hidden variable is in no saved plan, whether it comes to be its value or not: names in it, what a module is given that is called nowhere, what
// is ephemeral, and a value in a file that another one is put over.
func TestWhatIsWrittenForHiddenVariablesIsWithheld(t *testing.T) {
	t.Parallel()
	const inner = "variable \"token\" {\n  default = null\n  sensitive = true\n}\nvariable \"plain\" { default = \"\" }\n"
	for name, c := range map[string]struct {
		file, source string
		withheld     bool
	}{
		"count":        {source: `module "m" { source = "./inner"; count = 0; token = "planted" ;}`, withheld: true},
		"enabled":      {source: `module "m" { source = "./inner"; enabled = var.on; token = "planted" ;}`, withheld: true},
		"for_each":     {source: `module "m" { source = "./inner"; for_each = {}; token = "planted" ;}`, withheld: true},
		"a part":       {source: `module "m" { source = "./inner"; count = 0; token = { a = [var.on ? "planted" : "", var.on] } ;}`, withheld: true},
		"a name there": {source: `module "m" { source = "./inner"; count = 0; token = { planted = var.on } ;}`, withheld: true},
		"JSON":         {file: "m.rivet.json", source: `{"module": {"m": {"source": "./inner", "count": 0, "token": {"planted": ["1"]}}}}`, withheld: true},
		"JSON, a part": {file: "m.rivet.json", source: `{"module": {"m": {"source": "./inner", "count": 0, "token": ["${var.on}", "planted"]}}}`, withheld: true},
		"not hidden":   {source: `module "m" { source = "./inner"; count = 0; plain = "planted" ;}`},
		"an argument":  {source: `module "m" { source = "./inner"; count = 0; token = env("planted", "") ;}`},

		"a name":             {source: `variable "v" { default = { planted = 1 }; sensitive = true ;}`, withheld: true},
		"a name of a map":    {source: `variable "v" { default = { a = { planted = 1 } }; type = map(map(number)); sensitive = true ;}`, withheld: true},
		"a name in the type": {source: `variable "v" { default = { planted = 1 }; type = object({ planted = number }); sensitive = true ;}`},
		"ephemeral":          {source: `variable "v" { default = "planted"; ephemeral = true ;}`, withheld: true},
		"ephemeral, a name":  {source: `variable "v" { default = { planted = 1 }; ephemeral = true ;}`, withheld: true},
		"ephemeral, in part": {source: `variable "v" { type = object({ a = optional(string, "planted") }); default = {}; ephemeral = true ;}`, withheld: true},

		"a file":           {file: "a.auto.rivetvars.hcl", source: `hidden = "planted"`, withheld: true},
		"a file, a name":   {file: "a.auto.rivetvars.hcl", source: `hidden = { planted = 1 }`, withheld: true},
		"a file, not this": {file: "a.auto.rivetvars.hcl", source: `plain = "planted"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "variable \"on\" { default = false }\nvariable \"plain\" { default = 0 }\nvariable \"hidden\" {\n  default = 1\n  ephemeral = true\n}\n")
			file := c.file
			if file == "" {
				file = "more.rivet.hcl"
			}
			w.writeFiles(map[string]string{file: strings.NewReplacer(`" { `, "\" {\n", "; ", "\n", " ;}", "\n}").Replace(c.source), "inner/main.rivet.hcl": inner})
			w.variables = given("hidden=another")
			for range 2 { // without a ledger, and with one
				found := w.save().Sources.Files[filepath.Join(w.dir, file)]
				w.equal(found.Withheld, c.withheld)
				w.equal(strings.Contains(string(found.Content), "planted"), !c.withheld)
				w.applied()
			}
		})
	}
}

// What is kept of something that is withheld is the same, whatever the secret, as long as there is no key that nobody has.
func TestNothingIsKeptOfASecretBeforeThereIsALedger(t *testing.T) {
	t.Parallel()
	save := func(secret string) planfile.Sources {
		w := newWorld(t, `
variable "pin" { sensitive = true }
variable "token" { default = "" }
actor "probe" "p" {
  key    = "p"
  params = { token = [var.token, env("TOKEN", ""), file("${path.module}/token.txt")] }
  input  = [var.pin, sensitive("`+secret+`"), sensitive("x${jsondecode(env("ASKED", "")).secret}")]
}`)
		w.variables = given("pin="+secret[:1], "token="+secret)
		w.env = map[string]string{"TOKEN": secret, "ASKED": `{"secret": "` + secret + `", "plain": 1}`}
		w.writeFiles(map[string]string{"token.txt": secret})
		sources := w.save().Sources
		byBase := map[string]planfile.Source{}
		for path, source := range sources.Files {
			byBase[filepath.Base(path)] = source
		}
		delete(byBase, filepath.Base(w.dir)) // which is listed
		sources.Files = byBase
		return sources
	}
	if diff := cmp.Diff(save("1-planted"), save("2-planted")); diff != "" {
		t.Errorf("something tells one secret from another:\n%s", diff)
	}
}

// Of secrets that are not there any more, it is always the same one that is asked for.
func TestAMissingSecretIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "a" { sensitive = true }
variable "b" { sensitive = true }
variable "c" { sensitive = true }
variable "d" { sensitive = true }
actor "probe" "it" {
  key = "it"
  action "call" { args = [var.a, var.b, var.c, var.d] }
}`)
	w.env = map[string]string{}
	for _, name := range []string{"a", "b", "c", "d"} {
		w.env["RIVETER_VAR_"+name] = "planted-" + name
	}
	f := w.save()
	w.env = nil
	for range 10 {
		_, diags := w.resume(f, false)
		w.fails(diags, "There is a secret in the environment variable RIVETER_VAR_a,")
	}
}

func TestASavedPlanIsForOneNamespaceAndOneLedger(t *testing.T) {
	t.Parallel()
	w := newSaved(t)
	w.applied()
	w.variables = given("version=2")
	f := w.save()
	w.variables = nil
	f.Target.NamespaceID = "another"
	_, diags := w.resume(f, true)
	w.fails(diags, "It was made for")
	f = w.saveWith("version=2")
	f.Ledger.Lineage = "another"
	_, diags = w.resume(f, true)
	w.fails(diags, "of the lineage another")
	f = w.saveWith("version=2")
	w.variables = given("version=3")
	_, diags = w.resume(f, true)
	w.fails(diags, "\"version\" was not")
	w.variables = nil
	_, diags = w.resume(f, false)
	w.fine(diags)
}

func (w *world) saveWith(variables ...string) *planfile.File {
	w.Helper()
	was := w.variables
	w.variables = given(variables...)
	defer func() { w.variables = was }()
	return w.save()
}

// What is ephemeral is in no file, and is given anew, in whatever way. A secret is withheld however short it is.
func TestEphemeralVariablesAreGivenAnew(t *testing.T) {
	t.Parallel()
	for name, planned := range map[string]func(*world){
		"a flag": func(w *world) { w.variables = given("pin=1", "token=ephemeral-one") },
		"the environment": func(w *world) {
			w.env = map[string]string{"RIVETER_VAR_token": "ephemeral-one", "RIVETER_VAR_pin": "1"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `
variable "pin" { sensitive = true }
variable "token" { ephemeral = true }
actor "probe" "p" {
  key    = "p"
  input  = { note = var.pin }
  params = { token = var.token }
  action "call" { args = ["a"] }
}`)
			planned(w)
			f := w.save()
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"ephemeral-one", "1"} {
				if encoded := base64.StdEncoding.EncodeToString([]byte(secret)); strings.Contains(string(text), `"`+encoded+`"`) || len(secret) > 1 && strings.Contains(string(text), secret) {
					t.Errorf("%s is in the file", secret)
				}
			}
			pin := "RIVETER_VAR_pin"
			w.env, w.variables = map[string]string{pin: w.env[pin]}, slices.DeleteFunc(w.variables, func(g hcl.Given) bool { return strings.HasPrefix(g.Assignment, "token") })
			_, diags := w.resume(f, false)
			w.fails(diags, "No value for variable")
			w.variables = append(w.variables, given("token=ephemeral-two")...)
			_, diags = w.resume(f, false)
			w.fine(diags)
		})
	}
}

// Of what is left out nobody has to decide anything.
func TestWhatIsSkippedIsNotUndecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "probe" "a" {
  key = "a"
  action "call" {
    args   = ["a"]
    expect = "never"
  }
}
actor "probe" "b" {
  key = "b"
  action "call" { args = ["b"] }
}
`)
	f := w.save()
	w.plans.Orders.Target = patterns("actor.probe.a")
	_, diags := w.apply()
	w.fails(diags, "Unexpected result")
	w.plans.Orders = plan.Orders{}
	_, diags = w.resume(f, false)
	w.fails(diags, "The plan is stale")
	a, diags := w.resume(f, true)
	w.fine(diags)
	w.equal(ended(a.Document), map[string]string{
		"probe.a": "not_started", "probe.a.action.call": "not_started", "probe.b": "done", "probe.b.action.call": "done",
	})
}
