package value

import "github.com/zclconf/go-cty/cty"

// FillsIn reports whether a known value fills in what is unknown of another one, and is the same otherwise. Marks do not count.
func FillsIn(unknown, known cty.Value) bool {
	unknown, _ = unknown.UnmarkDeep()
	known, _ = known.UnmarkDeep()
	return fillsIn(unknown, known)
}

func fillsIn(planned, actual cty.Value) bool {
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsWhollyKnown() || actual.IsNull():
		return Same(planned, actual)
	case planned.Type().IsSetType():
		return true // an unknown member may turn out to be equal to another one
	case !planned.CanIterateElements() || !actual.CanIterateElements() || planned.LengthInt() != actual.LengthInt():
		return false
	}
	for p, a := planned.ElementIterator(), actual.ElementIterator(); p.Next() && a.Next(); {
		pk, pv := p.Element()
		ak, av := a.Element()
		if !Same(pk, ak) || !fillsIn(pv, av) {
			return false
		}
	}
	return true
}
