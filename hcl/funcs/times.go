package funcs

import (
	"errors"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// times are the functions of points in time that go-cty lacks.
var times = map[string]function.Function{
	"epoch_ms":      epochMS,
	"first_applied": outOfPlace,
	"timecmp":       timeCompare,
}

// epochMS gives what JavaScript's Date.now() would have given then.
var epochMS = function.New(&function.Spec{
	Description:  "Returns what JavaScript's Date.now() would have given at a time.",
	Params:       []function.Parameter{{Name: "timestamp", Type: cty.String}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		t, err := time.Parse(time.RFC3339, args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "must be a time as in RFC 3339, such as \"2024-02-29T12:34:56Z\"")
		}
		return cty.NumberIntVal(t.UnixMilli()), nil
	},
})

const firstAppliedDescription = "Returns when the actor was first applied in whose block it is called, as in RFC 3339 with milliseconds. The ledger keeps it; before the first apply it is not known."

// FirstApplied returns the function first_applied as it is within the block of an actor, where it gives at.
func FirstApplied(at cty.Value) function.Function {
	return function.New(&function.Spec{
		Description:  firstAppliedDescription,
		Type:         function.StaticReturnType(cty.String),
		RefineResult: notNull,
		Impl:         func([]cty.Value, cty.Type) (cty.Value, error) { return at, nil },
	})
}

// outOfPlace is first_applied where no expression of an actor's block calls it.
var outOfPlace = function.New(&function.Spec{
	Description: firstAppliedDescription,
	Type:        function.StaticReturnType(cty.String),
	Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
		return cty.NilVal, errors.New("it can be called only in an expression inside an actor block")
	},
})

// timeCompare orders two points in time.
var timeCompare = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "timestamp_a", Type: cty.String}, {Name: "timestamp_b", Type: cty.String}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		var times [2]time.Time
		for i, arg := range args {
			t, err := time.Parse(time.RFC3339, arg.AsString())
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(i, "must be a time as in RFC 3339, such as \"2024-02-29T12:34:56Z\"")
			}
			times[i] = t
		}
		return cty.NumberIntVal(int64(times[0].Compare(times[1]))), nil
	},
})
