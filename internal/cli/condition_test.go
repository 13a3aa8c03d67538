package cli

import (
	"fmt"
	"testing"
)

// TestNoConditionTellsWithWhatASecretIsCompared has a secret compared with what may be the same, wherever a condition may stand.
func TestNoConditionTellsWithWhatASecretIsCompared(t *testing.T) {
	t.Parallel()
	const compared = `
		condition     = var.token == "hush-hush"
		error_message = "It is another."`
	const secret = "variable \"token\" {\n\tdefault = \"xyzxyz\"\n\tsensitive = true\n}\n"
	for where, around := range map[string]string{
		"check":                     "check \"c\" {\nassert {%s\n}\n}\n",
		"validation":                "variable \"other\" {\ndefault = 1\nvalidation {%s\n}\n}\n",
		"precondition":              "actor \"counter\" \"c\" {\nkey = \"c\"\nlifecycle {\nprecondition {%s\n}\n}\n}\n",
		"precondition of an output": "output \"o\" {\nvalue = 1\nprecondition {%s\n}\n}\n",
		"postcondition":             "actor \"counter\" \"c\" {\nkey = \"c\"\nlifecycle {\npostcondition {%s\n}\n}\n}\n",
	} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"main.rivet.hcl": secret + fmt.Sprintf(around, compared)})
			for _, args := range [][]string{{"plan"}, {"plan", "-json"}, {"apply", "-auto-approve"}, {"apply", "-auto-approve", "-json"}, {"verify"}} {
				w.run(append(args, w.dir)...).without("hush-hush")
			}
			w.run("apply", "-auto-approve", w.dir).says("It is another")
		})
	}
}
