// Package screen shows what happens in a run: to a person at a terminal, or to a program as JSON lines.
//
// What is shown comes from the documents of package view. Text from elsewhere is cleaned before a terminal sees it; what is
// secret is kept back by the writers.
package screen

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/plan/view"
)

// Screen shows one run. Diagnostics, Note and what a Watcher is told may come from several goroutines, the rest from one.
type Screen interface {
	// Diagnostics shows problems, with what they say about the files.
	Diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File)
	// Watcher shows how far it is.
	operate.Watcher
	// Plan shows what would be done, PlanFailed that nobody knows, and Report what was done. Problems are shown with what they are
	// of, as [Screen.Diagnostics] does.
	Plan(d *view.Document, problems hcl2.Diagnostics, files map[string]*hcl2.File)
	PlanFailed(errors int)
	Report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File)
	// Result shows the answer of a command that has no document. The secrets in what others say of it are hidden already.
	Result(text string)
	// Note tells a person something in passing.
	Note(text string)
}
