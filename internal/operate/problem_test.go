package operate_test

import (
	"errors"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
)

func TestAnErrorIsASentenceWithOneMark(t *testing.T) {
	for text, want := range map[string]string{
		"no such actor": "No such actor.", "no such actor.": "No such actor.", "is it there?": "Is it there?", "a.txt: is a folder": "a.txt: is a folder.",
	} {
		if got := operate.At(hcl2.Range{}, "Command failed", errors.New(text)).Diagnostics[0].Detail; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
