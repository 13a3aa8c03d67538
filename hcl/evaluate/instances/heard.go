package instances

import (
	"slices"

	"riveter/hcl/expr"
)

// NamesActors reports whether a value is made of what there is to say of actors, be it through other values.
func (o Origin) NamesActors() bool { return o.namesActors(map[*expr.Expression]bool{}) }

func (o Origin) namesActors(seen map[*expr.Expression]bool) bool {
	if o.Expression == nil || seen[o.Expression] {
		return false
	}
	seen[o.Expression] = true
	return slices.ContainsFunc(o.Expression.References, func(r *expr.Reference) bool {
		switch r.Root {
		case "actor", "data":
			return true
		case "var", "local":
			return o.Frame.Module.Binding(r.Address()).From.namesActors(seen)
		case "each":
			return o.Repeats != nil && o.Repeats.namesActors(seen)
		case "module":
			return o.Frame.Module.Calls[r.Address()].namesActors(r.Attribute(), seen)
		default:
			return false
		}
	})
}

// namesActors reports it of an output of any instance of the module, or with an empty name of all outputs. Of a module that is left out, it is nil.
func (c *Call) namesActors(output string, seen map[*expr.Expression]bool) bool {
	if c == nil {
		return false
	}
	for _, s := range c.Instances {
		for _, o := range s.Tree.Module.Outputs {
			if (output == "" || output == o.Name) && s.Binding(o.Address()).From.namesActors(seen) {
				return true
			}
		}
	}
	return false
}
