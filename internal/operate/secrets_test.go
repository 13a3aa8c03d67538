package operate_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/internal/operate/operatetest"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/address"
)

// secretive hands a secret to actors in every way, of which some send it back.
const secretive = `
variable "token" {
  sensitive = true
}
variable "other" {
  sensitive = true
}
actor "vault" "v" {
  key    = "v"
  input  = { token = var.token }
  params = { token = var.token }
  action "store" { args = ["a", "${var.other}"] }
  action "reveal" {
    args = ["a"]
  }
}
actor "values" "echo" {
  key = "e"
  action "echo" {
    args = [var.token, actor.vault.v.step.reveal.output]
  }
  action "first" {
    args = ["id ${nonsensitive(sha256(var.token))} and ${actor.vault.v.step.reveal.output}"]
  }
}
actor "probe" "p" {
  key   = "p"
  input = { broken = [var.other] }
  action "call" {
    args       = [var.other]
    on_failure = "continue"
  }
}
actor "values" "unmarked" {
  key   = "u"
  input = { note = "${nonsensitive(var.other)} in the clear" }
  action "first" { args = ["${nonsensitive(var.other)} in the clear"] }
}
actor "values" "named" {
  key   = "named"
  input = { "${var.token}" = 1 }
  action "first" { args = [{ "${var.token}" = 1, of = [{ "a ${var.other}" = 2 }] }] }
  ensure "input" {
    value = self.state.input
    want  = { other = 2 }
    call  = "first"
  }
}
output "shown" { value = actor.values.echo.step.first.output }
`

func TestNoSecretIsKeptOrTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, secretive)
	w.variables = given("token=sesame-open", "other=other-secret")
	a, diags := w.apply()
	w.fails(diags, "(sensitive) is broken", "Fact does not hold")
	w.tellsNothingOf(a, diags, "sesame-open", "other-secret")
}

// tellsNothingOf looks for secrets in all that an apply tells and leaves.
func (w *world) tellsNothingOf(a *operate.Applied, diags hcl2.Diagnostics, secrets ...string) {
	w.Helper()
	document, err := json.Marshal(a.Document)
	if err != nil {
		w.Fatal(err)
	}
	memory, err := w.memory.Load(w.Context())
	if err != nil || len(memory) < 100 {
		w.Fatal(string(memory), err)
	}
	for name, text := range map[string]string{"diagnostics": told(diags), "ledger": string(memory), "document": string(document)} {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				w.Errorf("the %s tell %q:\n%s", name, secret, text)
			}
		}
	}
}

// TestOnlyPartsOfAResultAreSecret has a result, which nobody marked, say a secret in one of its members.
func TestOnlyPartsOfAResultAreSecret(t *testing.T) {
	t.Parallel()
	const source = `
variable "token" { SENSITIVE }
actor "values" "v" {
  key = "v"
  action "first" {
    args = [{ name = "lobby", rooms = ["a", "b"], login = { user = "ada", header = "Bearer ${var.token}" } }]
  }
}
locals { got = actor.values.v.step.first.output }
actor "counter" "named" { key = local.got.name }
actor "probe" "user" {
  key = "user"
  action "call" {
    for_each = toset(local.got.rooms)
    args     = [each.key]
  }
  action "login" {
    call = "call"
    args = ["login", local.got.login]
    run  = "on_change"
  }
  MORE
}
output "login" { value = local.got.login }
`
	const again = `action "again" {
    call = "call"
    args = ["again", local.got.login.header]
  }`
	write := func(w *world, sensitive, more string) {
		w.write(strings.NewReplacer("SENSITIVE", sensitive, "MORE", more).Replace(source))
	}
	for _, sealed := range []bool{true, false} {
		for name, first := range map[string]string{"from the beginning": "sensitive = true", "later": ""} {
			t.Run(fmt.Sprintf("%s, sealed %t", name, sealed), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, "")
				if sealed {
					w.seals()
				}
				w.variables = given("token=sesame-open")
				write(w, first, "")
				w.applied()
				write(w, "sensitive = true", "")
				for range 2 {
					a := w.applied()
					w.tellsNothingOf(a, nil, "sesame-open", "Bearer")
					w.equal(string(a.Document.Outputs["login"].Value), `{"header":null,"user":"ada"}`)
					w.settled()
				}
				w.called("user a", "user b", "user login")
				w.equal(w.keys("counter"), []string{"lobby"})

				write(w, "sensitive = true", again)
				if _, diags := w.apply(); !sealed {
					w.fails(diags, "Result is not known: actor.probe.user.action.again needs the result of actor.values.v.action.first")
				} else {
					w.fine(diags)
					w.called("user a", "user again", "user b", "user login")
					w.seal.IdentityFile = ""
					w.settled()
				}
			})
		}
	}
}

// TestSecretPartsOfWhatActorsSayAreNotForEverything has the first run refuse what a later one would: names of actors and steps that have a secret
// in them, which nobody marked in what was said. The rest of that is for everything.
func TestSecretPartsOfWhatActorsSayAreNotForEverything(t *testing.T) {
	t.Parallel()
	const key, repeated = `actor "counter" "c" { key = LOGIN }`,
		"actor \"probe\" \"p\" {\n key = \"p\"\n action \"call\" {\n for_each = toset([LOGIN])\n args = [each.key]\n}\n}"
	for name, said := range map[string]string{
		"a result": "actor.values.v.step.first.output", "a read": "actor.values.v.read.input",
		"a read of others": "data.values.d.read.input", "a state": "data.values.d.state.input",
	} {
		for kind, c := range map[string]struct{ use, refused string }{"a key": {key, "Invalid key"}, "for_each": {repeated, "Invalid for_each argument"}} {
			t.Run(kind+" of "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, strings.ReplaceAll(`
variable "token" { sensitive = true }
actor "values" "v" {
  key = "v"
  input = { name = "lobby", login = "Bearer ${var.token}" }
  read "input" {}
  action "first" { args = [{ name = "lobby", login = "Bearer ${var.token}" }] }
}
data "values" "d" {
  key = "v"
  read "input" {}
  depends_on = [actor.values.v]
}
actor "probe" "named" { key = SAID.name }
`+strings.ReplaceAll(c.use, "LOGIN", "SAID.login"), "SAID", said))
				w.variables = given("token=sesame-open")
				for range 2 {
					_, diags := w.apply()
					w.fails(diags, c.refused)
				}
				w.equal(w.keys("probe"), map[string][]string{"a key": {"lobby"}, "for_each": {"lobby", "p"}}[kind])
				w.equal(w.keys("counter"), []string(nil))
			})
		}
	}
}

// TestSecretsAreFoundInWhatCannotBeEvaluated has an actor say secrets of steps, parameters and parts of expressions that have no value, or not all
// of it, where only outputs, an answer or a part of the configuration is wanted.
func TestSecretsAreFoundInWhatCannotBeEvaluated(t *testing.T) {
	t.Parallel()
	const source = `
variable "in" {
  default = { argument = "in-argument", text = "in-text", loop = "in-loop", guard = "in-guard", farewell = "in-farewell", params = "in-params", input = "in-input", condition = "in-condition", repeated = "in-repeated", dynamic = "in-dynamic", module = "in-module" }
  sensitive = true
}
data "probe" "said" {
  key = "said"
  read "report" {}
}
locals { said = data.probe.said.read.report.broken }
actor "values" "wanted" {
  key = "wanted"
  action "first" { args = [local.said] }
}
output "said" { value = local.said }

actor "probe" "beside" {
  key = "beside"
  read "report" {}
  action "call" { args = ["x", [sensitive("literal"), sensitive(file("DIR/secret.txt")), sensitive(env("TOKEN", "")), upper(var.in.argument)]] }
  expect "beside" { condition = length(read.report.facts) == 0 }
}
actor "probe" "parts" {
  key    = "parts"
  input  = [for r in actor.probe.beside.read.report.broken : "${r} ${upper(var.in.input)}"]
  params = "${actor.probe.beside.id} ${upper(var.in.params)}"
  action "call" {
    args = ["x", "${step.id} ${upper(var.in.text)}", [for name in keys(self.state.facts) : upper("${var.in.loop}")]]
    only_if = self.state.open == upper(var.in.guard)
  }
  action "bye" {
    run      = "on_destroy"
    for_each = toset(keys(self.state.facts))
    args     = [each.key, upper(var.in.farewell)]
  }
  lifecycle {
    precondition {
      condition     = actor.probe.beside.step.call.output == upper(var.in.condition)
      error_message = "it is another one"
    }
  }
}
actor "probe" "repeated" {
  for_each = toset(local.said)
  key      = each.key
  action "call" { args = [each.key, upper(var.in.repeated)] }
}
actor "probe" "dynamic" {
  key = "dynamic"
  dynamic "action" {
    for_each = local.said
    labels   = ["call${action.key}"]
    content {
      args = [action.value, upper(var.in.dynamic)]
    }
  }
}
module "m" {
  source   = "./m"
  for_each = toset(local.said)
  token    = var.in.module
}
`
	const module = `
variable "token" {}
actor "probe" "m" {
  key = "m"
  action "call" { args = [upper(var.token)] }
}
`
	secrets := []string{"literal", "of-a-file", "of-the-environment"}
	for _, place := range []string{"ARGUMENT", "TEXT", "LOOP", "GUARD", "FAREWELL", "PARAMS", "INPUT", "CONDITION", "REPEATED", "DYNAMIC", "MODULE"} {
		secrets = append(secrets, "IN-"+place)
	}
	for name, look := range map[string]func(*world){
		"outputs": func(w *world) {
			w.outputs = true
			w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics { _, diags := s.Outputs(w.Context()); return diags }))
		},
		"an answer": func(w *world) {
			w.question = "local.said"
			w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics { _, diags := s.Ask(w.Context()); return diags }))
		},
		"a target": func(w *world) {
			w.plans.Orders.Target = patterns("actor.values.wanted")
			w.selection = w.plans.Orders
			w.tellsNothingOf(w.applied(), nil, secrets...)
		},
		"a saved plan": func(w *world) {
			w.plans.Orders.Target = patterns("actor.values.wanted")
			w.selection = w.plans.Orders
			f := w.save()
			w.secrets = &redact.Set{}
			a, diags := w.resume(f, false)
			w.fine(diags)
			w.tellsNothingOf(a, diags, secrets...)
		},
		"an exception": func(w *world) {
			w.plans.Orders.Exclude = patterns("actor.probe", "module.m")
			w.selection = w.plans.Orders
			w.tellsNothingOf(w.applied(), nil, secrets...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			w.write(strings.ReplaceAll(source, "DIR", w.dir))
			for name, content := range map[string]string{"secret.txt": "of-a-file\n", "m/main.rivet.hcl": module} {
				if err := errors.Join(os.MkdirAll(filepath.Join(w.dir, filepath.Dir(name)), 0o700), os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			w.env = map[string]string{"TOKEN": "of-the-environment"}
			w.rivet.Create("probe", []string{"said"}, map[string]any{"broken": secrets})
			look(w)
			for _, secret := range secrets {
				if w.secrets.Redact(secret) != "(sensitive)" {
					t.Errorf("%s is told", secret)
				}
			}
		})
	}
}

// TestWhatHasNoValueHasSecrets asks an actor that exists: what is wrong with how others are made and seeded is not said then.
func TestWhatHasNoValueHasSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "in" {
  default   = { failed = "in-failed", after = "in-after", refused = "in-refused" }
  sensitive = true
}
locals { failed = [upper(var.in.failed), 1 / 0] }
actor "probe" "p" {
  key = "p"
  action "after" { args = [upper(var.in.after), local.failed] }
  action "refused" { args = upper(var.in.refused) }
}
`)
	w.existing = true
	w.rivet.Create("probe", []string{"p"}, nil)
	w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics {
		_, diags := s.Find(t.Context(), address.Address{Kind: address.KindActor, Name: "probe", Label: "p"})
		return diags
	}))
	for _, secret := range []string{"IN-FAILED", "IN-AFTER", "IN-REFUSED"} {
		if w.secrets.Redact(secret) != "(sensitive)" {
			t.Errorf("%s is told", secret)
		}
	}
}

// TestWhatTheAuthorSaysIsNoSecretIsShown has an actor say a secret again, in its result and its read.
func TestWhatTheAuthorSaysIsNoSecretIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "token" {
  default   = "sesame-open"
  sensitive = true
}
actor "values" "v" {
  key   = "v"
  input = { token = var.token }
  read "input" {}
  action "first" { args = [{ token = var.token }] }
}
actor "probe" "named" {
  key = nonsensitive(actor.values.v.step.first.output).token
  action "call" {
    for_each = toset([nonsensitive(actor.values.v.step.first.output.token)])
    args     = [each.key]
  }
}
output "result" { value = nonsensitive(actor.values.v.step.first.output) }
output "read" { value = nonsensitive(actor.values.v.read.input) }
`)
	w.seals()
	for range 2 {
		a := w.applied()
		for _, name := range []string{"result", "read"} {
			w.equal(string(a.Document.Outputs[name].Value), `{"token":"sesame-open"}`)
		}
		w.settled()
	}
	w.called("sesame-open sesame-open")
}

func TestASecretThatOnlyApplyLearnsIsHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "counter" "c" {
  key   = "c"
  input = { start = 12345 }
  action "get" { sensitive = true }
}
actor "account" "a" {
  key   = "a"
  input = { owner = "ada" }
  action "withdraw" { args = [actor.counter.c.step.get.output] }
}
`)
	_, diags := w.apply()
	w.fails(diags, "cannot withdraw (sensitive): the balance is 0")
}

func TestWhatIsSeenTellsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "topic" { sensitive = true }
actor "chatRoom" "r" {
  key = "r"
  read "info" { action = "getRoomInfo" }
  action "setTopic" {
    args = [var.topic]
    run  = "manual"
  }
  ensure "topic" {
    value = read.info.topic
    want  = "dogs"
    call  = "setTopic"
    args  = ["dogs"]
  }
}
`)
	w.variables = given("topic=hidden-topic")
	w.rivet.Create("chatRoom", []string{"r"}, map[string]any{"topic": "hidden-topic"})
	p, diags := w.plan()
	w.fine(diags)
	document, err := json.Marshal(p.Document)
	if err != nil || strings.Contains(string(document), "hidden-topic") {
		t.Errorf("%v, the document tells it:\n%s", err, document)
	}
}

func TestASensitiveResultIsHiddenWhereverItComesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "values" "v" {
  key = "v"
  action "first" {
    args      = ["from-the-actor"]
    sensitive = true
  }
  action "echo" { only_if = step.first.output == "" }
}
actor "probe" "p" {
  key        = "p"
  depends_on = [actor.values.v]
  input      = { broken = ["from-the-actor"] }
  action "call" { args = ["from-the-actor"] }
}
`)
	_, diags := w.apply()
	w.fails(diags, "(sensitive) is broken")
}

// TestWhatASensitiveReadSaysIsHidden has expressions name another part of it than what comes up elsewhere.
func TestWhatASensitiveReadSaysIsHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "chatRoom" "room" {
  for_each = toset(["a", "b"])
  key      = each.key
  read "info" {
    action    = "getRoomInfo"
    sensitive = true
  }
  ensure "setTopic" {
    value = read.info.messageCount
    want  = 1
    args  = [self.id]
  }
}
data "chatRoom" "room" {
  for_each = toset(["a", "b"])
  key      = each.key
  read "info" {
    action    = "getRoomInfo"
    sensitive = true
  }
}
actor "values" "v" {
  key = "v"
  action "first" { args = [[for r in data.chatRoom.room : r.read.info.messageCount]] }
}
actor "probe" "p" {
  key        = "p"
  depends_on = [actor.values.v]
  input      = { broken = ["a-overheard, b-overheard"] }
  action "call" { args = ["a-overheard, b-overheard"] }
}
output "topics" {
  value     = [for r in actor.chatRoom.room : r.read.info.messageCount]
  sensitive = true
}
`)
	for _, room := range []string{"a", "b"} {
		w.rivet.Create("chatRoom", []string{room}, map[string]any{"topic": room + "-overheard"})
	}
	w.plans.Orders.OnUnknown = plan.OrderRun
	a, diags := w.apply()
	for _, want := range []string{"before: (sensitive value)", "(sensitive), (sensitive) is broken"} {
		if !strings.Contains(told(diags), want) {
			t.Errorf("nothing says %q:\n%s", want, told(diags))
		}
	}
	w.tellsNothingOf(a, diags, "overheard")
}

func TestWhatASensitiveReadWillSayIsSensitive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
actor "chatRoom" "r" {
  key = "r"
  read "info" {
    action    = "getRoomInfo"
    sensitive = true
  }
}
output "topic" { value = actor.chatRoom.r.read.info.topic }
`)
	_, diags := w.plan()
	w.fails(diags, "Output of a sensitive value")
	w.rivet.Create("chatRoom", []string{"r"}, nil)
	_, diags = w.plan()
	w.fails(diags, "Output of a sensitive value")
}

func TestWhatASecretBecomesPartOfIsHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "secret" { sensitive = true }
actor "counter" "c" { key = "c" }
actor "probe" "p" {
  key   = "p"
  action "call" { args = ["${actor.counter.c.id}/step/${var.secret}"] }
}
actor "values" "v" {
  key   = "v"
  input = ["${actor.counter.c.id}/input/${var.secret}"]
}
`)
	w.variables = given("secret=1")
	w.applied()
	for _, part := range []string{"step", "input"} {
		if got := w.secrets.Redact(w.id("counter", "c") + "/" + part + "/1"); got != "(sensitive)" {
			t.Errorf("the %s is told: %s", part, got)
		}
	}
}

// planted makes an actor with a secret in its state and its input, as if it had been there.
func planted(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, "variable \"secret\" {\n  sensitive = true\n}\nactor \"probe\" \"mine\" {\n  key = \"mine\"\n  input = { s = var.secret }\n}\n")
	w.variables = given("secret=planted-secret")
	w.rivet.Create("account", []string{"a"}, map[string]any{"owner": "planted-secret"})
	w.rivet.Create("account", []string{"b"}, map[string]any{"owner": "ada"})
	w.rivet.Create("account", []string{"c"}, map[string]any{"balance": 1})
	return w
}

func TestAnExportHidesWhatThisRunKnowsToBeSecret(t *testing.T) {
	t.Parallel()
	w := planted(t)
	e := w.export(true)
	text := string(e.Files[0].Content)
	if len(e.Files) != 1 || strings.Contains(text, "planted-secret") || !strings.Contains(text, `"ada"`) {
		t.Errorf("%d files:\n%s", len(e.Files), text)
	}
	if !strings.Contains(text, "it holds a secret that this run knows") || !strings.Contains(text, "(sensitive)") {
		t.Errorf("nothing says that something is hidden:\n%s", text)
	}
	if len(e.Omitted) != 1 || !strings.Contains(e.Omitted[0].Reason, "owner must be") {
		t.Errorf("%+v", e.Omitted)
	}
}

func TestDiagnosticsOfEvaluationsHaveTheirPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `actor "probe" "p" {
  key = "k"
  action "it" {
    call = "nothing"
  }
}
`)
	_, diags := w.apply()
	w.fails(diags, "Call failed: actor.probe.p.action.it: action.not_found")
	if diags[0].Subject == nil || diags[0].Subject.Start.Line != 3 {
		t.Errorf("its place is %v", diags[0].Subject)
	}
}

func TestWhatFailedIsNamed(t *testing.T) {
	t.Parallel()
	pool := "runner_config \"mine\" {\n  datacenter \"default\" {\n    normal {}\n  }\n}\n"
	for verb, c := range map[string]struct{ source, want string }{
		"create":      {"actor \"counter\" \"c\" {\n  key = \"c\"\n}\n", "Actor cannot be created: actor.counter.c: create: connection refused"},
		"destroy":     {"removed {\n  from = actor.probe.p\n  destroy = true\n}\n", "Actor cannot be destroyed: actor.probe.p: destroy: connection refused"},
		"create pool": {pool, "Pool cannot be created: runner_config.mine: create: connection refused"},
		"read":        {strings.Replace(probe, "key = \"k\"", "key = \"k\"\n  read \"report\" {\n  }\n  lifecycle {\n    postcondition {\n      condition = read.report.open\n      error_message = \"x\"\n    }\n  }", 1), "Read failed"},
	} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, probe)
			w.applied()
			w.write(c.source)
			w.plans.Orders.Rerun = nil
			w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
				if r.Verb == verb {
					return operatetest.Refused
				}
				return operatetest.Delivered
			}
			_, diags := w.apply()
			if !strings.Contains(told(diags), c.want) {
				t.Errorf("nothing says %q:\n%s", c.want, told(diags))
			}
			for _, diag := range diags {
				if diag.Severity == hcl2.DiagError && diag.Subject == nil && verb != "destroy" {
					t.Errorf("without a place: %s", diag)
				}
			}
		})
	}
}

func TestTheDocumentHasWhatIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(probe, `["first"]`, `["first", [1][3]]`, 1))
	w.write(probe)
	w.plans.Orders.Target = patterns("actor.probe.p")
	w.selection = w.plans.Orders
	a := w.applied()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(a.Document); err != nil || a.Document.RiveterVersion != "0.1.0" {
		t.Error(err, a.Document.RiveterVersion)
	}
	p, _ := w.plan()
	if n := len(p.Document.Diagnostics); n != 1 || p.Document.Diagnostics[0].Summary != "The plan is partial" {
		t.Errorf("%d diagnostics", n)
	}
}
