package hcl

import "github.com/zclconf/go-cty/cty"

// ExpressionValue returns the value of the expression that the configuration was loaded with, and whether it has been
// evaluated: that may need an Observe before.
func (e *Evaluation) ExpressionValue() (cty.Value, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.config.loadedExpression()
	if d == nil || !e.done[d.stages[0]] {
		return cty.DynamicVal, false
	}
	return e.scopes[d.unit][0].binding(d.address).value, true
}
