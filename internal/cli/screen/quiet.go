package screen

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/apply"
	"riveter/plan"
	"riveter/plan/view"
)

// quiet shows problems only.
type quiet struct{ Screen }

// Quiet shows on s what is wrong in a run, and nothing else.
func Quiet(s Screen) Screen { return quiet{s} }

func (quiet) Observe(func() plan.Stats) (done func()) { return func() {} }
func (quiet) Begin(*plan.Plan)                        {}
func (quiet) Event(apply.Event)                       {}
func (quiet) PlanFailed(int)                          {}
func (quiet) Result(string)                           {}
func (quiet) Note(string)                             {}

func (q quiet) Plan(_ *view.Document, problems hcl2.Diagnostics, files map[string]*hcl2.File) {
	q.Diagnostics(problems, files)
}

func (q quiet) Report(_ *view.Document, failures hcl2.Diagnostics, files map[string]*hcl2.File) {
	q.Diagnostics(failures, files)
}
