package syntax

import (
	"bytes"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format returns a native file in canonical format, without a byte order mark. It changes white space only. A file with
// syntax errors is not formatted, and the errors are returned.
func Format(source []byte, name string) ([]byte, hcl2.Diagnostics) {
	if _, diags := Parse(source, name); diags.HasErrors() {
		return nil, diags
	}
	return hclwrite.Format(bytes.TrimPrefix(source, byteOrderMark)), nil
}
