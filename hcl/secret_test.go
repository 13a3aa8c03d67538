package hcl

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

func TestSecretsStayOutOfDiagnostics(t *testing.T) {
	t.Parallel()
	const secret = "hush-hush"
	for _, expression := range []string{
		`tonumber(var.secret)`, `jsondecode(var.secret)`, `file(var.secret)`, `regex("(", var.secret)`, `bigint(var.secret)`,
		`{ for r in ["a", "b"] : var.secret => r }`, `var.secret + 1`, `var.secret.x`, `{ a = 1 }[var.secret]`, `actor.x.other[var.secret].id`,
		`cidrhost(var.secret, 1)`, `templatefile("${var.secret}.tpl", {})`, `local.derived + 1`, `tobool(local.derived)`, `tomap(var.secret)`,
		`[for s in [var.secret] : tonumber(s)]`, `[for s in [var.secret] : regex("(", s)]`, `{ for s in { a = var.secret } : upper(s) => [upper(s), s]... if tobool(s) }`,
		`upper(tobool(var.secret))`, `[for var in [{ plain = var.secret }] : tonumber(var.plain)]`, `[for s in var.secret[*] : [for t in [s] : jsondecode(t)]]`,
		`max(1, [for s in [var.secret] : bigint(s)]...)`, `regex("z", local.derived)`, `[var.secret, tonumber("x${var.secret}")]`,
	} {
		for _, place := range []string{"key = ", "input = ", "pool = ", "create = ", "enabled = ", "count = ", "for_each = "} {
			t.Run(place+expression, func(t *testing.T) {
				t.Parallel()
				key := `key = "k"`
				if place == "key = " {
					key = ""
				}
				_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, fmt.Sprintf(`
					variable "secret" {
						default   = %q
						sensitive = true
					}
					locals { derived = "x${var.secret}" }
					actor "x" "other" {
						for_each = toset(["p"])
						key      = each.key
					}
					actor "x" "y" {
						%s
						%s%s
					}`, secret, key, place, expression))
				if len(diags) == 0 {
					t.Error("nothing is said")
				}
				for _, d := range diags {
					if strings.Contains(d.Summary+d.Detail, secret) {
						t.Error(d)
					}
				}
			})
		}
	}
}

// TestWhatIsWrongWithAPlainCallIsShown has a call fail whose own arguments are plain, in an expression that is made of a secret elsewhere.
func TestWhatIsWrongWithAPlainCallIsShown(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`{ for i in range(var.n / 10) : "s${i}" => "${var.secret}${i}" }`: "more than 1024 values were generated",
		`[var.secret, regex("x", "abc")]`:                                 "pattern did not match",
		`var.secret == "" ? [] : tolist(var.n)`:                           "list of dynamic required, but have number",
		`[for s in [var.secret] : parseint(var.digits, 10)]`:              `cannot parse "twelve" as a base 10 integer`,
		`[for s in [var.secret] : parseint(s, 10)]`:                       "What is wrong is not shown",
		`[[for n in [var.digits] : parseint(n, 10)], var.secret]`:         "What is wrong is not shown",
		`format("%s%d", var.secret, "x")`:                                 "What is wrong is not shown",
		`[sensitive("hush-hush"), regex("x", "abc")]`:                     "pattern did not match",
		`sensitive(file("absent-${var.n}.txt"))`:                          "absent-20000.txt",
		`parseint(tostring(var.digits), var.secret == "" ? 8 : 10)`:       "What is wrong is not shown",
		`sensitive(regex(var.digits, "abc"))`:                             "What is wrong is not shown",
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, `
				variable "secret" {
					default   = "hush-hush"
					sensitive = true
				}
				variable "n" { default = 20000 }
				variable "digits" { default = "twelve" }
				output "it" { value = `+expression+` }`)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, want) {
				t.Errorf("nothing says %q: %v", want, diags)
			}
		})
	}
}

// TestWhatIsMadeASecretStaysOutOfDiagnostics has a call fail on what only becomes a secret by where it is written. A part of it would be said
// otherwise, which nobody knows as a secret.
func TestWhatIsMadeASecretStaysOutOfDiagnostics(t *testing.T) {
	t.Parallel()
	output := func(expression string) string { return "output \"it\" {\nvalue = " + expression + "\n}" }
	for name, sources := range map[string]map[string]string{
		"argument":        {"main.rivet.hcl": output(`regex(sensitive(var.text), "abc")`)},
		"deeper argument": {"main.rivet.hcl": output(`regex(upper(sensitive(var.text)), "abc")`)},
		"later argument":  {"main.rivet.hcl": output(`replace("abc", "/x/", tonumber(sensitive(var.text)))`)},
		"core":            {"main.rivet.hcl": output(`regex(core::sensitive(var.text), "abc")`)},
		"element":         {"main.rivet.hcl": output(`[for s in [sensitive(var.text)] : regex(s, "abc")]`)},
		"key":             {"main.rivet.hcl": output(`{ for s in ["a", "b"] : sensitive(var.text) => s }`)},
		"made":            {"main.rivet.hcl": output(`sensitive(regex(var.text, "abc"))`)},
		"made of a call":  {"main.rivet.hcl": output(`sensitive(regex(file("text.rivet.hcl"), "abc"))`), "text.rivet.hcl": "# [hush(\nvariable \"text\" {}"},
		"part of it":      {"main.rivet.hcl": output(`sensitive({ a = [regex(var.text, "abc")] })`)},
		"rendered":        {"main.rivet.hcl": output(`sensitive(templatestring(var.text, {}))`)},
		"template":        {"main.rivet.hcl": output(`templatestring("$${regex(sensitive(\"${var.text}\"), \"abc\")}", {})`)},
		"JSON":            {"main.rivet.json": `{"output": {"it": {"value": "${regex(sensitive(var.text), \"abc\")}"}}}`},
		"JSON, made":      {"main.rivet.json": `{"output": {"it": {"value": "${sensitive(regex(var.text, \"abc\"))}"}}}`},
		"output":          {"main.rivet.hcl": "output \"it\" {\nvalue = regex(var.text, \"abc\")\nsensitive = true\n}"},
		"token":           {"main.rivet.hcl": "rivet {\ntoken = regex(var.text, \"abc\")\n}"},
		"ledger":          {"main.rivet.hcl": "riveter {\nledger \"http\" {\naddress = \"https://x\"\npassword = regex(var.text, \"abc\")\n}\n}"},
		"module": {
			"main.rivet.hcl":   "module \"m\" {\nsource = \"./m\"\npin = regex(var.text, \"abc\")\n}",
			"m/main.rivet.hcl": "variable \"pin\" { sensitive = true }",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string][]byte{"text.rivet.hcl": []byte(`variable "text" {}`)}
			for path, source := range sources {
				files[path] = []byte(source)
			}
			cfg, diags := LoadSources(".", files)
			failOn(t, diags)
			values, diags := cfg.Variables(VariableSources{Given: []Given{{Assignment: "text=abcd[hush("}}})
			failOn(t, diags)
			_, diags = cfg.Evaluate(values, Options{})
			notQuoted(t, diags)
		})
	}
}

func TestSecretValueOfSettingIsNotQuoted(t *testing.T) {
	t.Parallel()
	_, diags := tryObserve(t, Server{Observer: &fakeServer{}}, `
		actor "x" "y" {
			key    = "k"
			create = sensitive("hush-hush")
		}`)
	if len(diags) != 1 || strings.Contains(diags[0].Detail, "hush-hush") {
		t.Errorf("got %v", diags)
	}
}

func TestSecretIsNotQuotedWhereItIsGiven(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"sensitive", "ephemeral"} {
		for typ, values := range map[string][]string{
			"list(string)":              {"hush-hush", "[hush-hush]", "hush-hush(", `"hush-hush"`, "\"${hush-hush}\"", "'hush-hush'"},
			"map(number)":               {`{ hush = "x" }`, `{ a = { hush = 1 } }`, `["hush"]`},
			"map(object({ a=number }))": {`{ hush = {} }`, `{ hush = { a = "x" } }`},
			"list(map(number))":         {`[{ "hush" = [] }]`},
		} {
			for _, value := range values {
				declared := fmt.Sprintf("variable \"secret\" {\n type = %s\n %s = true\n", typ, mark)
				cfg, diags := LoadSources(".", map[string][]byte{
					"main.rivet.hcl": []byte(declared + "}"), "x.rivetvars.hcl": []byte("secret = " + value),
				})
				failOn(t, diags)
				_, diags = cfg.Variables(VariableSources{Given: []Given{{Assignment: "secret=" + value}}})
				notQuoted(t, diags)
				_, diags = cfg.Variables(VariableSources{Given: []Given{{File: "x.rivetvars.hcl"}}})
				notQuoted(t, diags)
				_, diags = LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(declared + " default = " + value + "\n}")})
				notQuoted(t, diags)
			}
		}
	}
}

// TestWhatSecretsAreMadeOfIsLookedForOnce has as many instances with a secret each as a file has rows: it is not decoded again for each.
func TestWhatSecretsAreMadeOfIsLookedForOnce(t *testing.T) {
	t.Parallel()
	const rows = 50
	file := people(rows)
	cfg, diags := LoadSources(".", map[string][]byte{"people.json": file, "main.rivet.hcl": []byte(`
		locals { people = { for p in jsondecode(file("people.json")) : p.id => p } }
		actor "x" "person" {
			for_each = local.people
			key      = each.key
			params   = { room = each.value.room }
			input    = { room = sensitive("in ${each.value.room}"), shelf = sensitive(local.people[each.key].shelf) }
		}`)})
	failOn(t, diags)
	values, diags := cfg.Variables(VariableSources{})
	failOn(t, diags)
	whole, secrets := 0, map[string]bool{}
	_, diags = cfg.Evaluate(values, Options{
		Unkept: func(text string) {
			if text == string(file) {
				whole++
			}
		},
		Secret: func(v cty.Value) {
			for _, text := range value.Secrets(v) {
				secrets[text] = true
			}
		},
	})
	failOn(t, diags)
	if whole == 0 || whole > 2 { // for secrets, and for parameters
		t.Errorf("the file was told %d times", whole)
	}
	for i := range rows {
		if room := fmt.Sprintf("room %d", i%90); !secrets[room] || !secrets["in "+room] {
			t.Errorf("%s is no secret", room)
		}
	}
}

// TestOnlyWhatHasToDoWithSecretsIsEvaluatedForThem has as many instances without secrets as anybody may declare.
func TestOnlyWhatHasToDoWithSecretsIsEvaluatedForThem(t *testing.T) {
	t.Parallel()
	cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(`
		variable "token" {
			default   = "hush"
			sensitive = true
		}
		actor "x" "needed" { key = "needed" }
		actor "x" "secret" {
			key   = "secret"
			input = [actor.x.needed.id, var.token]
		}
		actor "x" "marking" {
			key   = "marking"
			input = sensitive("hush")
		}
		actor "x" "plain" {
			key   = "plain"
			input = actor.x.needed.id
		}
		actor "x" "made" {
			key   = "made"
			input = actor.x.secret.input
		}`)})
	failOn(t, diags)
	values, diags := cfg.Variables(VariableSources{})
	failOn(t, diags)
	e, diags := cfg.Evaluate(values, Options{OnlySecrets: true})
	failOn(t, diags)
	var evaluated []string
	for _, d := range e.Desired() {
		evaluated = append(evaluated, d.Address.Label)
	}
	if want := []string{"made", "marking", "needed", "secret"}; !slices.Equal(evaluated, want) {
		t.Errorf("evaluated: %v", evaluated)
	}
}

func TestWordOfUnreadableJSONIsNotQuoted(t *testing.T) {
	t.Parallel()
	_, diags := LoadSources(".", map[string][]byte{"main.rivet.json": []byte(`{"variable": {"secret": {"sensitive": true, "default": hush}}}`)})
	notQuoted(t, diags)
}

func notQuoted(t *testing.T, diags hcl2.Diagnostics) {
	t.Helper()
	if len(diags) == 0 {
		t.Error("nothing is said")
	}
	for _, d := range diags {
		if strings.Contains(d.Detail, "hush") {
			t.Error(d.Detail)
		}
	}
}
