package hcl

import (
	"bytes"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/view"
)

// TestWhatIsWrittenOfASecretIsNotShown has mistakes where secrets are written, which no run knows yet, as nothing was evaluated.
// The secrets begin with hush.
func TestWhatIsWrittenOfASecretIsNotShown(t *testing.T) {
	t.Parallel()
	const sensitive = "variable \"tok\" {\n  sensitive = true\n  type = number\n"
	for _, source := range []string{
		sensitive + `  default = "hush-1"` + "\n}\n",
		sensitive + "  default = hush-2\n}\n",
		sensitive + "  default = upper(\"hush-3\")\n}\n",
		sensitive + "  default = \"hush-4\n}\n",
		sensitive + "  default = <<E\nhush-4b\n}\n",
		sensitive + "  default = 1\n  default = \"hush-5\"\n}\n",
		sensitive + "  default = [\n    \"hush-6\",,\n  ]\n}\n",
		sensitive + "  default = { a = \"hush-6b\" }}\n  nullable =\n}\n",
		sensitive + "  validation {\n    condition = var.other == \"hush-7\"\n    error_message = \"x\"\n  }\n}\n",
		"variable \"tok\" { sensitive = true default = \"hush-8\" }\n",
		"variable \"tok\" { default = \"hush-8b\" ephemeral = true }\n",
		"variable \"tok\" {\n  ephemeral = true\n  type = number\n  default = \"hush-9\"\n}\n",
		"output \"o\" {\n  sensitive = true\n  value = [local.no, \"hush-10\"]\n}\n",
		"actor \"a\" \"b\" {\n  key = \"k\"\n  inptu = sensitive(\"hush-11\")\n}\n",
		"actor \"a\" \"b\" {\n  key = \"k\"\n  input = [sensitive(\"hush-12\") 1]\n}\n",
		"actor \"a\" \"b\" {\n  key = \"k\"\n  params = { t = \"hush-13\", u = local.no }\n}\n",
		"rivet {\n  token = \"hush-14\" + nope.x\n}\n",
		"rivet {\n  headers = {\n    Authorization = \"hush-15\", b = foo\n  }\n}\n",
		"rivet {\n  headers = {\n    Authorization = \"hush-16\" b = 1\n  }\n}\n",
		"rivet {\n  endpoint = \"https://ns:hush-17@example.com\" + local.no\n}\n",
		"riveter {\n  ledger \"http\" {\n    address = \"x\"\n    pasword = \"hush-18\"\n    password = \"hush-18\"\n  }\n}\n",
		"variable \"tok\" {\n  sensitivee = true\n  default = hush_18\n}\n",
		sensitive + "  defalt = \"hush-30\"\n}\n",
		sensitive + "  default \"hush-31\"\n}\n",
		"output \"o\" {\n  sensitive = true\n  vlaue = \"hush-32\"\n}\n",
		"rivet {\n  token \"hush-33\"\n}\n",
		"rivet {\n  endpoint = \"http//ns:hush-34@host\" + local.no\n}\n",
		"output \"o\" {\n  value = templatestring(sensitive(\"hush-35 ${\"), {})\n  sensitive = true\n}\n",
		"rivet {\n  headers = { Authorization: Bearer hush-36 }\n}\n",
		"rivet {\n  headers {\n    Authorization = \"hush-37\"\n  }\n}\n",
		"rivet {\n  endpoint = \"https://host?token=hush-38\n}\n",
		"output \"o\" {\n  value = sensitiv(\"hush-39\")\n}\n",
		"locals {\n  headers = { Authorization = \"hush-40\" } z\n}\n",
		"rivet {\n  endpoint = \"u:hush-41@127.0.0.1:6420\" + local.no\n}\n",
		"rivet {\n  endpoint = \"http://ns:hush-42/slash@127.0.0.1:6420\" + local.no\n}\n",
		"rivet {\n  endpont = \"hush-43@127.0.0.1:6420\"\n}\n",
		"rivet {\n  endpoint = \"http://ns:${\"hush-44\"}@127.0.0.1\" + local.no\n}\n",
		"rivet {\n  endpoint = \"http://ns:a\\\"hush-45@127.0.0.1\" 1\n}\n",
		"rivet {\n  endpoint = \"127.0.0.1:1/x?key=hush-46\" + local.no\n}\n",
		"rivet {\n  endpoint = \"127.0.0.1:1/x?key=hush-47\" 1\n}\n",
		"rivet {\n  endpoint = [\"127.0.0.1:1/x#hush-48\"]\n}\n",
		"rivet {\n  endpont = \"127.0.0.1:hush-49\"\n}\n",
		"variable \"at\" {\n  type = number\n  default = \"u:hush-50@127.0.0.1:6420\"\n}\n",
		"riveter {\n  ledger \"http\" {\n    lock_address = [\"x?key=hush-51\"]\n  }\n}\n",
		"token \"hush-60\" {\n  a = 1\n}\n",
		"tokn \"hush-61\" {\n  a = 1\n}\n",
		"tokn \"hush-62\" {\n  a = 1 1\n}\n",
		"token = \"hush-63\"\n",
		"passwd = \"hush-64\"\n",
		"tokn = \"hush-65\" 1\n",
		"params { a = \"hush-66\" }\n",
		"rivet {\n  paramz \"hush-67\" {\n  }\n}\n",
		"rivet {\n  token = hush_68\n}\n",
		"rivet {\n  params_command = [\"hush-69\", 1 1]\n}\n",
		"rivet {\n  params_command = [\"hush-70\"]\n  params = {}\n}\n",
		"rivet {\n  params_comand = [\"hush-71\"]\n}\n",
		"actor \"a\" \"b\" {\n  key = \"k\"\n  request \"c\" {\n    path = \"x?key=hush-72\"\n  }\n}\n",
		"actor \"a\" \"b\" {\n  key = \"k\"\n  request \"c\" {\n    path = \"/x\"\n    headers = { \"Authorization: hush-73\" = \"\" }\n  }\n}\n",
		"rivet {\n  api_key = \"hush-75\"\n}\n",
		"rivet {\n  authorization = \"Bearer hush-76\"\n}\n",
		"riveter {\n  seal {\n    passphrase = \"hush-77\"\n    identity = \"hush-78\"\n  }\n}\n",
		"riveter {\n  seal {\n    identity_file = \"AGE-SECRET-KEY-1hush-80\" + 1\n  }\n}\n",
		"riveter {\n  seal {\n    identity_file = \"AGE-SECRET-KEY-1hush-81\" 1\n  }\n}\n",
		"rivet {\n  tls {\n    key_file = <<E\n-----BEGIN EC PRIVATE KEY-----\nhush-82\nE\n  key_file = 1\n  }\n}\n",
		"riveter {\n  ledger \"http\" {\n    address = \"x\"\n    secret = \"hush-79\"\n  }\n}\n",
		"module \"m\" {\n  source = \"git::https://example.com/x?token=hush-74\"\n}\n",
	} {
		discreet(t, map[string][]byte{"main.rivet.hcl": []byte(source)})
	}
	for _, source := range []string{
		`{"variable": {"tok": {"sensitive": true, "type": "number", "default": "hush-20"}}}`,
		`{"variable": {"tok": {"sensitive": true, "default": hush}}}`,
		`{"variable": {"tok": {"default": "hush-21"},, "sensitive": true}}`,
		`{"rivet": {"token": "hush-22"`,
		`{"locals": {"a": "${sensitive(\"hush-23\")}"},}`,
		`{"rivet": {"endpoint": "u:hush-24@127.0.0.1:6420"},}`,
		`{"rivet": {"endpoint": "http://ns:hush-25/slash@127.0.0.1:6420", "endpoint": 1}}`,
		`{"rivet": {"endpoint": ["127.0.0.1/x?key=hush-26"]}}`,
	} {
		discreet(t, map[string][]byte{"main.rivet.json": []byte(source)})
	}
}

// TestOneWrongCharacterBringsNoSecretToLight leaves out each character that has a meaning, and doubles it.
func TestOneWrongCharacterBringsNoSecretToLight(t *testing.T) {
	t.Parallel()
	const source = `variable "tok" {
  sensitive = true
  default   = "hush-1"
}
rivet {
  token   = "hush-2"
  headers = { "Authorization" = "hush-3" }
}
riveter {
  ledger "http" {
    address  = "https://ada:hush-4@example.com"
    password = "hush 5"
  }
}
variable "last" {
  sensitive = true
  default   = { a = ["hush-6"] }
}
`
	for i, c := range source {
		if !strings.ContainsRune("\"{}[]=\n ", c) {
			continue
		}
		for _, wrong := range []string{source[:i] + source[i+1:], source[:i] + string(c) + source[i:]} {
			cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(wrong)})
			for _, d := range diags {
				if text := drawn(t, d, cfg.Files()); strings.Contains(text, "hush") {
					t.Errorf("of\n%s\nthere is\n%s", wrong, text)
				}
			}
		}
	}
}

// TestWhatIsNoSecretIsShown has mistakes beside secrets: what is wrong is shown as it is written.
func TestWhatIsNoSecretIsShown(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"locals {\n  token = local.plain\n  other = local.plain-x\n}\n",
		"locals {\n  password = \"plain-1\"\n  key = upper(\"plain-2\", 1)\n}\n",
		"variable \"obj\" {\n  type = object({ user = string, pass = plain })\n  sensitive = true\n  default = { user = \"hush\", pass = \"string\" }\n}\n",
		"output \"o\" {\n  sensitive = true\n  value = tonumber(local.plain)\n}\n",
		"variable \"v\" {\n  sensitive = false\n  type = number\n  default = \"plain-3\"\n}\n",
		"rivet {\n  token = \"hush\"\n}\nactor \"a\" \"b\" {\n  key = plain\n}\n",
		"rivet {\n  token = \"hush\"\n}\nactor \"a\" \"b\" {\n  key = \"plain\n}\n",
		"rivet {\n  token = \"hush\"\n}\nactor \"plain\" = {\n}\n",
		"rivet {\n  endpoint = \"http://plain:6420\" + local.no\n}\n",
		"rivet {\n  endpoint = \"plain:6420\" + local.no\n}\n",
		"rivet {\n  namespace = \"plain\" + local.no\n}\n",
		"locals {\n  email = \"ada@plain.example\" + local.no\n}\n",
	} {
		cfg, diags := everythingSaid(t, map[string][]byte{"main.rivet.hcl": []byte(source)})
		if text := drawn(t, diags[0], cfg.Files()); !strings.Contains(text, "plain") || strings.Contains(text, "hush") {
			t.Errorf("of\n%s\nthere is\n%s", source, text)
		}
	}
}

// TestNothingOfVariableFilesIsShown has mistakes in files of values: nobody can say whether the values are secret where the
// file is not understood, or is for another configuration.
func TestNothingOfVariableFilesIsShown(t *testing.T) {
	t.Parallel()
	config := []byte("variable \"tok\" {\n  type = map(object({ a = number }))\n  sensitive = true\n}\n")
	for name, sources := range map[string][]string{
		"x.rivetvars.hcl": {
			"tok = { k = { a = \"hush-1\" }\n", "tok = hush-2", "tok = 1\ntok = \"hush-3\"\n", "tok = \"hush-4\n", "tok = { a = \"hush-5\",\n n = hush_x }", "tokk = \"hush-6\"",
			"tok = { \"hush-7\" = {} }", "tok = { \"hush-8\" = { a = \"hush-8\" } }", "tok = <<E\nhush-9\n", "tok {\n  a = \"hush-10\"\n}\n", "tok = \"${hush}\"", "\"hush-11\" = 1",
			"tok = 'hush-12'", "tok = \"hush-13\" + 1", "tok = \"hush-14\\x\"", "tok hush15", "tok \"hush-16\" {\n",
			"tok \"hush-17\" {\n}\n", "hush18 {\n}\n", "hush19 \"x\" {",
		},
		"x.json": {
			`{"tok": {"a": "hush-16"`, `{"tok": {"a": "hush-17"},, "b": 1}`, `{"tok": hush}`, `{"tok": undefinedhush}`, `{"tok": "hush-18", "tok": "hush-19"}`, `["hush-20"]`, `{"tok": "${hush}"}`,
			`{"tokk": "hush-21"}`, "{\n\"tok\":\n\"hush-22\"\n", `{"tok": {"hush-23": {}}}`,
		},
	} {
		for _, source := range sources {
			discreet(t, map[string][]byte{"main.rivet.hcl": config, name: []byte(source)}, name)
		}
	}
}

// discreet holds what is said of a configuration, and of files with values, to say nothing of what begins with hush.
func discreet(t *testing.T, files map[string][]byte, given ...string) {
	t.Helper()
	cfg, diags := everythingSaid(t, files, given...)
	for _, d := range diags {
		if text := drawn(t, d, cfg.Files()); strings.Contains(text, "hush") {
			t.Error(text)
		}
	}
}

// everythingSaid returns all that is wrong with files.
func everythingSaid(t *testing.T, files map[string][]byte, given ...string) (*Config, hcl2.Diagnostics) {
	t.Helper()
	cfg, diags := LoadSources(".", files)
	for _, file := range given {
		_, more := cfg.Variables(VariableSources{Given: []Given{{File: file}}})
		diags = append(diags, more...)
	}
	if !diags.HasErrors() && len(given) == 0 {
		values, more := cfg.Variables(VariableSources{})
		diags = append(diags, more...)
		_, more = cfg.Evaluate(values, Options{})
		diags = append(diags, more...)
	}
	if len(diags) == 0 {
		t.Fatalf("nothing is said of %s", files)
	}
	return cfg, diags
}

func drawn(t *testing.T, d *hcl2.Diagnostic, files map[string]*hcl2.File) string {
	t.Helper()
	var b bytes.Buffer
	if err := view.DrawDiagnostic(&b, view.DescribeDiagnostic(d, files), view.Options{Width: 100}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
