package plan

import (
	"errors"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// ErrStillUnknown is the error of something that is not known although everything that it was to wait for is done.
var ErrStillUnknown = errors.New("it is still not known. It may depend on the result of a call that an earlier run made " +
	"and did not keep: make that call again with -rerun")

var errChanged = errors.New("it is no longer what the plan showed, as something changed meanwhile; plan again")

// FilledIn checks that a value fills in what was unknown of a planned one and changes nothing else: the plan that was
// shown is the plan that runs.
func FilledIn(planned, actual cty.Value) error {
	if !value.IsKnown(actual) {
		return ErrStillUnknown
	}
	if planned == cty.NilVal {
		return nil
	}
	planned, _ = planned.UnmarkDeep()
	actual, _ = actual.UnmarkDeep()
	if !isFilledIn(planned, actual) {
		return errChanged
	}
	return nil
}

func isFilledIn(planned, actual cty.Value) bool {
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsWhollyKnown() || actual.IsNull():
		return value.Same(planned, actual)
	case planned.Type().IsSetType():
		return true // an unknown member may turn out to be equal to another one
	case !planned.CanIterateElements() || !actual.CanIterateElements() || planned.LengthInt() != actual.LengthInt():
		return false
	}
	for p, a := planned.ElementIterator(), actual.ElementIterator(); p.Next() && a.Next(); {
		pk, pv := p.Element()
		ak, av := a.Element()
		if !value.Same(pk, ak) || !isFilledIn(pv, av) {
			return false
		}
	}
	return true
}
