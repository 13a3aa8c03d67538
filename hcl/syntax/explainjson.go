package syntax

import (
	"bytes"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

const (
	notAnObject   = "Root value must be object"
	unclosed      = "Unclosed object"
	wrongJSONType = "Incorrect JSON value type"
)

// jsonProblems leaves of what the parser of JSON reports only what the author did: the first problem of each line, that the
// end is missing once, and about what the file is as a whole nothing where a part is wrong.
func jsonProblems(diags hcl2.Diagnostics, source []byte) hcl2.Diagnostics {
	if len(bytes.TrimSpace(source)) == 0 && len(diags) > 0 {
		return hcl2.Diagnostics{Problem("Empty file", "A file of JSON has at least the braces of an object: {}.", hcl2.Range{Filename: diags[0].Subject.Filename, Start: hcl2.InitialPos, End: hcl2.InitialPos})}
	}
	SortDiagnostics(diags)
	end := len(bytes.TrimSpace(source))
	var kept hcl2.Diagnostics
	isOpen := false
	for _, d := range diags {
		again := len(kept) > 0 && kept[len(kept)-1].Subject.Start.Line == d.Subject.Start.Line
		if again || d.Summary == notAnObject && len(diags) > 1 || isOpen && (d.Summary == unclosed || d.Subject.Start.Byte >= end) {
			continue
		}
		isOpen = isOpen || d.Summary == unclosed
		if d.Summary == "Invalid JSON keyword" {
			d.Detail = "Of all words, only true, false and null are written without quotes."
		}
		kept = append(kept, d)
	}
	return kept
}

// withoutContents drops what is said to be missing in something that is no JSON object.
func withoutContents(diags hcl2.Diagnostics) hcl2.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		return (d.Summary == "Missing block label" || d.Summary == "Missing required argument") &&
			slices.ContainsFunc(diags, func(cause *hcl2.Diagnostic) bool {
				return cause.Summary == wrongJSONType && cause.Subject.Overlaps(*d.Subject)
			})
	})
}
