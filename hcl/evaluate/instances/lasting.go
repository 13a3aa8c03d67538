package instances

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/plan/address"
)

// Lasting returns a value that is compared from run to run, with only that of each actor in it by which it is another one:
// which actor it is, and what it was created with. Whether a run made it, what its steps gave, and what it says of itself,
// may be named one by one.
func Lasting(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return v
	}
	v, err := cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		if !isActor(part) {
			return part, nil
		}
		part, marks := part.Unmark()
		attributes := map[string]cty.Value{}
		for _, name := range []string{"id", "name", "key", "input"} {
			if part.Type().HasAttribute(name) {
				attributes[name] = part.GetAttr(name)
			}
		}
		return cty.ObjectVal(attributes).WithMarks(marks), nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return v
}

// isActor reports whether a value is what a reference to a whole actor or data block means.
func isActor(v cty.Value) bool {
	if !v.Type().IsObjectType() || v.IsNull() || !v.IsKnown() {
		return false
	}
	there := v.Type().AttributeTypes()
	for _, kind := range []address.Kind{address.KindActor, address.KindData} {
		names := declare.ActorAttributes(kind)
		isMissing := func(name string) bool { _, ok := there[name]; return !ok && name != "state" } // which may not be read
		isOther := func(name string) bool { return !slices.Contains(names, name) }
		if !slices.ContainsFunc(names, isMissing) && !slices.ContainsFunc(slices.Collect(maps.Keys(there)), isOther) {
			return true
		}
	}
	return false
}
