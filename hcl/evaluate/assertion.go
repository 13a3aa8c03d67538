package evaluate

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/syntax"
	"riveter/plan"
)

func (e *Evaluation) evaluateCheck(c *declare.Check, s *instances.Module) hcl2.Diagnostics {
	now, diags := expanded(e, s, c)
	f := e.frame(s, now.Scope)
	assertions, more := f.Assertions(now.Asserts, f.Ctx)
	e.checks[s.AddressOf(c.Address())] = assertions
	return append(diags, more...)
}

// Checks returns the check blocks as far as they are known now, sorted by name. They may be asked for again after apply.
func (e *Evaluation) Checks() ([]plan.Check, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for _, d := range e.common.Config.Tree.All() {
		if _, ok := d.What.(*declare.Check); ok {
			for _, module := range e.modules[d.Tree] {
				diags = append(diags, e.refresh(d.Stages[0], module)...)
			}
		}
	}
	var checks []plan.Check
	for _, name := range syntax.SortedKeys(e.checks) {
		checks = append(checks, plan.Check{Name: name, Assertions: e.checks[name]})
	}
	return checks, diags
}
