package syntax

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"prevent_destroy", "on_input_change", "precondition", "key", "count"}
	for written, want := range map[string]string{
		"kye":            "key",
		"conut":          "count",
		"preventDestroy": "prevent_destroy",
		"on-input":       "on_input_change", // the only one that begins so
		"pre":            "",                // two do
		"k":              "",                // says nothing
		"nonsense":       "",
	} {
		if got := Nearest(written, known); got != want {
			t.Errorf("%s: %q, not %q", written, got, want)
		}
	}
}
