package plan

import (
	"errors"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// ErrStillUnknown is the error of something that is not known although everything that it was to wait for is done.
var ErrStillUnknown = errors.New("it is still not known. It may depend on the result of a call that its guard did not let be made, " +
	"or that an earlier run made and did not keep: make that one again with -rerun")

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
	if !value.FillsIn(planned, actual) {
		return errChanged
	}
	return nil
}
