package cli

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/plan/view"
)

// screen shows what happens in a run, to a person or to a program.
type screen interface {
	// diagnostics shows problems, with what they say about the files.
	diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File)
	// Watcher shows how far it is.
	operate.Watcher
	// plan shows what would be done, planFailed that nobody knows, and report what was done.
	plan(d *view.Document)
	planFailed(errors int)
	report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File)
	// result shows the answer of a command that has no document.
	result(text string)
	// note tells a person something in passing.
	note(text string)
}

// newScreen chooses the view of a run.
func (a *app) newScreen(o viewOptions) screen {
	if o.json {
		return newStream(a.env.Stdout)
	}
	return &human{
		env:    &a.env,
		out:    view.Options{Width: a.env.Width, Color: a.colour(o, a.env.StdoutIsTerminal), Concise: o.concise, Verbose: o.verbose},
		errors: view.Options{Width: a.env.Width, Color: a.colour(o, a.env.StderrIsTerminal)},
	}
}

// colour follows the flag first, then the environment, then whether there is a terminal.
func (a *app) colour(o viewOptions, terminal bool) bool {
	noColor, _ := a.env.lookup("NO_COLOR")
	switch {
	case o.noColor || noColor != "":
		return false
	case a.env.isSet("CLICOLOR_FORCE"):
		return true
	default:
		return terminal && !a.env.isDumb()
	}
}
