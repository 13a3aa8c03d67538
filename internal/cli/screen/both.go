package screen

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/view"
)

// both shows a run on two screens.
type both struct{ first, second Screen }

// Both shows a run on two screens. Second is to leave the documents that it is given as they are, since first gets them after it.
func Both(first, second Screen) Screen { return both{first, second} }

func (b both) Diagnostics(diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	b.second.Diagnostics(diags, files)
	b.first.Diagnostics(diags, files)
}

func (b both) Observe(stats func() plan.Stats) (done func()) {
	second, first := b.second.Observe(stats), b.first.Observe(stats)
	return func() { second(); first() }
}

func (b both) Begin(p *plan.Plan) {
	b.second.Begin(p)
	b.first.Begin(p)
}

func (b both) Event(e apply.Event) {
	b.second.Event(e)
	b.first.Event(e)
}

func (b both) Plan(d *view.Document, problems hcl2.Diagnostics, files map[string]*hcl2.File) {
	b.second.Plan(d, problems, files)
	b.first.Plan(d, problems, files)
}

func (b both) PlanFailed(errors int) {
	b.second.PlanFailed(errors)
	b.first.PlanFailed(errors)
}

func (b both) Report(d *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File) {
	b.second.Report(d, failures, files)
	b.first.Report(d, failures, files)
}

func (b both) Result(text string) {
	b.second.Result(text)
	b.first.Result(text)
}

func (b both) Note(text string) {
	b.second.Note(text)
	b.first.Note(text)
}
