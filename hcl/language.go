package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate"
	"riveter/hcl/syntax"
)

// What a [Config] is evaluated with, and what comes of it. The packages that they are from say more.
type (
	Declared        = declare.Declared
	VariableSources = evaluate.VariableSources
	Given           = evaluate.Given
	Values          = evaluate.Values
	Options         = evaluate.Options
	Selection       = evaluate.Selection
	Server          = evaluate.Server
	Evaluation      = evaluate.Evaluation
	Settings        = evaluate.Settings
	Rivet           = evaluate.Rivet
	Ledger          = evaluate.Ledger
	Output          = evaluate.Output
)

// Format returns a native file in canonical format, without a byte order mark. It changes white space only. A file with
// syntax errors is not formatted, and the errors are returned.
func Format(source []byte, name string) ([]byte, hcl2.Diagnostics) {
	return syntax.Format(source, name)
}

// IsFormattable reports whether a file has a canonical format, by its name: configurations and variable values in the native
// syntax do, and those in JSON do not.
func IsFormattable(name string) bool { return syntax.IsFormattable(name) }

// IsConfiguration reports whether a file of a directory belongs to the configuration there, by its name. Hidden files do
// not, as editors keep their copies in them.
func IsConfiguration(name string) bool { return syntax.IsConfiguration(name) }

// SortDiagnostics orders diagnostics by their place in the sources: by file, line and column. Those without a place come
// first, and those of one place keep their order.
func SortDiagnostics(diags hcl2.Diagnostics) { syntax.SortDiagnostics(diags) }
