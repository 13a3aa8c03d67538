package apply

import (
	"errors"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

var errStillUnknown = errors.New("it is still not known. It may depend on the result of a call that an earlier run made " +
	"and did not keep: make that call again with -rerun")

// sameWhereKnown checks that actual fills in what planned leaves unknown and changes nothing else: the plan that was
// shown is the plan that runs.
func sameWhereKnown(planned, actual cty.Value) error {
	if !value.IsKnown(actual) {
		return errStillUnknown
	}
	if planned == cty.NilVal {
		return nil
	}
	planned, _ = planned.UnmarkDeep()
	actual, _ = actual.UnmarkDeep()
	if !covers(planned, actual) {
		return errors.New("it is no longer what the plan showed, as something changed meanwhile; plan again")
	}
	return nil
}

func covers(planned, actual cty.Value) bool {
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
		if !value.Same(pk, ak) || !covers(pv, av) {
			return false
		}
	}
	return true
}
