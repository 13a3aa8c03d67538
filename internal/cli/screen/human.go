package screen

import (
	"fmt"
	"io"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/internal/redact"
	"riveter/plan"
	"riveter/plan/view"
)

// human shows a run to a person: results on standard output, the conversation on standard error.
type human struct {
	Terminal
	progress *progress
	applying *applying
}

// Terminal is where a person reads.
type Terminal struct {
	Stdout, Stderr io.Writer
	Live           bool // a line of standard error can be drawn over
	Out, Errors    view.Options
}

// Human shows a run to a person.
func Human(t Terminal) Screen { return &human{Terminal: t} }

func (h *human) Diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.kinds(kinds(diags, files))
}

func (h *human) kinds(all []*view.Kind) {
	_ = redact.Past(h.Stderr, func(w io.Writer) error { // standard error remembers its first failure
		for _, kind := range all {
			if err := kind.Draw(w, h.Errors); err != nil {
				return err
			}
		}
		return nil
	})
}

func kinds(diags hcl2.Diagnostics, files map[string]*hcl2.File) []*view.Kind {
	described := make([]*view.Diagnostic, len(diags))
	for i, diag := range diags {
		described[i] = view.DescribeDiagnostic(diag, files)
	}
	return view.Kinds(described)
}

func (h *human) Plan(d *view.Document, problems hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.draw(d, view.DrawPlan)
	h.Diagnostics(problems, files)
}

// draw draws a document, which has no secret in it.
func (h *human) draw(d *view.Document, draw func(io.Writer, *view.Document, view.Options) error) {
	options := h.Out
	options.Redact = nil
	_ = redact.Past(h.Stdout, func(w io.Writer) error { return draw(w, d, options) }) // standard output remembers its first failure
}

func (h *human) PlanFailed(errors int) { h.Result(view.Wrap(view.FailedPlanLine(errors), h.Out)) }

func (h *human) Observe(stats func() plan.Stats) (done func()) {
	return h.track(observed(stats)).stop
}

func (h *human) Begin(p *plan.Plan) {
	h.applying = newApplying(apply.Due(p))
	h.progress = h.track(h.applying.line)
}

func (h *human) track(line func(elapsed time.Duration, columns int) string) *progress {
	p := &progress{out: h.Stderr, live: h.Live, width: h.Errors.Width, line: line}
	p.start()
	return p
}

func (h *human) Event(e apply.Event) {
	if news := h.applying.event(e); news != "" {
		h.progress.say(view.Wrap(view.Clean(news), h.Errors))
	}
}

// shownFailures is how many failures may be told in boxes, which the table then need not repeat.
const shownFailures = 10

func (h *human) Report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File) {
	h.progress.stop()
	kinds := kinds(failures, files)
	h.kinds(kinds[:min(len(kinds), shownFailures)])
	if len(kinds) == len(failures) && len(kinds) <= shownFailures {
		withoutErrors(d)
	}
	fmt.Fprintln(h.Stdout)
	h.draw(d, view.DrawReport)
}

func withoutErrors(d *view.Document) {
	for i := range d.Changes.Told {
		change := &d.Changes.Told[i]
		change.Error = ""
		for j := range change.Steps {
			change.Steps[j].Error = ""
		}
	}
}

func (h *human) Result(text string) {
	_ = redact.Past(h.Stdout, func(w io.Writer) error { // standard output remembers its first failure
		_, err := fmt.Fprintln(w, text)
		return err
	})
}

func (h *human) Note(text string) {
	fmt.Fprintln(h.Stderr, view.Wrap(view.Clean(text), h.Errors))
	redact.Flush(h.Stderr)
}
