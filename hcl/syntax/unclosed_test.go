package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOneMistakeInTheSyntaxIsOneProblem(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"a template that is only opened", `a = "${" }`, "Template not closed 1:6"},
		{"a directive that is only opened", "a = 1\nb = \"%{\"\n", "Template not closed 2:6"},
		{"a template that is not closed", `a = "x ${b"`, "Template not closed 1:8"},
		{"a template behind an escaped one", `a = "$${x} ${b"`, "Template not closed 1:12"},
		{"a string whose template swallows the end", "l {\n  a = \"x ${ b\n}\n", "String not closed 2:7"},
		{"a string", "l {\n  a = \"x\n}\n", "String not closed 2:7"},
		{"a heredoc", "a = 1\nb = <<EOT\ntext\n", "Invalid heredoc 2:5"},
		{"a string in a template in a heredoc", "b = <<EOT\n${\"", "String not closed 2:3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, problems(tt.source, "a.hcl")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestOneMistakeInJSONIsOneProblem(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"nothing", "", "Empty file 1:1"},
		{"white space", " \n", "Empty file 1:1"},
		{"an end too early", `{"actor": {"kit": {`, "Unclosed object 1:1"},
		{"an end too early, on other lines", "{\n\"a\": {\n\"b\": [1,\n\n", "Unclosed object 1:1"},
		{"an end too early, and another mistake", "{\n\"a\": tru,\n\"b\": {", "Unclosed object 1:1, Invalid JSON keyword 2:6"},
		{"a list without an end", "[1", "Unclosed object 1:1"},
		{"no object", `"a"`, "Root value must be object 1:1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, problems(tt.source, "a.json")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func problems(source, name string) string {
	_, diags := Parse([]byte(source), name)
	var all []string
	for _, d := range diags {
		all = append(all, fmt.Sprintf("%s %d:%d", d.Summary, d.Subject.Start.Line, d.Subject.Start.Column))
	}
	return strings.Join(all, ", ")
}
