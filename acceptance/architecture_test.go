package acceptance

import (
	"os/exec"
	"strings"
	"testing"
)

// allowed lists the packages of ours that each package may import, tests left out.
var allowed = map[string][]string{
	"riveter":                              {"riveter/internal/cli", "riveter/internal/cli/process"},
	"riveter/plan":                         {"riveter/plan/address", "riveter/plan/value"},
	"riveter/plan/address":                 {},
	"riveter/plan/cores":                   {},
	"riveter/plan/value":                   {},
	"riveter/plan/decide":                  {"riveter/plan", "riveter/plan/address", "riveter/plan/cores", "riveter/plan/value"},
	"riveter/plan/view/diff":               {},
	"riveter/plan/view/junit":              {"riveter/plan", "riveter/plan/view"},
	"riveter/plan/view/page":               {"riveter/plan", "riveter/plan/view"},
	"riveter/plan/view/markdown":           {"riveter/plan", "riveter/plan/address", "riveter/plan/view"},
	"riveter/plan/transition":              {"riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/plan/view":                    {"riveter/plan", "riveter/plan/address", "riveter/plan/value", "riveter/plan/view/diff"},
	"riveter/hcl":                          {"riveter/hcl/declare", "riveter/hcl/evaluate", "riveter/hcl/funcs", "riveter/hcl/syntax", "riveter/hcl/variables"},
	"riveter/hcl/syntax":                   {"riveter/plan/address", "riveter/plan/value"},
	"riveter/hcl/expr":                     {"riveter/hcl/syntax", "riveter/plan/address", "riveter/plan/value"},
	"riveter/hcl/payload":                  {"riveter/hcl/expr", "riveter/hcl/syntax", "riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/hcl/discreet":                 {"riveter/hcl/syntax"},
	"riveter/hcl/variables":                {"riveter/hcl/declare", "riveter/hcl/discreet", "riveter/hcl/syntax"},
	"riveter/hcl/declare":                  {"riveter/hcl/discreet", "riveter/hcl/expr", "riveter/hcl/syntax", "riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/hcl/evaluate/instances":       {"riveter/hcl/declare", "riveter/hcl/discreet", "riveter/hcl/expr", "riveter/hcl/payload", "riveter/hcl/syntax", "riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/hcl/evaluate":                 {"riveter/hcl/declare", "riveter/hcl/evaluate/instances", "riveter/hcl/expr", "riveter/hcl/payload", "riveter/hcl/variables", "riveter/hcl/funcs", "riveter/hcl/syntax", "riveter/plan", "riveter/plan/address", "riveter/plan/cores", "riveter/plan/value"},
	"riveter/hcl/funcs":                    {"riveter/hcl/expr", "riveter/hcl/syntax", "riveter/plan/value"},
	"riveter/apply":                        {"riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/apply/ledger":                 {"riveter/apply/ledger/chain", "riveter/apply/ledger/jsonscan", "riveter/apply/ledger/seal", "riveter/internal/atomicfile", "riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/apply/ledger/chain":           {},
	"riveter/apply/ledger/jsonscan":        {},
	"riveter/apply/ledger/remote":          {"riveter/apply/ledger"},
	"riveter/apply/ledger/seal":            {"riveter/internal/keyfile"},
	"riveter/apply/ledger/ledgertest":      {"riveter/apply/ledger", "riveter/plan"},
	"riveter/client":                       {"riveter/client/"},
	"riveter/client/internal/bare":         {},
	"riveter/client/internal/value":        {},
	"riveter/client/internal/wire":         {"riveter/client/internal/bare", "riveter/client/internal/value"},
	"riveter/client/fixture":               {"riveter/client"},
	"riveter/internal/export":              {"riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/internal/operate":             {"riveter/apply", "riveter/apply/ledger", "riveter/hcl", "riveter/hcl/syntax", "riveter/internal/atomicfile", "riveter/internal/export", "riveter/internal/planfile", "riveter/internal/redact", "riveter/plan", "riveter/plan/address", "riveter/plan/cores", "riveter/plan/decide", "riveter/plan/transition", "riveter/plan/value", "riveter/plan/view"},
	"riveter/internal/operate/operatetest": {"riveter/apply", "riveter/client", "riveter/hcl", "riveter/internal/export", "riveter/internal/operate", "riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/internal/target":              {"riveter/apply", "riveter/client", "riveter/internal/export", "riveter/internal/operate", "riveter/plan", "riveter/plan/address", "riveter/plan/value"},
	"riveter/internal/planfile":            {"riveter/internal/keyfile"},
	"riveter/internal/devrivet":            {},
	"riveter/internal/release":             {"riveter/internal/cli"},
	"riveter/internal/redact":              {},
	"riveter/internal/atomicfile":          {},
	"riveter/internal/keyfile":             {},
	"riveter/internal/cli":                 {"riveter/"},
	"riveter/internal/cli/manual":          {"riveter/hcl"},
	"riveter/internal/makedocs":            {"riveter/acceptance/speed/results", "riveter/internal/cli", "riveter/internal/cli/process", "riveter/internal/devrivet", "riveter/internal/makedocs/picture"},
	"riveter/internal/cli/graph":           {"riveter/hcl"},
	"riveter/internal/cli/process":         {},
	"riveter/internal/cli/usage":           {"riveter/hcl/syntax", "riveter/internal/cli/process", "riveter/internal/operate"},
	"riveter/internal/cli/outfile":         {"riveter/apply/ledger", "riveter/hcl", "riveter/internal/cli/process", "riveter/internal/operate", "riveter/internal/redact"},
	"riveter/internal/cli/connect":         {"riveter/apply/ledger", "riveter/apply/ledger/remote", "riveter/apply/ledger/seal", "riveter/client", "riveter/hcl", "riveter/internal/keyfile", "riveter/internal/operate", "riveter/internal/redact", "riveter/internal/target", "riveter/plan"},
	"riveter/internal/cli/screen":          {"riveter/apply", "riveter/internal/operate", "riveter/internal/redact", "riveter/plan", "riveter/plan/address", "riveter/plan/view"},
	"riveter/acceptance":                   {},
	"riveter/acceptance/speed":             {"riveter/acceptance/speed/results", "riveter/internal/devrivet"},
	"riveter/acceptance/speed/results":     {},
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "riveter/...")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		may, known := rules(fields[0])
		if !known {
			t.Errorf("%s is a new package: say in allowed what it may import", fields[0])
		}
		for _, imported := range fields[1:] {
			if strings.HasPrefix(imported, "riveter/") && !permits(may, imported) {
				t.Errorf("%s must not import %s", fields[0], imported)
			}
		}
	}
}

// rules finds what a package may import: what lies below a package, as part of it, follows the same rules.
func rules(pkg string) ([]string, bool) {
	for {
		if may, ok := allowed[pkg]; ok {
			return may, true
		}
		i := strings.LastIndexByte(pkg, '/')
		if i < 0 || pkg[:i] == "riveter" {
			return nil, false
		}
		pkg = pkg[:i]
	}
}

func permits(may []string, imported string) bool {
	for _, m := range may {
		if imported == m || strings.HasSuffix(m, "/") && strings.HasPrefix(imported, m) {
			return true
		}
	}
	return false
}
