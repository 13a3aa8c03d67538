package instances

import (
	"slices"

	"riveter/hcl/expr"
)

// HearsActors reports whether a value is made of more than which actors there are, be it through other values: of what they say, or were
// given.
func (o Origin) HearsActors() bool { return o.hearsActors(map[*expr.Expression]bool{}) }

func (o Origin) hearsActors(seen map[*expr.Expression]bool) bool {
	if o.Expression == nil || seen[o.Expression] {
		return false
	}
	seen[o.Expression] = true
	return slices.ContainsFunc(o.Expression.References, func(r *expr.Reference) bool {
		switch r.Root {
		case "actor", "data":
			return !slices.Contains([]string{"id", "name", "key", "exists", "created", "create_ts"}, r.Attribute())
		case "var", "local":
			return o.Frame.Module.Binding(r.Address()).From.hearsActors(seen)
		case "each":
			return o.Repeats != nil && o.Repeats.hearsActors(seen)
		case "module":
			return o.Frame.Module.Calls[r.Address()].hearsActors(r.Attribute(), seen)
		default:
			return false
		}
	})
}

// hearsActors reports it of an output of any instance of the module, or with an empty name of all outputs. Of a module that is left out, it is nil.
func (c *Call) hearsActors(output string, seen map[*expr.Expression]bool) bool {
	if c == nil {
		return false
	}
	for _, s := range c.Instances {
		for _, o := range s.Tree.Module.Outputs {
			if (output == "" || output == o.Name) && s.Binding(o.Address()).From.hearsActors(seen) {
				return true
			}
		}
	}
	return false
}
