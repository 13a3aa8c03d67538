package hcl

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// checkModule checks a reference to an output of a called module.
func (u *unit) checkModule(r *reference) *hcl2.Diagnostic {
	if d := u.checkDeclared(r); d != nil {
		return d
	}
	d := u.declarations[r.address()]
	if d == nil {
		return nil
	}
	c := d.what.(*moduleCall)
	if c.config == nil {
		return nil // which loading has reported
	}
	var outputs []string
	for _, o := range c.config.outputs {
		outputs = append(outputs, o.name)
	}
	if d := checkIndex(c.repetition, r, outputs); d != nil {
		return d
	}
	name := r.attribute()
	if name == "" || r.index == nil && c.repetition.repeats() {
		return nil
	}
	if slices.Contains(outputs, name) {
		return nil
	}
	return problem("Reference to undeclared output", fmt.Sprintf(
		"The module in %q has no output %q.%s", c.source, name, didYouMean(name, outputs)), r.subject)
}
