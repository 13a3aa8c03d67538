package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// full is a disk with no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestOutputThatCannotBeWrittenFailsTheRun(t *testing.T) {
	var stderr bytes.Buffer
	code := Run(Env{Args: []string{"version"}, Stdin: strings.NewReader(""), Stdout: full{}, Stderr: &stderr})
	if code != exitError || !strings.Contains(stderr.String(), "o space left") {
		t.Errorf("exit code %d, standard error %q", code, stderr.String())
	}
}
