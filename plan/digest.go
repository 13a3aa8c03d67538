package plan

import (
	"github.com/zclconf/go-cty/cty"
	"riveter/plan/value"
)

// RememberCall is [value.Remember] for the arguments of a step, all known: its digest covers the name of the action and the
// triggers too.
func RememberCall(key []byte, s *DesiredStep) (value.Memo, error) {
	memo, err := value.Remember(key, s.Args)
	if err != nil {
		return memo, err
	}
	parts := []cty.Value{cty.StringVal(s.Call), s.Args}
	if s.Triggers != cty.NilVal {
		parts = append(parts, s.Triggers)
	}
	memo.Digest, err = value.Digest(key, parts...)
	return memo, err
}
