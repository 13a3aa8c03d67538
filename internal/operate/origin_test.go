package operate_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"riveter/internal/planfile"
)

// outer has secrets that are made of files and of the environment in every way, and what is none beside them.
const outer = `
variable "module_token" {
  default   = "none"
  sensitive = true
}
locals {
  tokens = { a = env("LOCAL", ""), place = env("PLAIN_PLACE", "") }
  named  = { for name in ["LOOPED"] : name => env(name, "") }
  plain  = "in ${env("PLAIN_PLACE", "")}"
}
module "vault" {
  source = "./vault"
  token  = "Bearer ${env("ARGUMENT", "")}"
}
rivet {
  headers = { Authorization = "Bearer ${env("HEADER", "")}" }
  params  = { user = "u-${env("PARAMETER", "")}" }
}
actor "values" "f" {
  key   = ["f"]
  input = {
    a = sensitive("Bearer ${env("PREFIXED", "")}")
    b = sensitive("Bearer ${trimspace(file("${path.module}/tok.txt"))}")
    c = sensitive(filebase64("${path.module}/key.bin"))
    d = sensitive(replace(file("${path.module}/k.pem"), "\n", ""))
    e = sensitive("Bearer ${local.tokens.a}")
    f = sensitive(join(" ", values(local.named)))
    g = upper("x${module.vault.made}")
    h = merge({ x = sensitive("y ${env("MERGED", "")}") }, { z = env("PLAIN_MERGED", "") })
    i = "${var.module_token} of ${env("BESIDE", "")}"
    j = local.plain
    k = file("${path.module}/plain.txt")
    l = [sensitive(templatefile("${path.module}/rendered.tpl", { n = 1 }))]
  }
}
`

const repeated = `
module "each" {
  source   = "./vault"
  for_each = { one = env("MODULES", "") }
  token    = "Bearer ${each.value}"
}
actor "values" "each" {
  for_each = { one = { token = env("EACH", "") } }
  key      = ["each", each.key]
  input    = { token = sensitive("Bearer ${each.value.token}") }
}
`

const vault = `variable "token" { sensitive = true }
output "made" {
  value     = "made of ${var.token} and ${env("OUTPUT", "")}"
  sensitive = true
}
`

// writeFiles writes files into the folder of the configuration.
func (w *world) writeFiles(files map[string]string) {
	w.Helper()
	for name, content := range files {
		path := filepath.Join(w.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			w.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			w.Fatal(err)
		}
	}
}

// Whatever a secret is made of is no more kept or shown than the secret is.
func TestWhatASecretIsMadeOfIsASecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, outer+repeated)
	secrets := []string{"PREFIXED", "LOCAL", "LOOPED", "ARGUMENT", "HEADER", "MERGED", "BESIDE", "OUTPUT", "MODULES", "EACH"}
	plain := []string{"PLAIN_PLACE", "PLAIN_MERGED"}
	w.env = map[string]string{"PARAMETER": "text of PARAMETER"}
	for _, name := range slices.Concat(secrets, plain) {
		w.env[name] = "text of " + name
	}
	files := map[string]string{
		"tok.txt": "token of a file\n", "key.bin": "bytes of a file", "k.pem": "first line\nsecond line\n", "rendered.tpl": "password of a template ${n}", "plain.txt": "to be seen",
		"vault/main.rivet.hcl": vault,
	}
	w.writeFiles(files)
	f := w.save()
	var kept []string
	for name, source := range f.Sources.Environment {
		if !source.Withheld && !source.Absent {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	w.equal(kept, []string{"PLAIN_MERGED", "PLAIN_PLACE"})
	kept = nil
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !f.Sources.Files[filepath.Join(w.dir, name)].Withheld {
			kept = append(kept, name)
		}
	}
	w.equal(kept, []string{"plain.txt", "vault/main.rivet.hcl"})
	for _, name := range secrets {
		if text := w.env[name]; w.secrets.Redact(text) != "(sensitive)" {
			t.Errorf("%s is shown", text)
		}
	}
	for _, text := range []string{"token of a file", "text of PLAIN_PLACE", "text of PARAMETER", "to be seen"} {
		if got := w.secrets.Redact(text); (got == text) == (text == "token of a file") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// What connection parameters are made of is not kept, whoever has them, and in whichever way it was given; nothing else is left
// out with it. The plan is made again with the same.
func TestWhatConnectionParametersAreMadeOfIsNotKept(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"the rivet block": `
rivet { params = PARAMS }
actor "probe" "p" { key = "p" }`,
		"an actor": `actor "probe" "p" {
  key    = "p"
  params = PARAMS
}`,
		"one of many": `actor "probe" "p" {
  for_each = { p = PARAMS }
  key      = each.key
  params   = each.value
}`,
		"an action": `actor "probe" "p" {
  key = "p"
  action "call" {
    params = PARAMS
    args   = ["a"]
  }
}`,
		"an ensure": `actor "probe" "p" {
  key = "p"
  read "report" { action = "report" }
  ensure "weight" {
    value  = try(read.report.facts.weight, 0)
    want   = 3
    call   = "establish"
    args   = ["weight", 3]
    params = PARAMS
  }
}`,
		"a data block": `actor "probe" "p" { key = "p" }
data "probe" "d" {
  key        = ["p"]
  depends_on = [actor.probe.p]
  params     = PARAMS
}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := `{ e = "Bearer ${env("PARAMETER", "")}", f = file("${path.module}/token.txt"), v = var.flag, o = upper(var.variable.token) }`
			w := newWorld(t, `
variable "flag" {}
variable "plain" {}
variable "variable" { type = object({ token = string }) }
output "beside" { value = [var.plain, env("PLAIN", "")] }
`+strings.ReplaceAll(source, "PARAMS", made))
			w.env = map[string]string{"PARAMETER": "text of PARAMETER", "PLAIN": "plainly", "RIVETER_VAR_variable": `{ token = "text of a variable" }`}
			w.variables = given("flag=text of a flag", "plain=as it is")
			w.writeFiles(map[string]string{"token.txt": "text of a file"})
			f := w.save()
			of := f.Sources
			for what, source := range map[string]planfile.Source{
				"env": of.Environment["PARAMETER"], "a file": of.Files[filepath.Join(w.dir, "token.txt")], "a flag": of.Variables[0].Source, "RIVETER_VAR_": of.Environment["RIVETER_VAR_variable"],
			} {
				if !source.Withheld {
					t.Errorf("what is from %s is kept: %s", what, source.Content)
				}
			}
			w.equal([]bool{of.Environment["PLAIN"].Withheld, of.Variables[1].Withheld}, []bool{false, false})
			w.variables = given("flag=text of a flag")
			_, diags := w.resume(f, false)
			w.fine(diags)
		})
	}
}

// A configuration has words of its own, which may be what somebody gave to parameters too: without it nobody could use the plan elsewhere.
func TestAConfigurationIsKeptWhateverParametersAreGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
variable "user" {}
actor "probe" "alice" {
  key    = "p"
  params = { user = var.user }
}`)
	w.variables = given("user=alice")
	f := w.save()
	if source := f.Sources.Files[filepath.Join(w.dir, "main.rivet.hcl")]; source.Withheld || !f.Sources.Variables[0].Withheld {
		t.Errorf("the configuration is withheld: %t, and what was given %+v", source.Withheld, f.Sources.Variables)
	}
}

// What a secret takes out of a file or of the environment is a secret wherever somebody says it, and what it leaves there is none.
func TestWhatASecretTakesOutOfAFileIsASecret(t *testing.T) {
	t.Parallel()
	for name, secret := range map[string]string{
		"a member of JSON":      `jsondecode(file("${path.module}/x.json")).db.pw`,
		"of YAML":               `yamldecode(file("${path.module}/x.yaml")).db.pw`,
		"of CSV":                `csvdecode(file("${path.module}/x.csv"))[0].pw`,
		"of the environment":    `jsondecode(env("X", "")).db.pw`,
		"of a variable":         `var.x.db.pw`,
		"of what a text is":     `jsondecode(var.text).db.pw`,
		"an index":              `jsondecode(env("X", ""))["db"]["pw"]`,
		"a computed index":      `jsondecode(env("X", ""))[lower("DB")][lower("PW")]`,
		"a member of a local":   `local.decoded.db.pw`,
		"a member of an object": `local.chosen.pw`,
		"of an output":          `module.inner.decoded.db.pw`,
		"of a repetition":       `each.value.db.pw`,
		"of many":               `local.rows["in the north"].pw`,
		"a piece":               `element(split(",", env("PIECES", "")), 1)`,
		"an indexed piece":      `split(",", env("PIECES", ""))[1]`,
		"all of a list":         `join(" ", jsondecode(env("LIST", "")))`,
		"of each":               `join(" ", csvdecode(file("${path.module}/x.csv"))[*].pw)`,
		"in a loop":             `join(" ", [for row in csvdecode(file("${path.module}/x.csv")) : row.pw])`,
		"what is made of it":    `upper(jsondecode(env("X", "")).db.pw)`,
		"what is found":         `lookup(jsondecode(env("X", "")).db, "pw", "")`,
		"what may be missing":   `try(jsondecode(env("X", "")).db.pw, "")`,
		"what is decided":       `1 > 0 ? jsondecode(env("X", "")).db.pw : ""`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `
variable "x" {
  type    = any
  default = {}
}
variable "text" { default = "{}" }
locals {
  decoded = jsondecode(env("X", ""))
  chosen  = { pw = local.decoded.db.pw, region = local.decoded.region }
}
module "inner" { source = "./inner" }
actor "values" "s" {
  for_each = { one = jsondecode(env("X", "")) }
  key      = "s"
  input    = { pw = sensitive("x=${`+secret+`} in ${local.plain}"), region = each.value.region }
}
locals {
  plain = "a plain place"
  rows  = { for row in csvdecode(file("${path.module}/x.csv")) : row.region => row }
}
`)
			const encoded = `{"db": {"pw": "planted-password"}, "region": "in the north"}`
			w.env = map[string]string{
				"X": encoded, "RIVETER_VAR_x": encoded, "RIVETER_VAR_text": encoded,
				"LIST": `["planted-password", "another"]`, "PIECES": "in the north,planted-password",
			}
			w.writeFiles(map[string]string{
				"x.json": encoded, "x.yaml": "db: { pw: planted-password }\nregion: in the north\n", "x.csv": "region,pw\nin the north,planted-password\n",
				"inner/main.rivet.hcl": `output "decoded" { value = jsondecode(env("X", "")) }`,
			})
			_, diags := w.load()
			w.fine(diags)
			w.equal(w.secrets.Redact("planted-password is in the north, a plain place"), "(sensitive) is in the north, a plain place")
		})
	}
}

// The same in JSON, where a string is an expression, and in blocks that are repeated.
func TestWhatASecretTakesOutOfAFileIsASecretInEverySyntax(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ native, json string }{
		"JSON": {json: `{"actor": {"values": {"s": {"key": "s", "input": {"a": "${sensitive(\"x=${jsondecode(env(\"X\", \"\")).db.pw}\")}", "b": "${jsondecode(env(\"X\", \"\")).region}"}}}}}`},
		"a local value of JSON": {`output "s" {
  sensitive = true
  value     = "x=${local.pw}"
}`, `{"locals": {"pw": "${jsondecode(env(\"X\", \"\")).db.pw}"}}`},
		"dynamic": {native: `actor "values" "s" {
  key = "s"
  dynamic "action" {
    for_each = ["one"]
    labels   = [action.value]
    content { args = [sensitive("x=${jsondecode(env("X", "")).db.pw}")] }
  }
}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.native)
			if tt.json != "" {
				w.writeFiles(map[string]string{"more.rivet.json": tt.json})
			}
			w.env = map[string]string{"X": `{"db": {"pw": "planted-password"}, "region": "in the north"}`}
			_, diags := w.plan()
			w.fine(diags)
			w.equal(w.secrets.Redact("planted-password is in the north"), "(sensitive) is in the north")
		})
	}
}

// What stands beside a secret by a name of its own, and is not marked, is no secret for that.
func TestWhatStandsBesideASecretIsNone(t *testing.T) {
	t.Parallel()
	for name, secret := range map[string]string{
		"in a template":            `"${var.tok} of ${local.it.name}"`,
		"in what is made of it":    `sha256("${var.tok} of ${local.it.name}")`,
		"by an argument":           `module.inner.made`,
		"for each":                 `"${var.tok} of ${each.value.name}"`,
		"in a local value":         `local.both`,
		"in a list":                `[join(" of ", [var.tok, local.it.name])]`,
		"beside a secret call":     `"${sensitive(jsondecode(env("X", "")).pw)} of ${local.it.name}"`,
		"for a sensitive output":   `module.inner.shown`,
		"for a sensitive variable": `module.inner.told`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `
variable "tok" { sensitive = true }
locals {
  it   = yamldecode(file("${path.module}/it.yaml"))
  both = "${var.tok} of ${local.it.name}"
}
module "inner" {
  source = "./inner"
  tok    = var.tok
  name   = local.it.name
  both   = "${var.tok} of ${local.it.name}"
}
actor "values" "s" {
  for_each = { one = local.it }
  key      = "s"
  input    = { s = `+secret+`, pw = sensitive(jsondecode(env("X", "")).pw), by = local.it.by, of = sensitive("by ${local.it.by}") }
}
`)
			w.env = map[string]string{"X": `{"pw": "planted-password"}`}
			w.variables = given("tok=planted-token")
			w.writeFiles(map[string]string{
				"it.yaml": "name: acme-corporation\nby: planted-author\n",
				"inner/main.rivet.hcl": `variable "tok" {}
variable "name" {}
variable "both" { sensitive = true }
output "made" { value = "${var.tok} of ${var.name}" }
output "shown" {
  value     = "${var.tok} of ${var.name}"
  sensitive = true
}
output "told" { value = var.both }
`,
			})
			_, diags := w.load()
			w.fine(diags)
			w.equal(w.secrets.Redact("acme-corporation, planted-token, planted-password, planted-author"), "acme-corporation, (sensitive), (sensitive), (sensitive)")
		})
	}
}
