package connect

import (
	"bytes"
	"strings"
	"testing"

	"riveter/internal/redact"
)

// printing returns a source of parameters that is a shell script.
func printing(script string) *paramsCommand {
	return &paramsCommand{command: []string{"sh", "-c", script}, stderr: &bytes.Buffer{}, secrets: &redact.Set{}}
}

func TestParametersAreAskedForAgainOnlyWhenTheyAreRefused(t *testing.T) {
	t.Parallel()
	c := printing(`echo '{"token": "sesame-open", "list": [12345, true]}'`)
	first, generation, err := c.Params(t.Context())
	if err != nil || generation != 0 {
		t.Fatal(first, generation, err)
	}
	for _, secret := range []string{"sesame-open", "12345"} {
		if c.secrets.Redact(secret) != "(sensitive)" {
			t.Errorf("%q is no secret", secret)
		}
	}
	c.command = []string{"sh", "-c", "echo 2"}
	if _, generation, _ = c.Params(t.Context()); generation != 0 {
		t.Error("asked again")
	}
	c.Refused(0)
	c.Refused(0) // by another actor, at the same time
	again, generation, err := c.Params(t.Context())
	if err != nil || generation != 1 || again != 2.0 {
		t.Errorf("%v, %d, %v", again, generation, err)
	}
}

func TestProgramsThatGiveNoParameters(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"exit 3":                    "failed: exit status 3",
		"echo sesame-open":          "is not JSON",
		"yes | head -c 1100000":     "printed more than 1 MiB",
		"head -c 1048576 /dev/zero": "is not JSON",
	} {
		_, _, err := printing(script).Params(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sesame-open") {
			t.Errorf("%s: got %v", script, err)
		}
	}
}
