package cli

import (
	"io"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/atomicfile"
	"riveter/internal/operate"
	"riveter/plan/view"
	"riveter/plan/view/junit"
)

// writeJUnit writes what was verified to a file, and the problems that are about none of it.
func (a *app) writeJUnit(path string, d *view.Document, diags hcl2.Diagnostics) error {
	if err := spare(path); err != nil {
		return err
	}
	problems := make([]*view.Diagnostic, len(diags))
	for i, diag := range diags {
		problems[i] = view.DescribeDiagnostic(diag, nil)
		problems[i].Detail = a.secrets.Redact(diag.Detail)
	}
	write := func(w io.Writer) error { return junit.Write(w, d, problems) }
	if err := atomicfile.Write(path, 0o644, write); err != nil {
		return operate.Problemf("Test results cannot be written", "%s.", err)
	}
	return nil
}
