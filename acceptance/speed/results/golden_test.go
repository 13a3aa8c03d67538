package results

import (
	"bytes"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestGoldens has a stall of the limit, a script that fails once, and Terraform at one size only.
func TestGoldens(t *testing.T) {
	t.Parallel()
	lines, err := os.ReadFile(filepath.Join("testdata", "results.jsonl"))
	must(t, err)
	all, err := Parse(lines)
	must(t, err)
	var tables bytes.Buffer
	all.WriteMarkdown(&tables)
	must(t, xml.Unmarshal(all.Picture(), new(struct{})))
	for name, got := range map[string][]byte{"tables.md": tables.Bytes(), "picture.svg": all.Picture()} {
		path := filepath.Join("testdata", name)
		if *update {
			must(t, os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		must(t, err)
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
