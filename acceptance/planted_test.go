package acceptance

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"riveter/internal/devrivet"
)

// planters are where a secret can be: each has one of its own, which is the value of a sensitive variable with that name.
var planters = []string{"input", "arg", "part", "read", "readpath", "header", "path", "body", "meta", "minted", "team", "local"}

// planted hands a secret to actors in every way. What they hear they say again, in every spelling.
const planted = `
rivet {
  headers        = { "X-Team" = var.team }
  params_command = ["sh", "params.sh"]
}
variable "number" {
  type      = number
  sensitive = true
}
locals { url = "https://${sensitive(env("PLANTED_ENV", ""))}@example.com/${var.local}" }

actor "parrot" "polly" {
  key   = "polly"
  input = { password = var.input, pin = var.number }

  read "said" {
    action = "sayTo"
    args   = [var.read]
  }
  read "path" {
    request { path = "/say/${var.readpath}" }
  }
  action "hear" {
    args = ["postgres://u:${var.part}@db", [1, { deep = var.arg, url = local.url }]]
    await "said" {}
  }
  action "mint" {
    call      = "sayTo"
    args      = [var.minted]
    sensitive = true
  }
  request "hook" {
    method  = "POST"
    path    = "/hook/${var.path}"
    headers = { Authorization = "Bearer ${var.header}" }
    json    = { body = var.body }
  }
  action "reveal" { call = "say" }
  ensure "echoed" {
    value      = read.path
    want       = "never"
    call       = "hear"
    args       = ["never"]
    on_failure = "continue"
  }
  expect "never" {
    value      = self.state.heard
    want       = ["nothing"]
    timeout    = "10ms"
    on_failure = "continue"
  }
  action "fail" {
    args       = [var.meta]
    on_failure = "continue"
  }
  request "refused" {
    path       = "/fail/${var.path}"
    on_failure = "continue"
  }
}

actor "parrot" "second" {
  key        = "second"
  depends_on = [actor.parrot.first]
  input      = { from = actor.parrot.first.step.hook.output }
  action "hear" {
    args = [actor.parrot.first.step.hook.output.texts]
    run  = "on_change"
  }
}
actor "parrot" "first" {
  key   = "first"
  input = { password = nonsensitive(var.input) }
  request "hook" { path = "/hook/${var.path}" }
}
variable "broken" { default = false }
actor "parrot" "broken" {
  count = var.broken ? 1 : 0
  key   = "stranger"
  read "fails" {
    action = "fail"
    args   = [var.read]
  }
  expect "it" { condition = read.fails == 1 }
}
output "said" {
  value = actor.parrot.first.step.hook.output
}
output "read" { value = actor.parrot.polly.read.said }
`

// TestPlantedSecretsAreFoundNowhere runs every command in every view, where it fails and where it does not, and looks for the
// secrets in all that is printed, in the ledger, in temporary files, and in the arguments of programs that riveter starts.
func TestPlantedSecretsAreFoundNowhere(t *testing.T) {
	t.Parallel()
	rivet := startRivet(t, "witness")
	p := newPlanting(t, rivet.Endpoint())
	if err := p.engine.create("parrot", "stranger", map[string]any{"password": p.secrets["input"], "pin": 86753090}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args string
		code int
	}{
		{"validate", 0},
		{"validate -json", 0},
		{"graph", 0},
		{"plan", 0},
		{"plan -json -out=first.plan", 0},
		{"show -verbose first.plan", 0},
		{"plan -var=broken=true", 1},
		{"plan -json -var=broken=true", 1},
		{"apply -auto-approve", 1},
		{"apply -auto-approve -json", 1},
		{"plan", 0},
		{"plan -json -verbose", 0},
		{"plan -read-inputs -rerun=* -out=second.plan", 0},
		{"show -format=json second.plan", 0},
		{"show -format=markdown second.plan", 0},
		{"show -format=html second.plan", 0},
		{"apply first.plan", 1},
		{"apply second.plan", 1},
		{"apply -auto-approve -rerun=actor.parrot.polly -verbose", 1},
		{"verify", 1},
		{"verify -json", 1},
		{"verify -junit-xml=results.xml", 1},
		{"console", 0},
		{"output", 0},
		{"output -json", 0},
		{"get actor.parrot.polly", 0},
		{"get -state actor.parrot.polly", 0},
		{"get -state -json actor.parrot.polly", 0},
		{"call actor.parrot.polly say", 0},
		{"call -json actor.parrot.polly say", 0},
		{"call actor.parrot.polly fail", 1},
		{"ledger list", 0},
		{"ledger show actor.parrot.first", 0},
		{"ledger pull", 0},
		{"export -state -read-inputs -", 0},
		{"export -name parrot -state -read-inputs .", 0},
		{"destroy -auto-approve -json", 0},
		{"apply -auto-approve -concise -no-color", 1},
		{"destroy -auto-approve -include-adopted -verbose", 0},
	} {
		p.run(step.args, "actor.parrot.polly.read.said\nvar.input\nbase64encode(var.input)\nlocal.url\n", step.code)
	}
}

type planting struct {
	*testing.T
	dir, temp string
	engine    engine
	env       []string
	secrets   map[string]string // by place
}

func newPlanting(t *testing.T, endpoint string) *planting {
	t.Helper()
	p := &planting{T: t, dir: t.TempDir(), temp: t.TempDir(), engine: engine{endpoint: endpoint}, secrets: map[string]string{}}
	configuration := planted
	for _, place := range planters {
		configuration += "variable \"" + place + "\" { sensitive = true }\n"
		p.secrets[place] = `q"` + place + `+Secrét~9`
	}
	for _, place := range []string{"path", "readpath", "header", "team"} { // where not every character is possible
		p.secrets[place] = "q-" + place + "-Secret~9"
	}
	p.secrets["env"], p.secrets["params"], p.secrets["token"], p.secrets["number"] = "q-env-Secret~9", `q"params+Secret~9`, "q-token-Secret~9", "86753090"
	p.secrets["number with an exponent"], p.secrets["number for people"] = "8.675309", "86,753,090"
	p.secrets["number in hexadecimal"] = "0x52bbf42"
	p.env = append(devrivet.WithoutRivet(os.Environ()),
		"RIVETER_LOG=trace", "TMPDIR="+p.temp, "PLANTED_ENV="+p.secrets["env"], "PLANTED_PARAMS="+p.secrets["params"],
		"RIVET_ENDPOINT="+strings.Replace(endpoint, "://", "://default:"+p.secrets["token"]+"@", 1), "RIVETER_VAR_number="+p.secrets["number"])
	for _, place := range planters {
		p.env = append(p.env, "RIVETER_VAR_"+place+"="+p.secrets[place])
	}
	const params = `echo "$0 $*" >>started
printf '{"token": "%s"}' "$(printf %s "$PLANTED_PARAMS" | sed 's/"/\\"/g')"
`
	for name, content := range map[string]string{"main.rivet.hcl": configuration, "params.sh": params} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// run runs riveter, and looks for the secrets in what it prints and leaves.
func (p *planting) run(args, input string, code int) {
	p.Helper()
	run := exec.Command("riveter", strings.Fields(args)...)
	run.Dir, run.Env, run.Stdin = p.dir, p.env, strings.NewReader(input)
	if strings.Contains(args, "-verbose") {
		run.Env = append(slices.Clone(p.env), "RIVETER_LOG_PATH="+filepath.Join(p.temp, "log"))
	}
	var stdout, stderr bytes.Buffer
	run.Stdout, run.Stderr = &stdout, &stderr
	_ = run.Run() // how it ended is in its state
	out := slices.Concat(stdout.Bytes(), stderr.Bytes())
	if got := run.ProcessState.ExitCode(); got != code {
		p.Errorf("%s ended with %d, not %d\n%s", args, got, code, out)
	}
	if strings.Contains(args, "-json") {
		for values := json.NewDecoder(&stdout); values.More(); {
			if err := values.Decode(new(any)); err != nil {
				p.Fatalf("%s: %v\n%s", args, err, out)
			}
		}
	}
	written.add(string(out))
	p.search(args, out)
	for _, dir := range []string{p.dir, p.temp} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			p.search(args+" leaves "+filepath.Base(path), content)
			return err
		})
		if err != nil {
			p.Fatal(err)
		}
	}
}

func (p *planting) search(where string, text []byte) {
	p.Helper()
	for place, secret := range p.secrets {
		for spelling, found := range plantedSpellings(secret) {
			if i := strings.Index(string(text), found); i >= 0 {
				p.Errorf("%s: the secret in %s, as %s: …%s…", where, place, spelling, text[max(0, i-150):min(len(text), i+len(found)+40)])
			}
		}
	}
}

// plantedSpellings are how others may write a secret, made without riveter's own code.
func plantedSpellings(secret string) map[string]string {
	once, _ := json.Marshal(secret)
	twice, _ := json.Marshal(string(once))
	return map[string]string{
		"it is":            secret,
		"JSON":             strings.Trim(string(once), `"`),
		"JSON in JSON":     strings.Trim(string(twice), `"\`),
		"JSON in ASCII":    strings.Trim(strings.ReplaceAll(string(once), "é", `\u00e9`), `"`),
		"base64":           strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="),
		"base64, after 1":  base64.StdEncoding.EncodeToString([]byte("x" + secret))[2:12],
		"base64, after 2":  base64.StdEncoding.EncodeToString([]byte("xy" + secret))[3:12],
		"hex":              hex.EncodeToString([]byte(secret)),
		"upper-case hex":   strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"a form":           url.QueryEscape(secret),
		"a path":           url.PathEscape(secret),
		"all that is left": strings.Trim(secret, `q"-`),
	}
}

// TestASecretLikeAnOrdinaryWordHarmsNothing has secrets that look like what riveter itself writes: addresses, keys, names of
// members, words of JSON, counts.
func TestASecretLikeAnOrdinaryWordHarmsNothing(t *testing.T) {
	t.Parallel()
	rivet := startRivet(t, "witness")
	dir := t.TempDir()
	const configuration = `
variable "words" {
  default   = ["note", "true", "null", "address", "witness", "changes", "1000", "type", "create", "Call", "failed", "will", "Error"]
  sensitive = true
}
variable "call" { default = "tell" }
actor "witness" "note" {
  key = ["note", "witness"]
  action "tell" {
    call = var.call
    args = [{ note = "a note", words = var.words }, 1]
  }
}
`
	if err := os.WriteFile(filepath.Join(dir, "main.rivet.hcl"), []byte(configuration), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"plan", "-json"}, {"apply", "-json", "-auto-approve"}, {"destroy", "-json", "-auto-approve"}} {
		out, err := riveterCommand(args[0], dir, rivet.Endpoint(), args[1:]...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		planned, err := readPlan(string(out))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		c := planned.Changes[0]
		if c.Address != "actor.witness.note" || c.Name != "witness" || strings.Join(c.Key, "/") != "note/witness" || c.Action != "create" && c.Action != "destroy" {
			t.Errorf("%v: got %+v", args, c)
		}
		for line := range strings.Lines(string(out)) {
			var message struct{ Type string }
			if err := json.Unmarshal([]byte(line), &message); err != nil || message.Type == "" || strings.Contains(message.Type, "(") {
				t.Errorf("%v: %v in %s", args, err, line)
			}
		}
		if args[0] == "plan" && !strings.Contains(string(out), `"(sensitive)":"a (sensitive)"`) { // both are the author's
			t.Errorf("a member of an argument is told: %s", out)
		}
	}
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"plan"}, []string{`# actor.witness.note will be created`, `+ key = ["note", "witness"]`, `"(sensitive)" = "a (sensitive)"`, "Plan: 1 to create"}},
		{[]string{"apply", "-auto-approve", "-var=call=missing"}, []string{"Error: Call failed", "! actor.witness.note failed", "Apply failed: 1 created"}},
		{[]string{"destroy", "-auto-approve"}, []string{`- actor "witness" "note"`, "Destroy complete: 0 created, 0 changed, 1 destroyed"}},
	} {
		out, _ := riveterCommand(c.args[0], dir, rivet.Endpoint(), c.args[1:]...).CombinedOutput() // whether it ends well or not
		for _, want := range c.says {
			if !strings.Contains(string(out), want) {
				t.Errorf("%v does not say %q:\n%s", c.args, want, out)
			}
		}
	}
}
