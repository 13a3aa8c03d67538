package evaluate

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/declare"
	"riveter/hcl/syntax"
)

// consequence marks an error that only follows from another one, in the Extra of a diagnostic.
type consequence struct{}

// consequence returns an error about an expression that is not known because what it refers to could not be evaluated, or nil.
// It keeps anybody from taking such a value for one that is known after apply.
func (f *frame) consequence(ex *declare.Expression) *hcl2.Diagnostic {
	for _, r := range ex.References {
		if f.module.failed(r) {
			d := syntax.Problem("Reference to what has no value", fmt.Sprintf(
				"%s has an error, which was reported.", r.Address()), r.Range)
			d.Extra = consequence{}
			return d
		}
	}
	return nil
}

// failed reports whether what a reference means could not be evaluated.
func (s *moduleInstance) failed(r *declare.Reference) bool {
	switch r.Root {
	case "var", "local":
		return s.binding(r.Address()).failed
	case "actor", "data":
		b := s.blocks[r.Address()]
		return b != nil && b.failed
	case "module":
		return s.calls[r.Address()].failedOutput(r.Attribute())
	default:
		return false
	}
}

func (c *moduleBlock) failedOutput(name string) bool {
	if c == nil || c.failed {
		return c != nil
	}
	for _, s := range c.instances {
		for _, o := range s.tree.Module.Outputs {
			if (name == "" || name == o.Name) && s.binding(o.Address()).failed {
				return true
			}
		}
	}
	return false
}

// withoutConsequences drops the errors that only follow from others, which are reported in the same run.
func withoutConsequences(diags hcl2.Diagnostics) hcl2.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		_, follows := d.Extra.(consequence)
		return follows
	})
}
