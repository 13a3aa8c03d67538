package declare

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
)

// checkModule checks a reference to an output of a called module.
func (u *Tree) checkModule(r *Reference) *hcl2.Diagnostic {
	if d := u.checkDeclared(r); d != nil {
		return d
	}
	d := u.Declarations[r.Address()]
	if d == nil {
		return nil
	}
	c := d.What.(*ModuleCall)
	if c.config == nil {
		return nil // which loading has reported
	}
	var outputs []string
	for _, o := range c.config.Outputs {
		outputs = append(outputs, o.Name)
	}
	if d := checkIndex(c.Repetition, r, outputs); d != nil {
		return d
	}
	name := r.Attribute()
	if name == "" || r.Index == nil && c.Repetition.Repeats() {
		return nil
	}
	if slices.Contains(outputs, name) {
		return nil
	}
	return syntax.Problem("Reference to undeclared output", fmt.Sprintf(
		"The module in %q has no output %q.%s", c.source, name, syntax.DidYouMean(name, outputs)), r.Range)
}
