package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"riveter/internal/cli/process"
)

// full is a disk with no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestOutputThatCannotBeWrittenFailsTheRun(t *testing.T) {
	t.Parallel()
	w := probed(t)
	w.write("odd.rivet.hcl", "locals {\nx=1\n}\n")
	for _, args := range [][]string{
		{"version"},
		{"version", "-json"},
		{"schema", "-json"},
		{"validate", "-json", w.dir},
		{"plan", w.dir},
		{"plan", "-json", w.dir},
		{"plan", "-json", "-detailed-exitcode", w.dir},
		{"plan", "-json", "-nosuch"},
		{"show", "-json", w.dir + "/nosuch"},
		{"apply", "-json", "-auto-approve", w.dir},
		{"ledger", "list", "-json", w.dir},
		{"fmt", "-check", w.dir},
	} {
		var stderr bytes.Buffer
		code := w.app(process.Env{Args: args, Stdout: full{}, Stderr: &stderr}).run()
		if code != exitError || strings.Count(stderr.String(), "o space left") != 1 {
			t.Errorf("%v ends with %d\n%s", args, code, stderr.String())
		}
	}
}
