package funcs

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// outside is a world with a few files and one environment variable.
var outside = Outside{
	ReadFile: func(path string) ([]byte, error) {
		if content, ok := map[string]string{
			"hello.txt": "Hello World", "binary": "\xff\xfe", "greeting.tftpl": "Hello ${name}!", "list.tftpl": "%{ for p in ports }${p};%{ endfor }",
			"self.tftpl": `${templatefile("self.tftpl", {})}`, "broken.tftpl": "${",
		}[path]; ok {
			return []byte(content), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	},
	ListFolder: func(dir string) ([]string, error) {
		return map[string][]string{".": {"a.txt", "b.md", "sub/"}, "sub": {"a.txt", "deep/"}, "sub/deep": {"c.txt"}}[dir], nil
	},
	Env: func(name string) (string, bool) { return "/home/ada", name == "HOME" },
}

func evaluate(t *testing.T, source string) (cty.Value, hcl2.Diagnostics) {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(source), "test", hcl2.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return expr.Value(&hcl2.EvalContext{Functions: Table(outside), Variables: map[string]cty.Value{
		"unknown":   cty.UnknownVal(cty.String),
		"unknowns":  cty.UnknownVal(cty.List(cty.String)),
		"secret":    cty.StringVal("hush").Mark(value.Sensitive),
		"ephemeral": cty.StringVal("hush").WithMarks(cty.NewValueMarks(value.Sensitive, value.Ephemeral)),
	}})
}

// The cases are those of Terraform's documentation wherever it has an example.
func TestFunctionsGiveWhatTerraformDocuments(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, test := range documented {
		name, _, _ := strings.Cut(test.expression, "(")
		tested[name] = true
		t.Run(test.expression, func(t *testing.T) {
			t.Parallel()
			got, diags := evaluate(t, test.expression)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			want, diags := evaluate(t, test.want)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if !got.RawEquals(want) {
				t.Errorf("it is %#v, not %#v", got, want)
			}
		})
	}
	for name := range Table(outside) {
		if !tested[name] && name != "first_applied" { // which gives something only within the block of an actor
			t.Errorf("%s has no case", name)
		}
	}
}

func TestFunctionsRefuseWhatTerraformRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range refused {
		t.Run(test.expression, func(t *testing.T) {
			t.Parallel()
			got, diags := evaluate(t, test.expression)
			if !diags.HasErrors() {
				t.Fatalf("it is %#v", got)
			}
			if !strings.Contains(diags[0].Detail, test.want) {
				t.Errorf("it is refused because: %s", diags[0].Detail)
			}
		})
	}
}

func TestMarksAndUnknownsPassThroughFunctions(t *testing.T) {
	t.Parallel()
	secret := func(v cty.Value) cty.Value { return v.Mark(value.Sensitive) }
	for _, test := range []struct {
		expression string
		want       cty.Value
	}{
		{`upper(secret)`, secret(cty.StringVal("HUSH"))},
		{`length(secret)`, secret(cty.NumberIntVal(4))},
		{`length([secret])`, cty.NumberIntVal(1)},
		{`length(unknowns)`, cty.UnknownVal(cty.Number).Refine().NotNull().NumberRangeLowerBound(cty.Zero, true).
			NumberRangeUpperBound(cty.NumberIntVal(9223372036854775807), true).NewValue()},
		{`join("-", ["a", secret])`, secret(cty.StringVal("a-hush"))},
		{`lookup({ a = secret }, "a")`, secret(cty.StringVal("hush"))},
		{`lookup({ a = 1 }, secret, 2)`, secret(cty.NumberIntVal(2))},
		{`coalesce(unknown, "a")`, cty.UnknownVal(cty.String)},
		{`coalesce("a", unknown)`, cty.StringVal("a")},
		{`coalesce("", secret)`, secret(cty.StringVal("hush"))},
		{`sha256(unknown) == ""`, cty.UnknownVal(cty.Bool).RefineNotNull()},
		{`sensitive("a")`, secret(cty.StringVal("a"))},
		{`nonsensitive(secret)`, cty.StringVal("hush")},
		{`nonsensitive(ephemeral)`, cty.StringVal("hush").Mark(value.Ephemeral)},
		{`issensitive(secret)`, cty.True},
		{`issensitive(bytes(secret))`, cty.True},
		{`alltrue([true, unknown])`, cty.UnknownVal(cty.Bool).RefineNotNull()},
		{`alltrue([false, unknown])`, cty.False},
		{`anytrue([unknown, true])`, cty.True},
		{`try(unknown, "a")`, cty.DynamicVal},
		{`templatefile("greeting.tftpl", { name = secret })`, secret(cty.StringVal("Hello hush!"))},
		{`templatefile("greeting.tftpl", { name = unknown })`, cty.UnknownVal(cty.String).Refine().NotNull().StringPrefixFull("Hello ").NewValue()},
	} {
		t.Run(test.expression, func(t *testing.T) {
			t.Parallel()
			got, diags := evaluate(t, test.expression)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if !got.RawEquals(test.want) {
				t.Errorf("it is %#v, not %#v", got, test.want)
			}
		})
	}
}

func TestDeepTextIsRefusedBeforeTheStackOverflows(t *testing.T) {
	t.Parallel()
	for source, text := range map[string]string{
		`jsondecode(file("deep"))`: strings.Repeat("[", 20_000),
		`templatefile("deep", {})`: "${" + strings.Repeat("[", 20_000),
	} {
		outside := Outside{ReadFile: func(string) ([]byte, error) { return []byte(text), nil }}
		expr, _ := hclsyntax.ParseExpression([]byte(source), "test", hcl2.InitialPos)
		if _, diags := expr.Value(&hcl2.EvalContext{Functions: Table(outside)}); !strings.Contains(strings.ToLower(diags.Error()), "nested too deeply") {
			t.Errorf("%s: %v", source, diags)
		}
	}
}

func TestYAMLStandsForNoMoreThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	const few = "a: &a [x, y]\nb: &b { c: *a, d: *a }\n<<: *b\n"
	laughs := "a0: &a0 [x, x]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("a%[1]d: &a%[1]d [*a%[2]d, *a%[2]d]\n", i+1, i)
	}
	for text, want := range map[string]string{few: "", laughs: "more than a million values"} {
		_, err := Table(outside)["yamldecode"].Call([]cty.Value{cty.StringVal(text)})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
