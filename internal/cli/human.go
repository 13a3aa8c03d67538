package cli

import (
	"fmt"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/view"
)

// human shows a run to a person: results on standard output, the conversation on standard error.
type human struct {
	env      *Env
	out      view.Options
	errors   view.Options
	progress *progress
	applying *applying
}

func (h *human) diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.kinds(kinds(diags, files))
}

func (h *human) kinds(all []*view.Kind) {
	for _, kind := range all {
		_ = kind.Draw(h.env.Stderr, h.errors) // standard error remembers its first failure
	}
	flush(h.env.Stderr)
}

func kinds(diags hcl2.Diagnostics, files map[string]*hcl2.File) []*view.Kind {
	described := make([]*view.Diagnostic, len(diags))
	for i, diag := range diags {
		described[i] = view.DescribeDiagnostic(diag, files)
	}
	return view.Kinds(described)
}

func (h *human) plan(d *view.Document) {
	view.DrawPlan(h.env.Stdout, d, h.out)
	flush(h.env.Stdout)
}

func (h *human) planFailed(errors int) { h.result(view.FailedPlanLine(errors)) }

func (h *human) Observe(stats func() plan.Stats) (done func()) {
	return h.track(observed(stats)).stop
}

func (h *human) Begin(p *plan.Plan) {
	h.applying = newApplying(apply.Due(p))
	h.progress = h.track(h.applying.line)
}

func (h *human) track(line func(time.Duration) string) *progress {
	p := &progress{out: h.env.Stderr, live: h.env.StderrIsTerminal && !h.env.isDumb(), width: h.env.Width, line: line}
	p.start()
	return p
}

func (h *human) Event(e apply.Event) {
	if news := h.applying.event(e); news != "" {
		h.progress.say(view.Clean(news))
	}
}

// shownFailures is how many failures may be told in boxes, which the table then need not repeat.
const shownFailures = 10

func (h *human) report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.progress.stop()
	kinds := kinds(failures, files)
	h.kinds(kinds[:min(len(kinds), shownFailures)])
	if len(kinds) == len(failures) && len(kinds) <= shownFailures {
		withoutErrors(d)
	}
	fmt.Fprintln(h.env.Stdout)
	view.DrawReport(h.env.Stdout, d, h.out)
	flush(h.env.Stdout)
}

func withoutErrors(d *view.Document) {
	for i := range d.Changes {
		d.Changes[i].Error = ""
		for j := range d.Changes[i].Steps {
			d.Changes[i].Steps[j].Error = ""
		}
	}
}

func (h *human) result(text string) { fmt.Fprintln(h.env.Stdout, text) }

func (h *human) note(text string) {
	fmt.Fprintln(h.env.Stderr, view.Clean(text))
	flush(h.env.Stderr)
}
