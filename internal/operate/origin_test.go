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
	for name, content := range files {
		path := filepath.Join(w.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
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
			token := filepath.Join(w.dir, "token.txt")
			if err := os.WriteFile(token, []byte("text of a file"), 0o600); err != nil {
				t.Fatal(err)
			}
			f := w.save()
			of := f.Sources
			for what, source := range map[string]planfile.Source{
				"env": of.Environment["PARAMETER"], "a file": of.Files[token], "a flag": of.Variables[0].Source, "RIVETER_VAR_": of.Environment["RIVETER_VAR_variable"],
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
