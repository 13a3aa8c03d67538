package value

import "github.com/zclconf/go-cty/cty"

// ShareTypes has values in a row share one type, where they are objects of equal types, of which each has a map for it otherwise. It
// changes the slice, in which there may be absent values.
func ShareTypes(values []cty.Value) {
	for start := 0; start < len(values); {
		end := start + 1
		for end < len(values) && areAlike(values[start], values[end]) {
			end++
		}
		if end > start+1 {
			copy(values[start:], cty.ListVal(values[start:end]).AsValueSlice()) // as all elements of a list have its type
		}
		start = end
	}
}

func areAlike(a, b cty.Value) bool {
	return a != cty.NilVal && b != cty.NilVal && a.Type().IsObjectType() && b.Type().Equals(a.Type())
}
