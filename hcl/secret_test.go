package hcl

import (
	"fmt"
	"strings"
	"testing"
)

func TestSecretsStayOutOfDiagnostics(t *testing.T) {
	t.Parallel()
	const secret = "hush-hush"
	for _, expression := range []string{
		`tonumber(var.secret)`, `jsondecode(var.secret)`, `file(var.secret)`, `regex("(", var.secret)`, `bigint(var.secret)`,
		`{ for r in ["a", "b"] : var.secret => r }`, `var.secret + 1`, `var.secret.x`, `{ a = 1 }[var.secret]`, `actor.x.other[var.secret].id`,
		`cidrhost(var.secret, 1)`, `templatefile("${var.secret}.tpl", {})`, `local.derived + 1`, `tobool(local.derived)`, `tomap(var.secret)`,
		`[for s in [var.secret] : tonumber(s)]`,
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

func TestSecretOnCommandLineIsNotQuoted(t *testing.T) {
	t.Parallel()
	cfg, diags := LoadSources(".", map[string][]byte{"main.rivet.hcl": []byte(`
		variable "secret" {
			type      = list(string)
			sensitive = true
		}`)})
	failOn(t, diags)
	for _, value := range []string{"hush-hush", "[hush-hush]", "hush-hush(", `"hush-hush"`, "\"${hush-hush}\"", "'hush-hush'"} {
		_, diags := cfg.Variables(VariableSources{Given: []Given{{Assignment: "secret=" + value}}})
		if len(diags) == 0 {
			t.Errorf("nothing is said of %s", value)
		}
		for _, d := range diags {
			if strings.Contains(d.Detail, "hush") {
				t.Error(d.Detail)
			}
		}
	}
}
