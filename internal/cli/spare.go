package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"riveter/apply/ledger"
	"riveter/hcl"
	"riveter/internal/operate"
)

// spare refuses to write to a file that a flag names where that would be the end of a configuration, of values or of a ledger.
func spare(path string) error {
	if name := filepath.Base(path); hcl.IsConfiguration(path) || strings.Contains(name, ".rivetvars.") {
		return operate.Problemf("File is kept", "%s is named like a configuration, and would be read as one. Write to another file.", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // there is nothing to spare, or writing says what is wrong
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, ledger.HeadSize))
	if err == nil && ledger.IsDocument(head) || strings.HasSuffix(path, ".journal") {
		return operate.Problemf("File is kept", "%s is a ledger: what was done would be forgotten. Write to another file.", path)
	}
	return nil
}
