package value

import (
	"errors"
	"maps"
	"regexp"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// mostBits is how large the binary exponent of a number may be that is read from a text: about 100,000 digits before the point, or
// zeros after it. The text of such a number is as long as its exponent says, and takes the square of that in time.
const mostBits = 332_193

// ErrEndless says that a number has more digits than are read.
var ErrEndless = errors.New("a number has an exponent beyond 100000, and so more digits than can be written")

// CheckNumbers refuses numbers that a short text stands for and that nobody could print, compare as text or keep in a set.
func CheckNumbers(v cty.Value) error {
	if AnyPart(v, isEndless) {
		return ErrEndless
	}
	return nil
}

// endlessText matches a number with such an exponent, or nearly.
var endlessText = regexp.MustCompile(`^[-+]?[0-9.]+[eE][-+]?0*[1-9][0-9]{5,}$`)

// CheckTexts refuses texts that stand for such numbers where a type has numbers: those of a set are written when it is made.
func CheckTexts(v cty.Value, as cty.Type) error {
	isEndless := func(part cty.Value) bool {
		part = unmarked(part)
		return part.Type() == cty.String && part.IsKnown() && !part.IsNull() && endlessText.MatchString(part.AsString())
	}
	if hasNumbers(as) && AnyPart(v, isEndless) {
		return ErrEndless
	}
	return nil
}

func hasNumbers(t cty.Type) bool {
	switch {
	case t.IsCollectionType():
		return hasNumbers(t.ElementType())
	case t.IsTupleType():
		return slices.ContainsFunc(t.TupleElementTypes(), hasNumbers)
	case t.IsObjectType():
		return slices.ContainsFunc(slices.Collect(maps.Values(t.AttributeTypes())), hasNumbers)
	default:
		return t == cty.Number
	}
}

func isEndless(v cty.Value) bool {
	v = unmarked(v)
	if v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return false
	}
	exponent := v.AsBigFloat().MantExp(nil) // zero for an infinite one
	return exponent > mostBits || exponent < -mostBits
}
