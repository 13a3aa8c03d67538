package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"riveter/internal/operate/operatetest"
	"riveter/internal/redact"
)

const probes = `variable "args" {
  default = "first"
}
actor "probe" "p" {
  key = "k"
  action "first" {
    call = "call"
    args = [var.args]
    run  = "on_change"
  }
  action "rare" {
    call = "call"
    args = ["rare"]
    run  = "manual"
  }
  expect "called" {
    value   = try(self.state.calls.first, 0)
    want    = 1
    timeout = "5ms"
  }
}
actor "counter" "c" {
  key   = "c"
  input = { start = 2 }
}
output "count" { value = 3 }
`

// standsAsItWas checks that nothing of probes was destroyed.
func standsAsItWas(w *world) { exist(w, "probe", 1) }

// farewells are made before their actor is destroyed.
const farewells = `  action "bye" {
    call = "call"
    args = ["bye"]
    run  = "on_destroy"
  }
  action "leave" {
    run  = "on_destroy"
  }
`

// use is one use of a command. Before it, probes was applied where that is said.
type use struct {
	args    string
	env     []string
	stdin   string
	fresh   bool // nothing was applied
	before  func(*world)
	code    int
	stdout  []string
	stderr  []string
	without []string
	after   func(*world)
}

func count(w *world, name string, want float64) {
	w.Helper()
	if got, _ := w.rivet.Actors("probe")["k"].State["calls"].(map[string]any)[name].(float64); got != want {
		w.Errorf("called %s %v times, not %v", name, got, want)
	}
}

func exist(w *world, name string, n int) {
	w.Helper()
	if got := len(w.rivet.Actors(name)); got != n {
		w.Errorf("there are %d of %s, not %d", got, name, n)
	}
}

func adopted(w *world) {
	w.rivet.Create("probe", []string{"k"}, nil)
	w.rivet.Create("counter", []string{"c"}, map[string]any{"start": 1})
}

// drifted has a fact that does not hold.
func drifted(w *world) {
	w.rivet.Tamper(w.rivet.Actors("probe")["k"].ID, "calls", map[string]any{"first": 7.0})
}

func emptied(w *world) { w.write("main.rivet.hcl", "") }

// planned is a document that somebody has kept.
const planned = `{"format_version":"1.1","mode":"apply","target":{"namespace":"default"},"changes":[{"address":"actor.counter.c","name":"counter","key":["c"],"action":"create"}],` +
	`"summary":{"create":1}}`

// uses has every flag of every command, which a test makes sure of.
var uses = []use{
	{args: "version", fresh: true, stdout: []string{`^Riveter v0\.`, "^on "}},
	{args: "version -json", fresh: true, stdout: []string{`"format_version":`, `"riveter_version":`, `"platform":`, `"commit":`, `"date":`}},
	{args: "schema -json", fresh: true, stdout: []string{`"format_version"`, `"functions"`}},
	{args: "schema", fresh: true, code: 1, stderr: []string{"Format is missing"}},
	{args: "", fresh: true, code: 1, stdout: []string{"COMMANDS:", "plan", "apply"}},
	{args: "nothing", fresh: true, code: 1, stderr: []string{`no command "nothing"\.`}},
	{args: "aply", fresh: true, code: 1, stderr: []string{`no command "aply"\. Did you mean "apply"\?`}},
	{args: "state list -x", fresh: true, code: 1, stderr: []string{`Use "riveter ledger list"`}},
	{args: "-version", fresh: true, stdout: []string{`^Riveter v0\.`}},
	{args: "-v", fresh: true, stdout: []string{`^Riveter v0\.`}},
	{args: "plan -targt=x", fresh: true, code: 1, stderr: []string{`no flag -targt\. Did you mean -target\? "riveter plan -help"`}},
	{args: "plan -endpiont x", fresh: true, code: 1, stderr: []string{`Did you mean -endpoint\?`}},
	{args: "plan -detailed-exit", fresh: true, code: 1, stderr: []string{`Did you mean -detailed-exitcode\?`}},
	{args: "plan -re", fresh: true, code: 1, without: []string{`Did you mean`}},
	{args: "comp bash", fresh: true, code: 1, stderr: []string{`Did you mean "completion"\?`}},
	{args: "plan -refresh-only", fresh: true, code: 1, stderr: []string{`"riveter verify" tells`}},
	{args: "plan -json -nothing", fresh: true, code: 1, stdout: []string{`"type":"diagnostic".*no flag -nothing`}, without: []string{`^│`}},
	{args: "plan -json=true a b", fresh: true, code: 1, stdout: []string{`"type":"diagnostic".*takes one path`}, without: []string{`^│`}},
	{args: "-namespace default plan DIR", env: []string{"RIVETER_CLI_ARGS=-concise -var 'args=a b'"}, stdout: []string{`^  ~ actor\.probe\.p will be changed, 1 call`}},
	{args: "plan -var args=first DIR", env: []string{"RIVETER_CLI_ARGS=-var args=second"}, stdout: []string{"^No changes"}},
	{args: "plan DIR", env: []string{"RIVETER_CLI_ARGS=-var 'x"}, fresh: true, code: 1, stderr: []string{"RIVETER_CLI_ARGS is not"}},
	{args: "plan DIR", env: []string{"RIVETER_LOG=loud"}, fresh: true, code: 1, stderr: []string{`RIVETER_LOG is trace, debug, info, warn, error or off, not "loud"`}},
	{args: "plan DIR", env: []string{"RIVETER_LOG=debug", "RIVETER_LOG_PATH=/nowhere/log"}, fresh: true, code: 1, stderr: []string{`Log cannot be written`}},
	{args: "apply -auto-approve -key-prefix t\\/1/x DIR", fresh: true, stdout: []string{`^Apply complete: 2 created`, `\+ key += \["t/1", "x", "k"\]`}, after: func(w *world) {
		w.run("plan", "-key-prefix=t\\/1/x", "DIR").ends(0).prints("^No changes")
		w.run("plan", "DIR").ends(0).prints("2 to create")
		w.run("verify", "-key-prefix=t\\/1/x", "DIR").ends(0).prints("1 hold")
		w.env.Stdin = strings.NewReader("actor.probe.p.key\n")
		w.run("console", "-key-prefix=t\\/1/x", "DIR").ends(0).prints(`"t/1"`)
		w.run("destroy", "-auto-approve", "DIR").ends(0)
		exist(w, "probe", 1)
		w.run("destroy", "-auto-approve", "-key-prefix=t\\/1/x", "DIR").ends(0)
		exist(w, "probe", 0)
	}},
	{args: "plan -key-prefix a//b DIR", fresh: true, code: 1, stderr: []string{`flag -key-prefix: that is not how a key is spelt, as \["a", "", "b"\] would be a/\\0/b`}},
	{args: "destroy -auto-approve -key-prefix=/ DIR", code: 1, stderr: []string{"Wrong usage", "the prefix has no parts"}, after: standsAsItWas},
	{args: "destroy -auto-approve -key-prefix= DIR", code: 1, stderr: []string{"the prefix has no parts"}, after: standsAsItWas},
	{args: "export -key-prefix=/ DIR", code: 1, stderr: []string{"the prefix has no parts"}},
	{args: "destroy -auto-approve -namespace= DIR", code: 1, stderr: []string{"-namespace is empty; leave it out"}, after: standsAsItWas},
	{args: "-endpoint= destroy -auto-approve DIR", code: 1, stderr: []string{"-endpoint is empty"}, after: standsAsItWas},
	{args: "-chdir= destroy -auto-approve DIR", code: 1, stderr: []string{"-chdir is empty"}, after: standsAsItWas},
	{args: "destroy -auto-approve -ledger= DIR", code: 1, stderr: []string{"-ledger is empty"}, after: standsAsItWas},
	{args: "verify -junit-xml= DIR", code: 1, stderr: []string{"-junit-xml is empty"}},
	{args: "ledger migrate -from= DIR", code: 1, stderr: []string{"-from is empty"}},
	{args: "apply -auto-approve DIR/./main.rivet.hcl", fresh: true, stdout: []string{`^Apply complete: 2 created`}},
	{args: "plan -json-into=DIR/nowhere/x DIR", fresh: true, code: 1, stderr: []string{"nowhere/x"}},
	{args: "plan -input=false -parallelism=2 -json-into=DIR/plan.json DIR", fresh: true, stdout: []string{`^Plan: 2 to create`}, after: func(w *world) {
		w.holds("plan.json", `"type":"version"`, `"type":"plan"`)
		w.run("show", "DIR/plan.json").ends(0).prints(`^Plan: 2 to create`)
	}},
	{args: "apply -auto-approve -json-into=DIR/apply.json DIR", fresh: true, stdout: []string{`^Apply complete: 2 created`}, after: func(w *world) {
		w.holds("apply.json", `"type":"step_complete"`, `"type":"report"`)
	}},
	{args: "destroy -auto-approve -json -json-into=DIR/destroy.json DIR", stdout: []string{`"type":"report"`}, after: func(w *world) { w.holds("destroy.json", `"type":"report"`) }},
	{args: "plan -nothing", fresh: true, code: 1, stderr: []string{"Wrong usage"}},
	{args: "plan a b", fresh: true, code: 1, stderr: []string{`takes one path, not "a" "b"\.`}, without: []string{"RIVETER_CLI_ARGS"}},
	{args: "plan a", env: []string{"RIVETER_CLI_ARGS=b"}, fresh: true, code: 1, stderr: []string{`takes one path, not "b" "a"\. Every command gets "b" as well, from RIVETER_CLI_ARGS\. "riveter plan -help"`}},
	{args: "output DIR", env: []string{"RIVETER_CLI_ARGS=-concise"}, fresh: true, code: 1, stderr: []string{`no flag -concise\. Every command gets "-concise" as well, from RIVETER_CLI_ARGS`}},
	{args: "help plann", fresh: true, code: 1, stderr: []string{`Error: Wrong usage`, `There is no command "plann"\. Did you mean "plan"\?`}},
	{args: "help ledger", fresh: true, stdout: []string{`riveter ledger`}},
	{args: "dev DIR --", fresh: true, code: 1, stderr: []string{`Error: Wrong usage`, `There is no program behind --`}},
	{args: "plan -h", fresh: true, stdout: []string{"mark-done"}},
	{args: "validate DIR", fresh: true, stdout: []string{`^The configuration is valid\. It declares 2 actors\.`}},
	{args: "validate -json -var args=x -var-file DIR/values.rivetvars.hcl DIR", fresh: true, stdout: []string{`"type":"version"`, `"type":"result"`}},
	{args: "validate -online DIR", fresh: true, stdout: []string{`^The configuration is valid`}},
	{args: "validate -online -wake DIR", before: func(w *world) {
		w.write("main.rivet.hcl", strings.ReplaceAll(probes, `call = "call"`, `call = "cal"`))
		w.rivet.Sleep(w.rivet.Actors("probe")["k"].ID)
		w.run("validate", "-online", "DIR").ends(0)
	}, code: 1, stderr: []string{`have no action "cal"\. They have .*[^"], .*\. Did you mean "call"\?`, `main\.rivet\.hcl line 6`}, without: []string{"is valid"}},
	{args: "validate -no-color DIR/none", fresh: true, code: 1, stderr: []string{"none"}},
	{args: "graph DIR", fresh: true, stdout: []string{`^digraph riveter`, `"actor.probe.p"`}},
	{args: "graph -format mermaid DIR", fresh: true, stdout: []string{`^flowchart RL`}},
	{args: "graph -format png DIR", fresh: true, code: 1, stderr: []string{"Unknown format"}},
	{args: "fmt -check -diff -recursive -no-color DIR", fresh: true, code: 3, stdout: []string{`ugly\.rivet\.hcl$`, `^-locals\{a=1\}`, `^\+locals \{ a = 1 \}`}},
	{args: "fmt DIR/sub", fresh: true, stdout: []string{`ugly\.rivet\.hcl$`}, after: func(w *world) { w.run("fmt", "-check", "DIR/sub").ends(0) }},
	{args: "fmt -", fresh: true, stdin: "a=1\n", stdout: []string{`^a = 1$`}},
	{args: "fmt -check -diff -", fresh: true, stdin: "a=1\n", code: 3, stdout: []string{`^\+a = 1$`}},
	{args: "fmt DIR/none.rivet.hcl DIR/values.txt", fresh: true, code: 1, stderr: []string{"no file or directory", "no canonical format"}},
	{args: "fmt -", fresh: true, stdin: "a = \n", code: 1, stderr: []string{"Error: "}},

	{args: "init DIR/new", fresh: true, stderr: []string{`^Wrote .*main\.rivet\.hcl with 1 actor`}, after: func(w *world) {
		w.holds("new/main.rivet.hcl", `actor "account" "example"`, `also actors named "chatRoom", "counter"`)
		w.run("plan", "DIR/new").ends(0).prints("^Plan: 1 to create, ")
		w.run("fmt", "-check", "DIR/new").ends(0)
		w.run("init", "DIR/new").ends(1).says("Configuration exists")
	}},
	{args: "-namespace default -endpoint http://127.0.0.1:9 init -name counter DIR/new", fresh: true, after: func(w *world) {
		w.holds("new/main.rivet.hcl", `namespace = "default"`, `actor "counter" "example"`)
		w.run("plan", "DIR/new").ends(0).prints("^Plan: 1 to create, ")
	}},
	{args: "init -name countr DIR/new", fresh: true, code: 1, stderr: []string{`Did you mean "counter"\?`}},
	{args: "init -input=false DIR/new", fresh: true, before: func(w *world) { w.env.StdinIsTerminal = true }, stdin: "counter\n", after: func(w *world) { w.holds("new/main.rivet.hcl", `actor "account"`) }},
	{args: "init DIR/new", fresh: true, before: func(w *world) { w.env.StdinIsTerminal = true }, stdin: "counter\n", stderr: []string{"Enter the name"}, after: func(w *world) { w.holds("new/main.rivet.hcl", `actor "counter"`) }},
	{args: "init -skill DIR/new", fresh: true, stderr: []string{`^Wrote .*SKILL\.md\. Coding agents look for it`}, after: func(w *world) {
		w.holds("new/SKILL.md", "name: riveter\n", "crash_policy (string): sleep (default)", "first_applied, ", "`riveter verify [PATH]`: check every", "path* (string)")
		w.run("init", "-skill", "DIR/new").ends(1).says("File exists")
	}},
	{args: "init -skill DIR/new", fresh: true, env: []string{"RIVETER_IN_AUTOMATION=1"}, stderr: []string{`SKILL\.md\.\n$`}},
	{args: "init DIR/new", fresh: true, env: []string{"RIVETER_IN_AUTOMATION=true"}, stderr: []string{`with 1 actor\.\n$`}},
	{args: "init DIR/new", fresh: true, env: []string{"RIVETER_IN_AUTOMATION=0"}, stderr: []string{`"riveter plan" shows what it means\.\n$`}},
	{args: "-namespace nowhere init DIR/new", fresh: true, code: 1, stderr: []string{`no namespace "nowhere"`}},
	{args: "init -registry DIR/none -registry-command true DIR/new", fresh: true, code: 1, stderr: []string{"Rivet cannot be started"}},
	{args: "init DIR/new", fresh: true, before: func(w *world) {
		w.rivet.OnRequest = func(operatetest.Request) operatetest.Fault { return operatetest.Refused }
	}, code: 1, stderr: []string{"Nothing to begin with", "Say -registry=DIR"}},
	{args: "plan DIR", fresh: true, stdout: []string{`^Plan: 2 to create`, `Calls: 1 to make`, `^Observed: 2 actors`}, after: func(w *world) { exist(w, "probe", 0) }},
	{args: "plan -concise -detailed-exitcode DIR", fresh: true, code: 2, stdout: []string{`^  \+ actor\.probe\.p will be created, 1 call`}},
	{args: "plan -detailed-exitcode DIR", stdout: []string{`^No changes\.`}},
	{args: "plan -no-color DIR", env: []string{"CLICOLOR_FORCE=1"}, fresh: true, without: []string{`\x1b`}},
	{args: "plan DIR", env: []string{"CLICOLOR_FORCE=1"}, fresh: true, stdout: []string{`\x1b\[32m`}},
	{args: "plan DIR", env: []string{"CLICOLOR_FORCE=1", "NO_COLOR=1"}, fresh: true, without: []string{`\x1b`}},
	{args: "plan -json DIR", fresh: true, stdout: []string{`"type":"version"`, `"type":"planned_change"`, `"type":"change_summary"`, `"type":"plan"`}},
	{args: "plan -json DIR", before: adopted, fresh: true, stdout: []string{`"type":"step_unknown"`, `"unknown":1`}},
	{args: "plan -var args=second DIR", stdout: []string{`Calls: 1 to make`}},
	{args: "plan DIR", env: []string{"RIVETER_VAR_args=second"}, stdout: []string{`Calls: 1 to make`}},
	{args: "plan -var-file=DIR/values.rivetvars.hcl DIR", stdout: []string{`Calls: 1 to make`}},
	{args: "plan -out=DIR/saved.plan -encrypt-to=age1nobody DIR", fresh: true, code: 1, stderr: []string{"Plan cannot be saved"}},
	{args: "plan -out= DIR", fresh: true, code: 1, stderr: []string{"is empty; leave it out"}},
	{args: "plan -out=DIR/saved.plan -detailed-exitcode DIR", fresh: true, code: 2, stderr: []string{`Saved the plan to .*saved\.plan\. "riveter apply '?.*saved\.plan'?" carries it out\.`}, after: func(w *world) {
		w.write("main.rivet.hcl", "nonsense")
		w.run("show", "DIR/saved.plan").ends(0).prints(`^Plan: 2 to create`)
		w.run("apply", "-target=actor.probe.p", "DIR/saved.plan").ends(1).says("-target belongs to planning")
		w.run("apply", "-stale=maybe", "DIR/saved.plan").ends(1).says("-stale is skip")
		w.run("apply", "-json", "DIR/saved.plan").ends(0).prints(`"type":"report"`)
		count(w, "first", 1)
		w.run("apply", "DIR/saved.plan").ends(1).says("The plan is stale")
		w.run("apply", "-stale=skip", "DIR/saved.plan").ends(1).prints(`^Nothing of the plan is left that could be done: see 1 warning\.$`, `^Apply incomplete: .*2 not started`).says("Warning: The plan is stale")
		count(w, "first", 1)
	}},
	{args: "apply -stale=skip DIR", fresh: true, code: 1, stderr: []string{"-stale is about a saved plan"}},
	{args: "apply DIR/values.txt", fresh: true, code: 1, stderr: []string{"Plan file cannot be used", "was not saved by"}, without: []string{"damaged"}},
	{args: "apply DIR/plan.json", fresh: true, before: func(w *world) { w.write("plan.json", planned) }, code: 1, stderr: []string{`plan\.json: it was not saved by "riveter plan -out=FILE"; what -json prints can be shown and approved, but not applied`}},
	{args: "plan -destroy DIR", stdout: []string{`2 to destroy`}},
	{args: "plan -destroy -include-adopted -lock=false -lock-timeout=1s -ledger=none DIR", stdout: []string{`2 to destroy`}},
	{args: "plan -ledger=DIR/other.json DIR", stdout: []string{`2 to adopt`, `1 unknown`, `-rerun='actor\.probe\.p\.action\.first'`}},
	{args: "plan -refresh=false DIR", stdout: []string{`^No changes.*1 fact that -refresh=false does not look at`}},
	{args: "plan -refresh=false -read-inputs DIR", code: 1, stderr: []string{"Conflicting flags"}},
	{args: "plan -read-inputs DIR", fresh: true, before: adopted, stderr: []string{"input"}},
	{args: "plan -target=actor.counter.c DIR", fresh: true, stdout: []string{`1 to create`}, stderr: []string{"The plan is partial"}},
	{args: "plan -target=actor.counter.c DIR", fresh: true, before: func(w *world) {
		w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
			if r.Verb == "read" {
				return operatetest.Refused // what is left out is not asked either
			}
			return operatetest.Delivered
		}
		w.rivet.Create("probe", []string{"k"}, nil)
	}, stdout: []string{`1 to create`}, without: []string{"refused"}},
	{args: "plan -exclude=actor.counter.c DIR", fresh: true, stdout: []string{`1 to create`}, stderr: []string{"The plan is partial"}},
	{args: "plan -target=nonsense[ DIR", fresh: true, code: 1, stderr: []string{"Invalid address"}},
	{args: "plan -rerun=actor.probe.p.action.first DIR", stdout: []string{`Calls: 1 to make`}},
	{args: "plan -mark-done=actor.probe.p.action.first DIR", fresh: true, before: adopted, stdout: []string{`1 to mark as done`}},
	{args: "plan -on-unknown=done DIR", fresh: true, before: adopted, stdout: []string{`to mark as done`}},
	{args: "plan -on-unknown=perhaps DIR", fresh: true, code: 1, stderr: []string{"-on-unknown is run, done or skip"}},
	{args: "plan -verbose -rerun=action.first DIR", stdout: []string{`Calls: 1 to make`}},
	{args: "plan -mark-done=action.first DIR", fresh: true, before: adopted, stdout: []string{`1 to mark as done`}},
	{args: "plan -rerun=action.second DIR", code: 1, stderr: []string{"No step has this address"}},
	{args: "plan -target=action.first DIR", code: 1, stderr: []string{"Invalid address"}},
	{args: "plan -invoke=actor.probe.p.action.rare DIR", stdout: []string{`Calls: 1 to make`}},
	{args: "plan -replace=actor.counter.c DIR", stdout: []string{`1 to replace`}},
	{args: "plan -prune -max-destroy=1 DIR", before: emptied, code: 1, stderr: []string{"Too much to destroy"}, stdout: []string{`^Plan failed: 1 error`}, without: []string{"^No changes"}},
	{
		args: "plan DIR", before: func(w *world) { w.write("main.rivet.hcl", strings.Replace(probes, "start = 2", "start = 3", 1)) },
		stdout: []string{`^No changes\. There is nothing to do, but see 1 warning\.`}, stderr: []string{"Warning: .*nput"},
	},
	{args: "plan -prune -max-destroy=2 DIR", before: emptied, stdout: []string{`2 to destroy`}},
	{args: "plan -max-destroy=x DIR", fresh: true, code: 1, stderr: []string{"is no number of actors"}},
	{args: "-namespace nowhere plan DIR", fresh: true, code: 1, stderr: []string{`no namespace "nowhere"`}, stdout: []string{`^Plan failed: 1 error\. Nothing was changed\.$`}},
	{args: "-chdir DIR -endpoint http://127.0.0.1:9 plan DIR", fresh: true, stdout: []string{`2 to create`}},

	{args: "apply DIR", fresh: true, code: 1, stderr: []string{"standard input is not a terminal"}, after: func(w *world) { exist(w, "probe", 0) }},
	{args: "apply -input=false DIR", fresh: true, code: 1, stderr: []string{"-input=false forbids to ask"}},
	{args: "apply DIR", env: []string{"RIVETER_INPUT=0"}, fresh: true, code: 1, stderr: []string{"forbids to ask"}},
	{args: "apply -json DIR", fresh: true, code: 1, stdout: []string{`With -json, riveter apply cannot ask`}},
	{args: "apply -json -auto-approve DIR", fresh: true, stdout: []string{`"type":"apply_start"`, `"type":"step_complete"`, `"type":"apply_complete"`, `"type":"outputs"`, `"type":"report"`}},
	{args: "apply -auto-approve -parallelism=1 -no-color -concise -verbose DIR", fresh: true, stdout: []string{`^Apply complete: 2 created`, `count = 3`}, after: func(w *world) { count(w, "first", 1) }},
	{args: "apply -auto-approve -detailed-exitcode DIR", fresh: true, code: 2},
	{args: "apply -auto-approve -destroy DIR", stdout: []string{`^Destroy complete: .*2 destroyed`}, after: func(w *world) { exist(w, "probe", 0) }},
	{args: "apply -auto-approve -var args=second -var-file DIR/values.rivetvars.hcl DIR", after: func(w *world) { count(w, "third", 1) }},
	{args: "apply -auto-approve -lock=false -lock-timeout=1s -ledger=none -refresh=false -read-inputs DIR", fresh: true, code: 1, stderr: []string{"Conflicting flags"}},
	{args: "apply -auto-approve -rerun=actor.probe.p.action.first -replace=actor.counter.c DIR", code: 1, after: func(w *world) { count(w, "first", 2) }, stderr: []string{"it did not hold within 5ms"}},
	{args: "apply -auto-approve -on-unknown=skip DIR", fresh: true, before: adopted, code: 1, stdout: []string{`1 adopted`}, stderr: []string{"did not hold"}},
	{args: "apply -auto-approve -mark-done=* -invoke=*rare -target=actor.probe.* -exclude=actor.counter.* DIR", fresh: true, before: adopted, code: 1, stderr: []string{"called"}},
	{args: "apply -auto-approve DIR", fresh: true, before: adopted, code: 1, stderr: []string{"Undecided steps"}},
	{args: "apply -auto-approve -expect=sha256:0123456789ab DIR", fresh: true, code: 1, stderr: []string{"not the one that was approved", "approved: sha256:0123456789ab$"}, after: func(w *world) { exist(w, "probe", 0) }},
	{args: "apply -auto-approve -expect=x DIR", fresh: true, code: 1, stderr: []string{"Wrong usage", `"x" is no transition`}},
	{args: "apply -auto-approve -expect= DIR", fresh: true, code: 1, stderr: []string{`"" is no transition`}},
	{args: "apply -auto-approve -expect-plan= DIR", fresh: true, code: 1, stderr: []string{"is empty; leave it out"}},
	{args: "apply -auto-approve -expect-plan=DIR/values.txt DIR", fresh: true, code: 1, stderr: []string{"File holds no plan"}},
	{args: "apply -auto-approve -prune -max-destroy=2 -include-adopted DIR", before: emptied, stdout: []string{`2 destroyed`}},
	{
		args: "apply -auto-approve -json DIR", fresh: true, before: func(w *world) {
			w.write("main.rivet.hcl", "actor \"account\" \"a\" {\n  key = \"a\"\n}\nactor \"counter\" \"c\" {\n  key = \"c\"\n}\n")
		}, code: 1,
		stdout: []string{
			`Plan: 2 to create.*"changes":\{"add":2,"change":0,"remove":0,"operation":"plan","create":2,`,
			`"actor\.counter\.c: create started"`, `"actor\.counter\.c: create done"`, `"actor\.account\.a: create failed"`,
			`Apply failed: 1 created, .*"changes":\{"add":1,"change":0,"remove":0,"operation":"apply","create":1,`,
		},
	},
	{
		args: "apply -auto-approve -keep-failed DIR", before: func(w *world) { w.write("main.rivet.hcl", "actor \"account\" \"a\" {\n  key = \"a\"\n}\n") }, code: 1,
		stderr: []string{"owner must be"}, stdout: []string{`^Apply failed`}, after: func(w *world) { exist(w, "account", 1) },
	},
	{args: "apply -auto-approve -target=actor.counter.all[\"a\"] DIR", fresh: true, before: func(w *world) {
		w.write("main.rivet.hcl", "actor \"counter\" \"all\" {\n  for_each = toset([\"a\", \"b\"])\n  key = each.key\n}\n"+
			"output \"ids\" {\n  value = { for k, c in actor.counter.all : k => c.id }\n}\n")
	}, stdout: []string{`^ids = { a = "0+1", b = <not known> }$`}},
	{args: "apply -auto-approve DIR", fresh: true, before: func(w *world) {
		w.write("main.rivet.hcl", "actor \"counter\" \"c\" {\n  key = \"c\"\n  expect \"many\" {\n    condition = self.state.count > 7\n    timeout = \"5ms\"\n  }\n}\n")
	}, code: 1, stderr: []string{"Error: Fact does not hold", `condition = self\.state\.count > 7`, `self\.state\.count is 0`}},
	{args: "plan -out=DIR/riveter.ledger.json DIR", code: 1, stderr: []string{"File is kept", "is a ledger"}, after: func(w *world) { w.run("plan", "-detailed-exitcode", "DIR").ends(0) }},
	{args: "plan -out=DIR/main.rivet.hcl DIR", code: 1, stderr: []string{"File is kept", "named like a configuration"}, after: func(w *world) { w.run("validate", "DIR").ends(0) }},
	{args: "plan -json-into=DIR/riveter.ledger.json DIR", code: 1, stderr: []string{"is a ledger"}, after: func(w *world) { w.run("plan", "-detailed-exitcode", "DIR").ends(0) }},
	{args: "verify -junit-xml=DIR/values.rivetvars.hcl DIR", code: 1, stderr: []string{"File is kept"}},
	{args: "destroy -auto-approve -verbose DIR", stdout: []string{`^Destroy complete: .*2 destroyed`}},
	{args: "destroy -auto-approve -json -parallelism=2 -lock=false -lock-timeout=1s -max-destroy=5 -refresh=false -keep-failed DIR", stdout: []string{`"operation":"destroy"`}},
	{args: "destroy -auto-approve -concise -no-color -detailed-exitcode -target=actor.counter.c -exclude=actor.probe.p DIR", code: 2, after: func(w *world) { exist(w, "probe", 1); exist(w, "counter", 0) }},
	{args: "destroy -auto-approve -include-adopted -ledger=none -var args=x -var-file DIR/values.rivetvars.hcl DIR", fresh: true, before: adopted, stdout: []string{`2 destroyed`}},
	{args: "destroy -auto-approve -expect=0123456789ab -expect-plan=DIR/none DIR", code: 1, stderr: []string{"File cannot be read"}, after: func(w *world) { exist(w, "probe", 1) }},
	{args: "destroy -auto-approve -rerun=*.bye -mark-done=*.leave -on-unknown=done DIR", before: func(w *world) {
		w.write("main.rivet.hcl", strings.Replace(probes, "  expect", farewells+"  expect", 1))
	}, stdout: []string{`> action\.bye: call\("bye"\)`, `\* action\.leave`, `Calls: 1 made, .*1 marked as done`}},
	{args: "destroy -input=false -key-prefix t DIR", code: 1, stderr: []string{"Approval is needed"}},

	{args: "verify DIR", stdout: []string{`^Verify complete: 1 hold, 0 do not hold`}},
	{args: "verify -json-into=DIR/verify.json DIR", stdout: []string{`^Verify complete: 1 hold`}, after: func(w *world) { w.holds("verify.json", `"type":"report"`) }},
	{
		args: "verify -json -var args=x -var-file DIR/values.rivetvars.hcl -parallelism=1 -lock=false -lock-timeout=1s -ledger=none DIR", fresh: true, before: adopted, code: 1,
		stdout: []string{`"type":"report"`},
	},
	{args: "verify -no-color -key-prefix t DIR", fresh: true, code: 1, stderr: []string{"Actor does not exist"}, stdout: []string{`^Verify failed: 0 hold, 2 do not hold\.$`}},
	{args: "verify -detailed-exitcode -json-into=DIR/verify.json DIR", stdout: []string{`^Verify complete`}, after: func(w *world) { w.holds("verify.json", `"type":"report"`) }},
	{args: "verify -detailed-exitcode DIR", fresh: true, code: 2, stderr: []string{"Actor does not exist"}},
	{args: "verify -detailed-exitcode -target=actor.probe.* -exclude=actor.counter.* -ignore=expect.called DIR", before: drifted, without: []string{"Warning"}, stdout: []string{`^Verify complete: 0 hold, 0 do not hold\.$`}},
	{args: "verify -ignore=actor.probe.p -ignore=check.none DIR", before: drifted, stderr: []string{`-ignore=check\.none selects nothing that is verified`}, without: []string{"probe.p selects"}},
	{args: "verify -ignore=nothing DIR", fresh: true, code: 1, stderr: []string{"Invalid address"}},
	{args: "verify -detailed-exitcode -junit-xml=DIR/results.xml DIR", before: drifted, code: 2, after: func(w *world) {
		w.holds("results.xml", `<testsuites name="riveter verify"`, `failures="1" errors="0"`, `<failure message="it did not hold within 5ms">`, "wanted: 1\nseen:   7")
	}},
	{args: "verify -detailed-exitcode -junit-xml=DIR/results.xml DIR", code: 1, before: func(w *world) {
		w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
			if r.Verb == "read" {
				return operatetest.Refused
			}
			return operatetest.Delivered
		}
	}, after: func(w *world) { w.holds("results.xml", `errors="1"`) }},
	{args: "verify -junit-xml=DIR/nowhere/results.xml DIR", code: 1, stderr: []string{"Test results cannot be written"}},

	{args: "show", stdin: planned, fresh: true, stdout: []string{`^  # actor\.counter\.c will be created$`, `^Plan: 1 to create`}},
	{args: "show -concise -no-color -verbose -", env: []string{"CLICOLOR_FORCE=1"}, stdin: planned, fresh: true, stdout: []string{`^  \+ actor\.counter\.c will be created$`}, without: []string{`\x1b`}},
	{args: "show -format=json -", stdin: `{"type":"plan","plan":` + planned + `}`, fresh: true, stdout: []string{`^\{"format_version":"1\.1"`}},
	{args: "show -format=html -", stdin: planned, fresh: true, stdout: []string{`^<!doctype html>$`, `<h1>Plan: 1 to create`, `data-kind="create"`}},
	{args: "show -format=gitlab -", stdin: planned, fresh: true, stdout: []string{`^\{"create":1,"update":0,"delete":0\}$`}},
	{args: "show -format=markdown -max-bytes=65000 -", stdin: planned, fresh: true, stdout: []string{`^<!-- riveter plan of default -->$`, `^### Plan: 1 to create`}},
	{args: "show -format=markdown -max-bytes=30 -", stdin: planned, fresh: true, code: 1, stderr: []string{"Too few bytes"}},
	{args: "show -format=pdf -", stdin: planned, fresh: true, code: 1, stderr: []string{"Unknown format"}},
	{args: "show DIR/values.txt", fresh: true, code: 1, stderr: []string{"File holds no plan"}},
	{args: "show a b", fresh: true, code: 1, stderr: []string{`Show takes one file, not "a" "b"\.`}},

	{args: "completion bash", fresh: true, stdout: []string{"complete -o default -F _riveter riveter"}},
	{args: "completion zsh", fresh: true, stdout: []string{"^#compdef riveter"}},
	{args: "completion fish", fresh: true, stdout: []string{"^complete -c riveter"}},
	{args: "completion csh", fresh: true, code: 1, stderr: []string{"name of a shell: bash, fish, zsh"}},

	{args: "console DIR", stdin: "1 + 1\n\nvar.args\nactor.counter.c.id\n[\n1,\n2]\nexit\nnonsense\n", stdout: []string{`^2$`, `^"first"$`, `^"0{20}`, `^\[`}},
	{args: "console DIR", stdin: "1e100000000\n\"1e100000000\" + 1\n", code: 1, stderr: []string{"Extreme number", "an exponent beyond 100000"}},
	{args: "console -no-color -key-prefix x -var args=x -var-file DIR/values.rivetvars.hcl -lock=false -lock-timeout=1s -ledger=none DIR", stdin: "nonsense\n1", code: 1, stdout: []string{`^1$`}, stderr: []string{"nonsense"}},

	{args: "export -", fresh: true, before: adopted, stdout: []string{`^actor "counter"`, `Without the inputs`}},
	{args: "export -no-color -name counter -key-prefix c -state -read-inputs -lock=false -lock-timeout=1s DIR/new", before: adopted, stderr: []string{"Read from 1 actor", `Wrote .*counter\.rivet\.hcl with 1 actor`}},
	{args: "-namespace default -endpoint http://127.0.0.1:9 export -ledger none -var args=x -var-file DIR/values.rivetvars.hcl DIR/new2", before: adopted, code: 1, stderr: []string{"variable"}},
	{args: "-namespace default -endpoint http://127.0.0.1:9 export -ledger none DIR/new2", before: adopted, stderr: []string{`Wrote .* with 2 actors`}},
	{args: "export -name jobs DIR/new3", code: 1, stderr: []string{"No actors"}},
	{args: "export -key-prefix a//b DIR", code: 1, stderr: []string{`would be a/\\0/b`}},
	{args: "export DIR", stderr: []string{"Nothing to export"}},
	{args: "export DIR", fresh: true, before: func(w *world) { w.write("main.rivet.hcl", ""); w.rivet.Create("account", []string{"a"}, nil) }, stderr: []string{"1 actor left out"}},

	{args: "dev -stdin DIR", fresh: true, code: 1, stderr: []string{"how long -serve stays"}},
	{args: "dev -once DIR -- true", fresh: true, code: 1, stderr: []string{"or it stays"}},
	{args: "dev -once -serve DIR", fresh: true, code: 1, stderr: []string{"or it stays"}},
	{args: "dev -no-color -concise -quiet -var args=x -var-file DIR/values.rivetvars.hcl -registry DIR/none DIR", fresh: true, code: 1, stderr: []string{"Rivet cannot be started"}},
	{args: "dev -registry DIR/none -registry-command true DIR -- no-such-program", fresh: true, code: 1, stderr: []string{"Program cannot be run"}},
	{args: "dev -registry DIR/none DIR", fresh: true, before: func(w *world) {
		w.write("main.rivet.hcl", "variable \"needed\" {}\nactor \"counter\" \"c\" {\n  key = var.needed\n}\n")
	}, code: 1, stderr: []string{"needed"}, without: []string{"Rivet cannot be started"}},
	{args: "dev DIR", fresh: true, code: 1, stderr: []string{"No registry"}},

	{args: "fixture -no-color -key-prefix a/b -parallelism=1 -var args=x -var-file DIR/values.rivetvars.hcl DIR", fresh: true, // whose owner is gone already
		stderr: []string{"Standard input has ended"}, after: func(w *world) { exist(w, "probe", 0) }},
	{args: "fixture -var-stdin DIR", fresh: true, code: 1, stderr: []string{"no JSON object"}},
	{args: "fixture DIR/none", code: 1, stderr: []string{"none"}},
}

func (u use) world(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, map[string]string{
		"main.rivet.hcl": probes, "values.rivetvars.hcl": "args = \"third\"\n", "values.txt": "", "sub/ugly.rivet.hcl": "locals{a=1}\n",
	})
	if !u.fresh {
		w.run("apply", "-auto-approve", "DIR").ends(0)
	}
	if u.before != nil {
		u.before(w)
	}
	w.env.Environ, w.env.Stdin = u.env, strings.NewReader(u.stdin)
	return w
}

func TestEveryCommand(t *testing.T) {
	t.Parallel()
	for _, u := range uses {
		t.Run(u.args, func(t *testing.T) {
			t.Parallel()
			w := u.world(t)
			w.run(strings.Fields(u.args)...).ends(u.code).prints(u.stdout...).says(u.stderr...).without(u.without...)
			if u.after != nil {
				u.after(w)
			}
		})
	}
}

func TestEveryFlagIsUsed(t *testing.T) {
	t.Parallel()
	commands := (&app{secrets: &redact.Set{}}).commands()
	missingFlags(t, commands.Flags, uses, "")
	for _, c := range commands.Commands {
		missingFlags(t, c.Flags, slices.Concat(uses, folderUses), c.Name)
		for _, sub := range c.Subcommands {
			missingFlags(t, sub.Flags, ledgerUses, c.Name+" "+sub.Name)
		}
	}
}

// missingFlags finds flags of a command that no use of it has.
func missingFlags(t *testing.T, flags []cli.Flag, uses []use, command string) {
	t.Helper()
	for _, flag := range flags {
		if name := flag.Names()[0]; !slices.ContainsFunc(uses, func(u use) bool { return usesFlag(u.args, command, name) }) {
			t.Errorf("no use of riveter %s has -%s", command, name)
		}
	}
}

func usesFlag(args, command, flag string) bool {
	return (command == "" || strings.Contains(" "+args+" ", " "+command+" ")) && slices.ContainsFunc(strings.Fields(args), func(word string) bool {
		name, _, _ := strings.Cut(word, "=")
		return name == "-"+flag
	})
}

// TestAPlanLeavesTheFilesOfACrashAsTheyAre copies the ledger in the middle of an apply, as a crash leaves it.
func TestAPlanLeavesTheFilesOfACrashAsTheyAre(t *testing.T) {
	t.Parallel()
	w, crashed := probed(t), probed(t)
	journal := "riveter.ledger.json.journal"
	w.rivet.OnRequest = func(r operatetest.Request) operatetest.Fault {
		if r.Verb == "call" {
			data, err := os.ReadFile(filepath.Join(w.dir, journal))
			if err != nil {
				t.Error(err)
			}
			crashed.write(journal, string(data))
		}
		return operatetest.Delivered
	}
	w.run("apply", "-auto-approve", "DIR").ends(0)
	w.rivet.OnRequest, crashed.rivet = nil, w.rivet
	before, err := os.ReadFile(filepath.Join(crashed.dir, journal))
	if err != nil {
		t.Fatal(err)
	}
	crashed.run("plan", "DIR").ends(0).prints(`1 unknown`)
	after, err := os.ReadFile(filepath.Join(crashed.dir, journal))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a plan has changed the journal: %v", err)
	}
	crashed.run("plan", "-mark-done=action.first", "DIR").ends(0).prints(`1 to mark as done`)
}
