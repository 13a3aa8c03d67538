package hcl_test

import (
	"slices"
	"strings"
	"testing"

	"riveter/hcl"
)

// What is secret of a file is known whatever is wrong with it, and what is not stays legible.
func TestSecretsAreKnownByTheirPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		source string
		want   []string
	}{
		{"variable \"a\" {\n  sensitive = true\n  default = \"one\"\n}\nvariable \"b\" { default = \"two\" }", []string{"one"}},
		{"variable \"b\" { default = \"two\" }\noutput \"o\" { sensitive = true }", nil},
		{"output \"o\" {\n  value = \"one\"\n  sensitive = true\n}\noutput \"p\" { value = \"two\" }", []string{"one"}},
		{"output \"o\" { value = \"two\" }", nil},
		{"token = \"one\"", []string{"one"}},
		{"output \"o\" {\n  value = \"one\"\n  sensitive = true\n}\nactor \"x\" \"y\" {\n  expect \"e\" { value = \"open\" }\n}", []string{"one"}},
		{"variable \"a\" {\n  sensitive = true\n  default = one-more\n}", []string{"one-more"}},
		{"ledger {\n  pasword = \"one\"\n  path = \"open\"\n}", []string{"one"}},
		{"rivet { endpoint = \"https://ns:one@open\", open }", []string{"ns:one"}},
		{"variable \"a\" {\n  default = \"one\n  ephemeral = true\n}\nactor \"x\" \"y\" { key = \"k\" }", []string{"one"}},
		{"variable \"a\" {\n  sensitive = true\n  default = {\n    a = \"one\", b = [\"two\", 34567]\n  }\n  description = \"open\"\n}", []string{"one", "two", "34567"}},
		{"variable \"a\" {\n  sensitive = true\n  default = <<EOT\none\ntwo\nEOT\n}", []string{"one\n", "two\n"}},
		{"input = [sensitive(\"one\"), \"open\"", []string{"one"}},
		{"rivet {\n  token = \"one\n  endpoint = \"open\"\n}", []string{"one"}},
		{"rivet { headers = { A = \"one\", B = b } }\nkey = \"open\"", []string{"one"}},
		{`{"variable": {"a": {"sensitive": true, "default": "one", "description": "open"`, []string{"one"}},
	} {
		got := hcl.SecretLiterals([]byte(test.source), "main.rivet.hcl")
		for _, want := range test.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: got %q, want %q among them", test.source, got, want)
			}
		}
		if all := strings.Join(got, " "); strings.Contains(all, "open") || len(test.want) == 0 && all != "" {
			t.Errorf("%s: got %q", test.source, got)
		}
	}
}
