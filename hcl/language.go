package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate"
	"riveter/hcl/syntax"
	"riveter/hcl/variables"
)

// What a [Config] is evaluated with, and what comes of it. The packages that these are from say more.
type (
	// Declared is a block of a configuration, or a local value, with what it refers to.
	Declared = declare.Declared

	// VariableSources are where values of variables come from.
	VariableSources = variables.Sources

	// Given is one value, or one file of values, that was given on the command line.
	Given = variables.Given

	// Variable is one that a configuration declares.
	Variable = declare.Variable

	// Values are the values of the root module's variables.
	Values = variables.Values

	// Options are the outside of an evaluation.
	Options = evaluate.Options

	// Selection says which actors a partial plan is about.
	Selection = evaluate.Selection

	// Server is what an evaluation is carried on against.
	Server = evaluate.Server

	// Evaluation is a configuration with values.
	Evaluation = evaluate.Evaluation

	// Settings are the riveter and rivet blocks.
	Settings = evaluate.Settings

	// Rivet is the connection as the configuration has it.
	Rivet = declare.RivetSettings

	// Ledger says where the ledger is kept.
	Ledger = declare.LedgerSettings

	// TLS says how a server is trusted.
	TLS = declare.TLS

	// Output is the value of an output block.
	Output = evaluate.Output
)

// Parse parses a file of the language by the syntax that its name says. The file is never nil, and says what of it may be shown.
func Parse(source []byte, name string) (*hcl2.File, hcl2.Diagnostics) {
	return declare.Parse(source, name)
}

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
