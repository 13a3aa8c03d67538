package funcs

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// meant lists the functions that are not what Terraform's are, or that one of the two lacks, with the reason.
var meant = map[string]string{
	"bcrypt": "gives another result each time", "plantimestamp": "gives another result each time",
	"timestamp": "gives another result each time", "uuid": "gives another result each time",
	"rsadecrypt": "a secret is given as a variable",
	"bigint":     "JavaScript's", "bytes": "JavaScript's", "date": "JavaScript's", "undefined": "JavaScript's", "epoch_ms": "JavaScript's",
	"seeded_int": "fixtures", "seeded_name": "fixtures", "seeded_pick": "fixtures", "first_applied": "fixtures",
	"env": "the environment is asked for by name", "urldecode": "newer versions of Terraform have it",
}

// better are those of which older versions of Terraform have a fault: an index from the end, the sign of a fraction, null in a text.
var better = []string{"element", "signum", "format", "formatlist"}

// untried are those whose results depend on files, or are hidden.
var untried = []string{
	"abspath", "pathexpand", "file", "fileexists", "fileset", "filebase64", "filebase64sha256", "filebase64sha512", "filemd5", "filesha1",
	"filesha256", "filesha512", "templatefile", "sensitive", "ephemeralasnull", "base64gzip", "templatestring",
}

// operands are what functions are tried with.
var operands = []string{
	`""`, `"a"`, `"b"`, `"hello world"`, `"1"`, `"true"`, `"äöü☃"`, `"2024-02-29T12:34:56Z"`, `"10.0.0.0/8"`, `"{\"a\":[1,null]}"`, `"a,b,c"`, `"a\nb"`, `"%s-%d"`, `"[a-c]"`, `"YQ=="`,
	`0`, `1`, `-1`, `2.5`, `10`, `true`, `false`, `null`,
	`[]`, `["a", "b", "a"]`, `[1, 2, 3]`, `[null, "a"]`, `["a", 1, true]`, `tolist(["x", "y"])`, `toset(["b", "a"])`, `[["a"], ["b", "c"]]`, `[true, false]`, `["2", "10"]`,
	`{}`, `{ a = 1, b = 2 }`, `{ a = "x", b = null }`, `tomap({ a = "1" })`, `{ a = { b = 1 } }`, `{ a = ["x", "y"] }`,
}

// particular are expressions that went wrong once.
var particular = []string{
	`lookup({ a = 1 }, "b", null)`, `lookup(tomap({ a = 1 }), "b", null)`, `lookup({ a = 1 }, "a", null)`, `lookup({ a = 1 }, "b", "x")`,
	`lookup(tomap({ a = 1 }), "b", "2")`, `lookup(tomap({ a = 1 }), "b", "x")`, `lookup(tomap({ a = 1 }), "b", [])`, `lookup({}, "b", null)`,
	`lookup({ a = null }, "a", "x")`, `lookup({ a = null }, "a")`, `lookup(tomap({ a = null }), "a", "x")`,
	`contains(["z"], null)`, `contains([null], null)`, `contains([null, "z"], "z")`, `contains([1], "1")`, `contains(["1"], 1)`,
	`matchkeys(["a", "b"], [1, 2], ["2"])`, `matchkeys(["a", "b"], ["1", "2"], [2])`, `matchkeys(["a"], [null], [null])`,
	`matchkeys(["a", "b"], [true, false], ["true"])`, `matchkeys(["a"], [[1]], [[1]])`, `matchkeys([], [], [])`,
	`index([1, "2"], 2)`, `index([1, 2], "2")`, `index([null, 2], 2)`, `distinct([1, "1"])`, `setproduct(["a"], [1])`, `setproduct([], ["a"])`,
	`coalesce([], ["a"])`, `coalescelist([], [])`, `one([null])`, `one(toset([1]))`, `sum([])`, `sum(["1", 2])`, `transpose({ a = ["x", null] })`,
	`alltrue(["maybe"])`, `alltrue([null])`, `anytrue([null])`, `merge({ a = 1 }, null)`, `merge(null)`, `concat(null)`, `range(0)`, `range(3, 0)`, `range(1, 2, 0)`,
	`replace("aa", "/(?P<x>a)/", "$x-")`, `split("", "ab")`, `join(",", [1, true])`, `join(",", [null])`, `substr("abc", 5, 1)`, `substr("abc", 0, -2)`,
	`format("%d", "1")`, `format("%s", null)`, `format("%v", [1])`, `title("hello-world foo")`, `cidrsubnet("10.0.0.0/8", 8, 2)`, `cidrhost("10.0.0.0/8", -1)`,
	`cidrhost("10.00.0.0/8", 1)`, `cidrhost("010.08.0.0/08", 1)`, `cidrhost("0000000010.0.0.0/8", 1)`, `cidrhost("00fe80::/64", 1)`, `cidrhost("2001:0db8::00/064", 1)`, `cidrhost("0300.0.0.0/8", 1)`, `cidrhost("10.0.0.0/+8", 1)`,
	`cidrhost("0x10.0.0.0/8", 1)`, `cidrsubnet("10.00.0.0/8", 8, 1)`, `cidrsubnets("10.00.0.0/8", 8, 1)`, `cidrnetmask("10.00.0.0/8")`, `cidrhost("0.0.0.0/00", 1)`, `cidrhost("::/0", 1)`,
	`cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)`, `cidrnetmask("172.16.0.0/12")`, `formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")`,
	`timeadd("2017-11-22T00:00:00Z", "10m")`, `timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")`, `urlencode("Hello World!")`,
	`textencodebase64("Hello World", "UTF-16LE")`, `textencodebase64("ä", "ISO-8859-1")`, `textencodebase64("☃", "ISO-8859-1")`, `textencodebase64("a", "nope")`,
	`textdecodebase64("SABlAGwAbABvACAAVwBvAHIAbABkAA==", "UTF-16LE")`, `textdecodebase64("!", "UTF-8")`, `textdecodebase64("/w==", "UTF-8")`,
	`csvdecode("a,b\n1,2\n3,4")`, `csvdecode("a,a\n1,2")`, `yamldecode("a: [1, 2]")`, `yamldecode("&a [*a]")`, `yamlencode({ a = [1, null] })`,
	`jsondecode("{")`, `jsonencode({ b = 1, a = "<>&" })`, `tonumber("1e3")`, `tonumber("x")`, `tobool("yes")`, `tostring([])`, `toset([1, "1"])`, `tomap({ a = 1, b = "x" })`,
	`tolist([[], ["a"]])`, `zipmap(["a", "b"], [1, "x"])`, `zipmap(["a"], [])`, `slice([1, 2, 3], 1, 5)`, `element([], 0)`, `chunklist([1], 0)`, `flatten([[1, [2]], 3])`,
	`keys({ b = 1, a = 2 })`, `values({ b = 1, a = "x" })`, `reverse(["a", 1])`, `sort(["b", "a", null])`, `setintersection(["a"], ["a", "b"])`, `setunion([1], ["1"])`,
	`parseint("0x1", 16)`, `parseint("zz", 36)`, `pow(2, 0.5)`, `min()`, `max("2", 10)`, `abs("-1")`, `ceil("1.2")`, `1 == "1"`, `null == null`, `[1] == ["1"]`, `{} == {}`,
	`"a" + 1`, `!"true"`, `-"1"`, `5 % 3`, `true && "false"`, `"${[]}"`, `"a${null}"`, `[for x in { a = 1 } : x]`, `{ for x in ["a", "a"] : x => 1 }`,
	`{ for i, x in ["a", "a"] : x => i... }`, `[{ a = 1 }, { a = 2 }][*].a`, `null[*]`, `"x"[*]`, `true ? 1 : "a"`, `true ? [] : {}`, `try(null.a, 1)`, `can(upper(1))`,
}

// TestFunctionsGiveWhatTerraformGives compares values, types and failures with those of Terraform's binary.
func TestFunctionsGiveWhatTerraformGives(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("one goroutine, for long")
	}
	binary, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("there is no terraform on the PATH to compare with")
	}
	expressions := tryable()
	want := terraform(t, binary, expressions)
	table := Table(outside)
	disagreements := 0
	for i, expression := range expressions {
		name, _, _ := strings.Cut(expression, "(")
		got := ours(t, table, expression)
		if slices.Contains(better, name) && (want[i].Value == "failed" || got.Value == "failed") {
			continue
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			disagreements++
			t.Errorf("%s (-terraform +riveter):\n%s", expression, diff)
		}
	}
	t.Logf("%d of %d expressions agree", len(expressions)-disagreements, len(expressions))
}

// TestEveryFunctionOfTerraformIsThere compares the names.
func TestEveryFunctionOfTerraformIsThere(t *testing.T) {
	t.Parallel()
	binary, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("there is no terraform on the PATH to compare with")
	}
	var metadata struct {
		Functions map[string]json.RawMessage `json:"function_signatures"`
	}
	if err := json.Unmarshal(run(t, binary, t.TempDir(), "metadata", "functions", "-json"), &metadata); err != nil {
		t.Fatal(err)
	}
	table := Table(outside)
	for name := range metadata.Functions {
		if _, ok := table[name]; !ok && !strings.Contains(name, "::") && meant[name] == "" {
			t.Errorf("Terraform has a function %s", name)
		}
	}
	for name := range table {
		if _, ok := metadata.Functions[name]; !ok && meant[name] == "" {
			t.Errorf("Terraform has no function %s", name)
		}
	}
}

// tryable returns calls of all functions that can be compared: each that is documented, and with drawn operands.
func tryable() []string {
	draw := rand.New(rand.NewPCG(1, 2))
	var all []string
	for _, d := range documented {
		if name, _, _ := strings.Cut(d.expression, "("); meant[name] == "" && !slices.Contains(untried, name) {
			all = append(all, d.expression)
		}
	}
	all = append(all, particular...)
	table := Table(outside)
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if meant[name] == "" && !slices.Contains(untried, name) {
			all = append(all, calls(draw, name, table[name])...)
		}
	}
	return all
}

// calls returns calls of a function with as many arguments as it takes.
func calls(draw *rand.Rand, name string, f function.Function) []string {
	const drawn = 25
	least, most := len(f.Params()), len(f.Params())
	if f.VarParam() != nil {
		most += 2
	}
	var all []string
	for n := least; n <= most; n++ {
		if n == 1 {
			for _, operand := range operands {
				all = append(all, name+"("+operand+")")
			}
			continue
		}
		for range drawn {
			arguments := make([]string, n)
			for i := range arguments {
				arguments[i] = operands[draw.IntN(len(operands))]
			}
			all = append(all, name+"("+strings.Join(arguments, ", ")+")")
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// outcome is a value with its type, as JSON.
type outcome struct{ Type, Value any }

const wrapped = `try({ ok = %s }, "failed")`

// terraform evaluates expressions in batches, as it takes longer than twice as long for twice as many.
func terraform(t *testing.T, binary string, expressions []string) []outcome {
	t.Helper()
	var all []outcome
	for batch := range slices.Chunk(expressions, 500) {
		dir := t.TempDir()
		var source strings.Builder
		for i, expression := range batch {
			fmt.Fprintf(&source, "output \"e%d\" { value = "+wrapped+" }\n", i, expression)
		}
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(source.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, binary, dir, "apply", "-auto-approve", "-no-color")
		var outputs map[string]outcome
		if err := json.Unmarshal(run(t, binary, dir, "output", "-json"), &outputs); err != nil {
			t.Fatal(err)
		}
		for i := range batch {
			all = append(all, outputs[fmt.Sprint("e", i)])
		}
	}
	return all
}

func run(t *testing.T, binary, dir string, args ...string) []byte {
	t.Helper()
	c := exec.CommandContext(t.Context(), binary, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("terraform %v: %v\n%s", args, err, said.String())
	}
	return out
}

func ours(t *testing.T, table map[string]function.Function, expression string) outcome {
	t.Helper()
	parsed, diags := hclsyntax.ParseExpression(fmt.Appendf(nil, wrapped, expression), "test", hcl2.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := parsed.Value(&hcl2.EvalContext{Functions: table})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if !v.IsWhollyKnown() {
		return outcome{Value: "unknown"}
	}
	v, _ = v.UnmarkDeep()
	typ, err := ctyjson.MarshalType(v.Type())
	if err != nil {
		t.Fatal(err)
	}
	val, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return outcome{Value: err.Error()}
	}
	var o outcome
	if err := json.Unmarshal(fmt.Appendf(nil, `{"Type": %s, "Value": %s}`, typ, val), &o); err != nil {
		t.Fatal(err)
	}
	return o
}
