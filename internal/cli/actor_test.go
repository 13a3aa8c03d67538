package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// hidden has an output that is not shown, and one that an apply makes known.
const hidden = `output "word" {
  value     = "hunter2"
  sensitive = true
}
output "id" { value = actor.counter.c.id }
output "flat" { value = "a\nb" }
`

const common = " -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s -no-color"

// folderUses are uses of the commands that work on the configuration of the working directory.
var folderUses = []use{
	{args: "output", stdout: []string{`^count = 3$`}},
	{args: "output -key-prefix t count" + common, stdout: []string{`^3$`}},
	{args: "output -raw flat", before: outputs, stdout: []string{`^a$`, `^b$`}, without: []string{`"`}},
	{args: "output -json", before: outputs, stdout: []string{`"count": \{`, `"value": 3`, `"sensitive": true`}, without: []string{"hunter2"}},
	{args: "output -json count", stdout: []string{`^3$`}, without: []string{"version"}},
	{args: "output word", before: outputs, code: 1, stderr: []string{"Output is sensitive"}, without: []string{"hunter2"}},
	{args: "output id", fresh: true, before: outputs, code: 1, stderr: []string{"Output is not known"}},
	{args: "output coun", code: 1, stderr: []string{`no output "coun"\. Did you mean "count"\?`}},
	{args: "output -json coun", code: 1, stdout: []string{`"type":"diagnostic"`}},
	{args: "output -raw", code: 1, stderr: []string{"-raw needs one"}},

	{args: "get actor.probe.p", stdout: []string{`^actor\.probe\.p$`, `^  key      \["k"\]$`, `^  status   awake$`}},
	{args: "get actor.counter.c" + common, before: asleep, stdout: []string{`^  status   asleep$`}, after: func(w *world) {
		w.run("get", "-state", "-json", "actor.counter.c").ends(0).prints(`"status": "awake"`, `"count": 2`)
	}},
	{args: "get -state actor.counter.c", before: asleep, stdout: []string{`^  status   awake$`, `^state = \{`}},
	{args: "get -json actor.counter.none", code: 1, stdout: []string{`"summary":"No actor has this address"`}},
	{args: "get -key-prefix t actor.counter.c", code: 1, stderr: []string{"Actor does not exist"}},
	{args: "call -key-prefix t actor.counter.c get", before: func(w *world) { w.run("apply", "-auto-approve", "-key-prefix", "t").ends(0) }, stdout: []string{`^2$`}},
	{args: "get actor.counter.c", fresh: true, code: 1, stderr: []string{"Actor does not exist", "main.rivet.hcl line"}},
	{args: "get", code: 1, stderr: []string{"address of one actor"}},
	{args: "get nonsense[", code: 1, stderr: []string{"Invalid address"}},

	{args: "call actor.counter.c increment 5" + common, stdout: []string{`^7$`}, after: func(w *world) {
		w.run("call", "actor.counter.c", "increment", "1 + 1").ends(0).prints(`^9$`)
		w.run("call", "actor.probe.p", "call", `"by ${var.args}"`).ends(0)
		count(w, "by first", 1)
		w.run("ledger", "show", "actor.counter.c").ends(0).without("increment")
	}},
	{args: "call -json actor.counter.c get", stdout: []string{`^2$`}, without: []string{"version"}},
	{args: "call actor.counter.c increment five", code: 1, stderr: []string{`write it in quotes`}, after: func(w *world) { w.run("call", "actor.counter.c", "get").ends(0).prints(`^2$`) }},
	{args: "call actor.counter.c increment {five", code: 1, stderr: []string{"Error: Unterminated object constructor"}},
	{args: "call actor.counter.c increment 'x'", code: 1, stderr: []string{"Error: Invalid character"}},
	{args: "call actor.counter.c increment actor.counter.c.id", code: 1, stderr: []string{"needs the server"}},
	{args: "call actor.counter.c nothing", code: 1, stderr: []string{"Call failed", "nothing"}},
	{args: "call actor.counter.c", code: 1, stderr: []string{"name of an action"}},

	{args: "__candidates pl", stdout: []string{`^plan$`}},
	{args: "__candidates plan -ta", stdout: []string{`^-target=$`}},
	{args: "__candidates plan --conc", stdout: []string{`^--concise$`}},
	{args: "__candidates plan -target=actor.c", stdout: []string{`^-target=actor\.counter\.c$`}, without: []string{"probe"}},
	{args: "__candidates plan -target = actor.c", stdout: []string{`^actor\.counter\.c$`}, without: []string{"probe"}},
	{args: "__candidates plan -target =", stdout: []string{`^actor\.counter\.c$`, `^actor\.probe\.p$`}, without: []string{"action"}},
	{args: "__candidates apply -rerun actor.probe", stdout: []string{`^actor\.probe\.p\.action\.first$`}},
	{args: "__candidates apply -on-unknown ", stdout: []string{`^-on-unknown=$`}},
	{args: "__candidates ledger s", stdout: []string{`^show$`}},
	{args: "__candidates get 'actor.p", stdout: []string{`^actor\.probe\.p$`}},
	{args: "__candidates ledger rm actor.p", stdout: []string{`^actor\.probe\.p$`}},
	{args: "__candidates validate ma", fresh: true, stdout: []string{`^$`}, without: []string{"."}},
	{args: "__candidates get a", before: func(w *world) { w.write("main.rivet.hcl", "actor {") }, without: []string{"."}},
}

func outputs(w *world) { w.write("outputs.rivet.hcl", hidden) }

func asleep(w *world) { w.rivet.Sleep(w.rivet.Actors("counter")["c"].ID) }

func TestEveryCommandInItsFolder(t *testing.T) { //nolint:paralleltest // each works in its folder
	for _, u := range folderUses {
		t.Run(u.args, func(t *testing.T) {
			w := u.inFolder(t)
			w.run(strings.Fields(u.args)...).ends(u.code).prints(u.stdout...).says(u.stderr...).without(u.without...)
			if u.after != nil {
				u.after(w)
			}
		})
	}
}

func TestCompletionIsOfTheFolderInWhichTheCommandWillWork(t *testing.T) { //nolint:paralleltest // it works in a folder
	w := newWorld(t, map[string]string{"main.rivet.hcl": probes})
	w.env.Chdir = func(dir string) error { t.Chdir(dir); return nil }
	for words, want := range map[string]string{
		"get actor.p": "", "-chdir=DIR get actor.p": "actor.probe.p\n", "--chdir DIR get actor.p": "actor.probe.p\n",
		"-chdir = DIR get actor.p": "actor.probe.p\n", "-chdir='DIR' get actor.p": "actor.probe.p\n",
	} {
		t.Chdir(t.TempDir())
		if got := w.run(strings.Fields("__candidates " + words)...).stdout; got != want {
			t.Errorf("%s: %q", words, got)
		}
	}
}

func TestWhatIsPrintedFollowsItsSchema(t *testing.T) { //nolint:paralleltest // it works in a folder
	compiler := jsonschema.NewCompiler()
	actor, actorErr := compiler.Compile("actor.schema.json")
	ledger, ledgerErr := compiler.Compile("screen/ledger.schema.json")
	if err := errors.Join(actorErr, ledgerErr); err != nil {
		t.Fatal(err)
	}
	w := use{}.inFolder(t)
	for args, schema := range map[string]*jsonschema.Schema{
		"get -json actor.probe.p":          actor,
		"get -json -state actor.counter.c": actor,
		"ledger list -json":                ledger,
		"ledger show -json actor.probe.p":  ledger,
	} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(w.run(strings.Fields(args)...).ends(0).stdout))
		if err := errors.Join(err, schema.Validate(document)); err != nil {
			t.Errorf("%s: %#v", args, err)
		}
	}
}
