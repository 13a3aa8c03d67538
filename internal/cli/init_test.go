package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"riveter/hcl"
	"riveter/internal/cli/process"
)

// announcing is a server to which registries have announced other names.
type announcing struct {
	server
	names []string
}

func (s announcing) Names(context.Context) ([]string, error) { return s.names, nil }

func TestInitBeginsWithANameThatCanBeDeclared(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		announced, args []string
		code            int
		says            string
	}{
		"another is left out": {announced: []string{"name.dot", "odd"}, says: `"name\.dot" cannot be declared: a name is 1 to 64 letters`},
		"another is wanted":   {announced: []string{"name.dot", "odd"}, args: []string{"-name", "name.dot"}, code: 1, says: `"name\.dot" cannot be declared`},
		"there is no other":   {announced: []string{"name.dot", "näme"}, code: 1, says: `"name\.dot", "näme" cannot be declared`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			var stderr bytes.Buffer
			a := w.app(process.Env{Args: append([]string{"init", filepath.Join(w.dir, "new")}, test.args...), Stdout: &stderr, Stderr: &stderr})
			dial := a.dial
			a.dial = func(r *hcl.Rivet) (server, error) {
				s, err := dial(r)
				return announcing{s, test.announced}, err
			}
			r := ran{t, test.args, a.run(), "", stderr.String()}
			r.ends(test.code).says(test.says)
			if test.code == 0 {
				w.holds("new/main.rivet.hcl", `actor "odd" "example"`)
				w.run("validate", "DIR/new").ends(0)
			}
		})
	}
}
