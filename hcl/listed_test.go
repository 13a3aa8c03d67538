package hcl

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestForEachOverAListIsOverItsSet compares what is read off the list of toset(list) with the set, which parentheses have it make.
func TestForEachOverAListIsOverItsSet(t *testing.T) {
	t.Parallel()
	for _, list := range []string{
		`["b", "a", "b", "Z", ""]`, `[]`, `tolist([])`, `tolist(["q", "p", "q"])`, `["e\u0301", "\u00e9"]`, `split(",", "c,b,a,b")`,
		`[1, 2]`, `["1", 1, true]`, `["a", null]`, `tolist(["a", null])`, `null`, `[["a"]]`, `{ a = 1 }`, `"a"`, `toset(["a"])`, `tomap({ a = "b" })`,
		`[sensitive("a"), "b"]`, `sensitive(["a"])`, `["a", actor.x.b.id]`, `[for i in range(3) : "${i}"]`,
		`[upper(1, 2)]`, `split(",", null)`, `regexall("[", "a")`,
	} {
		t.Run(list, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(instancesOver(t, `(toset(`+list+`))`), instancesOver(t, `toset(`+list+`)`)); diff != "" {
				t.Errorf("with the set (-) and from the list (+):\n%s", diff)
			}
		})
	}
}

// instancesOver returns the actors that a block declares, with what makes them differ, and what is wrong.
func instancesOver(t *testing.T, forEach string) []string {
	t.Helper()
	e, diags := tryFiles(t, Server{}, map[string][]byte{"main.rivet.hcl": []byte(`
		actor "x" "b" { key = "b" }
		actor "x" "a" {
			for_each = ` + forEach + `
			key      = [each.key, each.value]
		}`)})
	var found []string
	for _, d := range diags {
		found = append(found, d.Summary+": "+d.Detail)
	}
	if e == nil {
		return found
	}
	for _, d := range e.Desired() {
		found = append(found, fmt.Sprintf("%s %q", d.Address, d.Key))
	}
	return found
}
