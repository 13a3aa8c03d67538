package syntax

import (
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"
)

func TestOthersFollowASentence(t *testing.T) {
	for detail, want := range map[string]string{
		"no answer within 1m15s": "no answer within 1m15s. The same goes for 2 more.",
		"There is none.":         "There is none. The same goes for 2 more.",
	} {
		var diags hcl2.Diagnostics
		for range 3 {
			diags = append(diags, Problem("Read failed", detail, hcl2.Range{}))
		}
		if got := Collapse(diags); len(got) != 1 || got[0].Detail != want {
			t.Errorf("%v", got)
		}
	}
}
