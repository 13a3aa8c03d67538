package syntax

import (
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// nested are ways to nest: what is written n times before, in the middle, and n times behind.
var nested = []struct{ name, open, middle, close string }{
	{"lists", "[", "", "]"},
	{"objects", "{ a = ", "1", "}"},
	{"parentheses", "(", "1", ")"},
	{"calls", "f(", "1", ")"},
	{"templates", `"${`, "1", `}"`},
	{"minus", "-", "1", ""},
	{"not", "! ", "true", ""},
	{"sums", "1 + ", "1", ""},
	{"choices", "a ? b : ", "1", ""},
	{"indexes", "", "a", "[0]"},
	{"indexes of indexes", "a[", "0", "]"},
	{"splats", "", "a", "[*]"},
	{"for expressions", "[for x in ", "a", ": x]"},
	{"directives", "", `"` + strings.Repeat("%{ if a }", 2*mostNested) + strings.Repeat("%{ endif }", 2*mostNested) + `"`, ""},
	{"not closed", "[", "", ""},
}

func TestWhatIsNestedTooDeeplyIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range nested {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const n = 3 * mostNested
			text := strings.Repeat(tt.open, n) + tt.middle + strings.Repeat(tt.close, n)
			refuses(t, "as an argument", func() hcl2.Diagnostics { _, diags := Parse([]byte("a = "+text), "a.hcl"); return diags }, 1)
			refuses(t, "in parentheses", func() hcl2.Diagnostics { _, diags := Parse([]byte("a = (\n"+text+"\n)"), "a.hcl"); return diags }, 2)
			refuses(t, "as an expression", func() hcl2.Diagnostics { _, diags := ParseExpression([]byte(text), "a"); return diags }, 1)
			refuses(t, "in a template", func() hcl2.Diagnostics { _, diags := ParseTemplate([]byte("x ${"+text+"}"), "a"); return diags }, 1)
			json := `{"a":` + "\n" + `"${` + strings.ReplaceAll(text, `"`, `\"`) + `}"}`
			refuses(t, "in JSON", func() hcl2.Diagnostics { _, diags := Parse([]byte(json), "a.json"); return diags }, 2)
		})
	}
	for _, text := range []string{strings.Repeat("[", 2*mostNested), strings.Repeat(`{"a":`, 2*mostNested)} {
		refuses(t, "JSON", func() hcl2.Diagnostics { _, diags := Parse([]byte(text), "a.json"); return diags }, 1)
	}
	refuses(t, "blocks", func() hcl2.Diagnostics {
		_, diags := Parse([]byte(strings.Repeat("a {\n", 2*mostNested)), "a.hcl")
		return diags
	}, mostNested+1)
}

func refuses(t *testing.T, name string, parse func() hcl2.Diagnostics, line int) {
	t.Helper()
	diags := parse()
	if len(diags) != 1 || diags[0].Summary != "Nested too deeply" || diags[0].Subject.Start.Line != line {
		t.Errorf("%s: %s", name, diags.Error())
	}
}

func TestWhatStandsSideBySideIsNotNested(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	for _, item := range []string{"a = 1 + [for x in [1]: x][0]\n", "b {\n  a = \"%{ if x }${-1}%{ endif }\"\n}\n"} {
		source := strings.Repeat(item, 2*mostNested)
		if diags := tooDeep([]byte(source), "a.hcl", hclsyntax.LexConfig, level{byLine: true}); diags.HasErrors() {
			t.Errorf("%q: %s", item, diags.Error())
		}
	}
	for _, item := range []string{"-1 + a[0],", "[[1]],", "{ a = !b },", "\"%{ for x in y }${x}%{ endfor }\","} {
		if _, diags := ParseExpression([]byte("["+strings.Repeat(item, 2*mostNested)+"]"), "a"); diags.HasErrors() {
			t.Errorf("%q: %s", item, diags.Error())
		}
		if _, diags := ParseTemplate([]byte(strings.Repeat("${["+item+"]}\n", 2*mostNested)), "a"); diags.HasErrors() {
			t.Errorf("%q: %s", item, diags.Error())
		}
	}
	deep := `{"a":` + strings.Repeat("[", mostNested-1) + `"]\"}"` + strings.Repeat("]", mostNested-1) + `, "b": "[` + strings.Repeat("[", 2*mostNested) + `"}`
	if _, diags := Parse([]byte(deep), "a.json"); diags.HasErrors() {
		t.Errorf("JSON: %s", diags.Error())
	}
}
