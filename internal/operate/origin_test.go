package operate_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
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
