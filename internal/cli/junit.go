package cli

import (
	"bytes"

	"github.com/google/renameio/v2"
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/plan/view"
	"riveter/plan/view/junit"
)

// writeJUnit writes what was verified to a file, and the problems that are about none of it.
func (a *app) writeJUnit(path string, d *view.Document, diags hcl2.Diagnostics) error {
	problems := make([]*view.Diagnostic, len(diags))
	for i, diag := range diags {
		problems[i] = view.DescribeDiagnostic(diag, nil)
		problems[i].Detail = a.secrets.Redact(diag.Detail)
	}
	var b bytes.Buffer
	err := junit.Write(&b, d, problems)
	if err == nil {
		err = renameio.WriteFile(path, b.Bytes(), 0o644)
	}
	if err != nil {
		return operate.Problemf("Test results cannot be written", "%s.", err)
	}
	return nil
}
