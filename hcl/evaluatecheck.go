package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan"
)

func (e *Evaluation) evaluateCheck(c *checkBlock, s *scope) hcl2.Diagnostics {
	now, diags := redecoded(e, s, c)
	f := e.frame(s, now.group)
	assertions, more := f.assertions(now.asserts, f.ctx)
	e.checks[s.addressOf(c.address())] = assertions
	return append(diags, more...)
}

// Checks returns the check blocks as far as they are known now, sorted by name. They may be asked for again after apply.
func (e *Evaluation) Checks() ([]plan.Check, hcl2.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var diags hcl2.Diagnostics
	for _, d := range e.config.tree.all() {
		if _, ok := d.what.(*checkBlock); ok {
			for _, scope := range e.scopes[d.unit] {
				diags = append(diags, e.refresh(d.stages[0], scope)...)
			}
		}
	}
	var checks []plan.Check
	for _, name := range sortedKeys(e.checks) {
		checks = append(checks, plan.Check{Name: name, Assertions: e.checks[name]})
	}
	return checks, diags
}
