package cli

import (
	"cmp"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"riveter/apply/ledger/ledgertest"
)

// ledgerUses are uses of the ledger's commands, in the folder of the configuration.
var ledgerUses = []use{
	{args: "ledger list", stdout: []string{`^actor\.counter\.c  0+`, `^actor\.probe\.p    0+`}},
	{args: "ledger list actor.counter.*", stdout: []string{`^actor\.counter\.c`}, without: []string{"probe"}},
	{args: "ledger list -json -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s", stdout: []string{`"address": "actor\.probe\.p"`, `"created": true`}, without: []string{`"steps"`}},
	{args: "ledger list", env: []string{"RIVETER_CLI_ARGS=-ledger none"}, without: []string{"actor"}},
	{args: "ledger list -ledger none", stdout: []string{`^$`}, without: []string{"actor"}},
	{args: "ledger list nonsense[", code: 1, stderr: []string{"Invalid address"}},
	{args: "ledger list actor.counter.none", code: 1, stderr: []string{"Nothing is remembered"}},
	{args: "ledger list", fresh: true, before: func(w *world) { w.write("riveter.ledger.json", "{") }, code: 1, stderr: []string{"Ledger cannot be opened"}},
	{args: "ledger list", fresh: true, before: func(w *world) { w.write("main.rivet.hcl", "actor {") }, code: 1, stderr: []string{"main.rivet.hcl line 1"}},
	{args: "ledger show actor.probe.p", stdout: []string{`^actor\.probe\.p$`, "created by riveter", `  done .* action\.first \["first"\]`}},
	{args: "ledger show actor.probe.p", fresh: true, before: func(w *world) {
		adopted(w)
		w.run("apply", "-auto-approve", "-on-unknown=done", "DIR")
	}, stdout: []string{"made     adopted"}},
	{args: "ledger show -json -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s actor.probe.p", stdout: []string{`"status": "done"`, `"args": \[`}},
	{args: "ledger show", code: 1, stderr: []string{"takes addresses"}},
	{args: "ledger rm -auto-approve -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s actor.probe.p", stderr: []string{`^Forget actor\.probe\.p, actor 0+\d+, with 1 step\.`, `As it was, it is in .*riveter\.ledger\.json\.\d{8}T\d{6}Z\.backup\.`}, after: func(w *world) {
		exist(w, "probe", 1)
		w.run("ledger", "list").ends(0).without("probe")
		w.run("ledger", "rm", "-auto-approve", "actor.counter.c").ends(0)
		if backups := backups(w); len(backups) != 2 || remembered(w, backups[0]) != 2 || remembered(w, backups[1]) != 1 {
			w.Errorf("the backups are %v", backups)
		}
	}},
	{args: "ledger rm -auto-approve *", fresh: true, before: projects, stderr: []string{`^Left alone: actor\.probe\.p, which is the project "one"'s\.`, `^Forget actor\.probe\.p`}, after: func(w *world) {
		w.run("ledger", "list").ends(0).prints(`^actor\.probe\.p .*  one$`).without("two")
		w.run("ledger", "show", "*").ends(0).prints(`project  one$`)
		w.run("ledger", "rm", "-auto-approve", "*").ends(1).says("All of it is another project's")
	}},
	{args: "ledger rm -auto-approve -key-prefix t actor.probe.p", before: func(w *world) {
		w.run("apply", "-auto-approve", "-key-prefix=t").ends(0)
	}, stderr: []string{`^Forget actor\.probe\.p`, `^Left alone: actor\.probe\.p, which was applied without that prefix\.`}, after: func(w *world) {
		w.run("plan").ends(0).prints("^No changes")
		w.run("plan", "-key-prefix=t").ends(0).prints("1 to adopt")
	}},
	{args: "ledger mv -auto-approve -key-prefix t action.first action.renamed", before: func(w *world) {
		w.run("apply", "-auto-approve", "-key-prefix=t").ends(0)
	}, stderr: []string{`^Move actor\.probe\.p\.action\.first to action\.renamed\.`}, after: func(w *world) {
		w.run("plan").ends(0).prints("^No changes")
		w.run("plan", "-key-prefix=t").ends(0).says("Was this step renamed")
	}},
	{args: "ledger rm actor.probe.p", code: 1, stderr: []string{"Approval is needed"}, after: remembers(2)},
	{args: "ledger rm -auto-approve actor.probe.p actor.probe.nope actor.counter.*", code: 1, stderr: []string{`remembers no actor at actor\.probe\.nope\.`}, without: []string{"Forget"}, after: remembers(2)},
	{args: "ledger list actor.probe.p actor.probe.nope", code: 1, stderr: []string{`no actor at actor\.probe\.nope\.`}},
	{args: "ledger rm", code: 1, stderr: []string{"takes addresses"}},
	{args: "ledger rm actor.probe.p", before: func(w *world) { w.env.StdinIsTerminal = true }, stdin: "no\n", code: 1, stderr: []string{"Do you want to forget", "Not approved"}, after: remembers(2)},
	{args: "ledger rm actor.probe.p", before: func(w *world) { w.env.StdinIsTerminal = true }, stdin: "yes\n", after: remembers(1)},
	{args: "ledger mv -auto-approve -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s actor.probe.p.action.first actor.probe.p.action.renamed", stderr: []string{`^Move actor\.probe\.p\.action\.first to action\.renamed\.`, `As it was, it is in .*\.backup`}, after: func(w *world) {
		w.write("main.rivet.hcl", strings.Replace(probes, `"first" {`, `"renamed" {`, 1))
		w.run("plan").ends(0).prints("^No changes")
	}},
	{args: "ledger mv action.none action.renamed", code: 1, stderr: []string{"No step action.none is remembered"}},
	{args: "ledger mv action.first action.renamed", code: 1, stderr: []string{"Approval is needed"}, after: remembers(2)},
	{args: "ledger mv action.first", code: 1, stderr: []string{"takes two addresses"}},
	{args: "ledger pull -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s", stdout: []string{`"version": 2`, "actor.probe.p"}},
	{args: "ledger push -auto-approve -force -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s pulled.json", before: pulled, stderr: []string{"remembers 2 actors, and before it was 1"}, after: func(w *world) {
		remembers(2)(w)
		if backups := backups(w); len(backups) != 2 || remembered(w, backups[1]) != 1 {
			w.Errorf("the backups are %v", backups)
		}
	}},
	{args: "ledger push -auto-approve pulled.json", before: pulled, code: 1, stderr: []string{"Ledger was not changed", `taken by pulled\.json: its serial 1 is lower than 2`}, without: []string{"move document"}, after: remembers(1)},
	{args: "ledger push -auto-approve pulled", before: func(w *world) { w.write("pulled", "{}") }, code: 1, stderr: []string{"Its place cannot be taken by pulled: "}, after: remembers(2)},
	{args: "ledger push pulled.json", before: func(w *world) { w.write("pulled.json", w.run("ledger", "pull").ends(0).stdout) }, stderr: []string{`^The ledger .*riveter\.ledger\.json is what pulled\.json has`}, after: remembers(2)},
	{args: "ledger push -auto-approve none.json", code: 1, stderr: []string{"none.json"}},
	{args: "ledger push", code: 1, stderr: []string{"takes one file"}},
	{args: "ledger migrate -auto-approve -from old.json", fresh: true, before: old, stderr: []string{"remembers 2 actors, and before it was 0", `The old one is old\.json\.\d{8}T\d{6}Z\.backup now`}, after: remembers(2)},
	{args: "ledger migrate -auto-approve -force -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s -from old.json", before: old, stderr: []string{"remembers 2 actors, and before it was 2"}},
	{args: "ledger migrate -auto-approve -from ./riveter.ledger.json", code: 1, stderr: []string{"Nothing to migrate", "that is where it would go"}, after: remembers(2)},
	{args: "ledger migrate -from none.json", fresh: true, code: 1, stderr: []string{"Nothing to migrate", `There is no ledger none\.json`}},
	{args: "ledger migrate -auto-approve -force -ledger none", code: 1, stderr: []string{"Ledger was not changed", `taken by .*riveter\.ledger\.json: the ledger "none" keeps nothing`}, after: remembers(2)},
	{args: "ledger push -auto-approve -ledger none riveter.ledger.json", code: 1, stderr: []string{"Ledger was not changed", "keeps nothing"}, after: remembers(2)},
	{args: "ledger unlock", code: 1, stderr: []string{"takes the id of the lock"}},
	{args: "ledger unlock -auto-approve -ledger riveter.ledger.json -var args=x -var-file values.rivetvars.hcl -lock=false -lock-timeout=1s an-id", code: 1, stderr: []string{"Nothing to unlock"}},
	{args: "ledger nothing", fresh: true, code: 1, stderr: []string{`no command "nothing"\.`}},
	{args: "ledger lst -x", fresh: true, code: 1, stderr: []string{`no command "lst"\. Did you mean "list"\?`}},
	{args: "ledger", fresh: true, code: 1, stdout: []string{"COMMANDS:"}},
	{args: "ledger list -json nosuch[", code: 1, stdout: []string{`"type":"diagnostic".*Invalid address`}, without: []string{`^│`}},
}

// backups returns the names of those of the ledger, the oldest first. Two of one second are told apart by a number.
func backups(w *world) []string {
	paths, _ := filepath.Glob(filepath.Join(w.dir, "riveter.ledger.json.*.backup"))
	slices.SortStableFunc(paths, func(a, b string) int { return cmp.Compare(age(w, a), age(w, b)) })
	return paths
}

func age(w *world, path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		w.Fatal(err)
	}
	return info.ModTime().UnixNano()
}

// remembered is how many actors a ledger remembers.
func remembered(w *world, path string) int {
	return strings.Count(w.run("ledger", "list", "-ledger="+path).ends(0).stdout, "actor.")
}

// pulled leaves a ledger with two actors in a file, and forgets one of them.
func pulled(w *world) {
	w.write("pulled.json", w.run("ledger", "pull").ends(0).stdout)
	w.run("ledger", "rm", "-auto-approve", "actor.probe.p").ends(0)
}

// projects leaves the memories of two projects with an actor at one address in the ledger.
func projects(w *world) {
	for _, name := range []string{"one", "two"} {
		w.write("main.rivet.hcl", "riveter {\n  project = \""+name+"\"\n}\nactor \"probe\" \"p\" {\n  key = \""+name+"\"\n}\n")
		w.run("apply", "-auto-approve").ends(0)
	}
}

// old leaves another ledger with two actors in a file.
func old(w *world) {
	w.run("apply", "-auto-approve", "-ledger=DIR/old.json", "-on-unknown=done", "DIR")
}

func remembers(n int) func(*world) {
	return func(w *world) {
		w.Helper()
		if got := strings.Count(w.run("ledger", "list").ends(0).stdout, "\n"); got != n {
			w.Errorf("%d actors are remembered, not %d", got, n)
		}
	}
}

func TestEveryLedgerCommand(t *testing.T) { //nolint:paralleltest // each works in its folder
	for _, u := range ledgerUses {
		t.Run(u.args, func(t *testing.T) {
			w := u.inFolder(t)
			w.run(strings.Fields(u.args)...).ends(u.code).prints(u.stdout...).says(u.stderr...).without(u.without...)
			w.env.StdinIsTerminal = false
			if u.after != nil {
				u.after(w)
			}
		})
	}
}

// inFolder returns the world of a use that goes on in the folder of the configuration.
func (u use) inFolder(t *testing.T) *world {
	t.Helper()
	before := u.before
	u.before = func(w *world) {
		t.Chdir(w.dir)
		if before != nil {
			before(w)
		}
	}
	return u.world(t)
}

const atServer = `riveter {
  ledger "http" {
    address  = "URL/state"
    username = "ci"
    headers  = { X-Token = "token-in-a-header" }
  }
}
`

func TestALedgerAtAServer(t *testing.T) { //nolint:paralleltest // it works in its folder
	server := &ledgertest.Server{Manner: ledgertest.Reference, User: "ci", Password: "sesame-of-ci"}
	at := httptest.NewServer(server)
	defer at.Close()
	w := use{fresh: true, env: []string{"RIVETER_LEDGER_PASSWORD=sesame-of-ci"}, before: func(w *world) {
		w.write("team.rivet.hcl", strings.ReplaceAll(atServer, "URL", at.URL))
	}}.inFolder(t)
	w.run("apply", "-auto-approve").ends(0)
	w.run("plan", "-detailed-exitcode").ends(0)
	if !strings.Contains(string(server.Document()), "actor.probe.p") {
		t.Error("the server has not got it")
	}
	w.write("local.json", w.run("ledger", "pull").ends(0).stdout)
	server.Replace(nil)
	w.run("ledger", "migrate", "-auto-approve", "-from", "local.json").ends(0).says("remembers 2 actors, and before it was 0")
	w.env.Environ = []string{"RIVETER_LEDGER_PASSWORD=another-word"}
	w.run("plan").ends(1).says("username and password are missing or wrong").without("another-word", "token-in-a-header")
	w.write("team.rivet.hcl", "riveter {\n  ledger \"actor\" {}\n}\n")
	w.run("plan").ends(1).says("token of the ledger's actor is missing")
	w.write("team.rivet.hcl", "riveter {\n  ledger \"http\" {\n    address = \"http://git.example/state\"\n    username = \"ci\"\n  }\n}\n")
	w.run("plan").ends(1).says("team.rivet.hcl", "plain HTTP")
	w.write("team.rivet.hcl", "riveter {\n  ledger \"http\" {\n    address = \""+at.URL+"\"\n    lock_address = null\n  }\n}\n")
	server.User = ""
	w.run("plan").says("The ledger is not locked")
}

// Nobody approves what is then found impossible, since nothing can be recorded here until the server has it.
func TestALedgerAtAServerNeedsAFolderHere(t *testing.T) { //nolint:paralleltest // it works in its folder
	at := httptest.NewServer(&ledgertest.Server{Manner: ledgertest.Reference})
	defer at.Close()
	w := use{fresh: true, before: func(w *world) {
		w.write("team.rivet.hcl", "riveter {\n  ledger \"http\" {\n    address = \""+at.URL+"\"\n  }\n}\n")
	}}.inFolder(t)
	w.atTerminal("")
	drafts := filepath.Join(w.dir, ".riveter")
	if err := os.Symlink("nowhere", drafts); err != nil {
		t.Fatal(err)
	}
	w.run("apply").ends(1).says("Ledger cannot be written", `\.riveter`).without("Do you want to perform")
	if err := os.Remove(drafts); err != nil {
		t.Fatal(err)
	}
	w.run("apply").ends(1).says("There was no answer")
	if _, err := os.Lstat(drafts); err == nil {
		t.Error("a folder is left of looking whether one can be made")
	}
}

// What riveter says on its own is not searched for secrets, so that a ledger that is printed is the ledger.
func TestSecretsThatAreOrdinaryWordsStayInAddresses(t *testing.T) {
	w := newWorld(t, map[string]string{"main.rivet.hcl": `
		variable "words" {
			sensitive = true
			default   = ["create", "probe", "actor", "name", "default", "ordinary"]
		}
		actor "probe" "p" {
			for_each = toset(["ordinary"])
			key      = ["default", each.key]
			action "call" { args = ["first"] }
		}
	`})
	t.Chdir(w.dir)
	w.run("apply", "-auto-approve").ends(0)
	at := `actor.probe.p["ordinary"]`
	w.run("validate").ends(0).prints(`declares 1 actor\.`)
	w.run("ledger", "list").ends(0).prints(`^actor\.probe\.p\["ordinary"\]  0`)
	w.run("ledger", "show", at).ends(0).prints(`made     created by riveter`, `key      \["default", "ordinary"\]`, `action\.call \["first"\]`)
	w.run("get", at).ends(0).prints(`^  name     probe`, `key      \["default", "ordinary"\]`)
	w.write("pulled.json", w.run("ledger", "pull").ends(0).stdout)
	w.run("ledger", "push", "pulled.json").ends(0)
	w.rivet.Create("probe", []string{"ordinary"}, nil)
	w.run("export", "-name=probe", "-").ends(0).prints(`^actor "probe" "ordinary" \{`)
}
