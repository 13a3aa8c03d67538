package value

import (
	"iter"

	"github.com/zclconf/go-cty/cty"
)

// IsPlain reports whether all of a value is known and none of it is marked.
func IsPlain(v cty.Value) bool {
	return !AnyPart(v, func(part cty.Value) bool { return part.IsMarked() || !part.IsKnown() })
}

// isMarked reports whether any of a value is.
func isMarked(v cty.Value) bool { return AnyPart(v, cty.Value.IsMarked) }

// AnyPart reports whether something holds for a value or a part of it, in no particular order. What is not known has the
// marks of what it may be made of in a part of its own. It costs much less than [cty.Walk], which says where each part is.
func AnyPart(v cty.Value, holds func(cty.Value) bool) bool {
	if holds(v) {
		return true
	}
	v = unmarked(v)
	switch t := v.Type(); {
	case !v.IsKnown():
		_, marks := v.UnmarkDeep()
		return len(marks) > 0 && holds(cty.DynamicVal.WithMarks(marks))
	case t.IsPrimitiveType() || v.IsNull() || !v.CanIterateElements():
		return false
	case t.IsObjectType():
		for name := range t.AttributeTypes() {
			if AnyPart(v.GetAttr(name), holds) {
				return true
			}
		}
		return false
	default:
		for element := range elements(v) {
			if AnyPart(element, holds) {
				return true
			}
		}
		return false
	}
}

// indexes are the numbers of the first elements, which an iterator makes anew for each.
var indexes = func() (numbers [32]cty.Value) {
	for i := range numbers {
		numbers[i] = cty.NumberIntVal(int64(i))
	}
	return numbers
}()

// unmarked returns a value without its own marks. Most have none, for which it takes no memory.
func unmarked(v cty.Value) cty.Value {
	if v.IsMarked() {
		v, _ = v.Unmark()
	}
	return v
}

// elements are the elements of a list, set or tuple, or the members of a map, in order.
func elements(v cty.Value) iter.Seq[cty.Value] {
	return func(yield func(cty.Value) bool) {
		if t := v.Type(); (t.IsTupleType() || t.IsListType()) && v.LengthInt() <= len(indexes) {
			for i := 0; i < v.LengthInt() && yield(v.Index(indexes[i])); i++ {
			}
			return
		}
		for it := v.ElementIterator(); it.Next(); {
			if _, element := it.Element(); !yield(element) {
				return
			}
		}
	}
}
