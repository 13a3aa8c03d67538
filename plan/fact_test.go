package plan

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

func TestFact(t *testing.T) {
	a, b := cty.NumberIntVal(1), cty.NumberIntVal(2)
	more := &Ensure{Value: cty.ObjectVal(map[string]cty.Value{"a": a, "b": b}), Want: cty.ObjectVal(map[string]cty.Value{"a": a})}
	if !more.Holds().True() || !more.Seen().RawEquals(more.Want) {
		t.Errorf("got %#v of %#v", more.Holds(), more.Seen())
	}
	more.Exact = true
	if !more.Holds().False() || !more.Seen().RawEquals(more.Value) {
		t.Errorf("exact: got %#v of %#v", more.Holds(), more.Seen())
	}
	condition := &Expect{Condition: cty.False.Mark(value.Sensitive)}
	if part := (&Expect{Value: more.Value, Want: more.Want}); !part.Holds().True() || !part.Seen().RawEquals(more.Want) {
		t.Errorf("a part: got %#v of %#v", part.Holds(), part.Seen())
	}
	if !condition.Holds().RawEquals(cty.False) || condition.Seen() != cty.NilVal {
		t.Errorf("a condition: got %#v of %#v", condition.Holds(), condition.Seen())
	}
}

func TestGuardsAllow(t *testing.T) {
	unknown := cty.UnknownVal(cty.Bool)
	tests := []struct{ onlyIf, unless, want cty.Value }{
		{cty.NilVal, cty.NilVal, cty.True},
		{cty.True, cty.NilVal, cty.True},
		{cty.False, cty.NilVal, cty.False},
		{cty.NilVal, cty.True, cty.False},
		{cty.NilVal, cty.False, cty.True},
		{cty.True, cty.True, cty.False},
		{unknown, cty.NilVal, unknown},
		{unknown, cty.True, cty.False},
		{cty.False, unknown, cty.False},
		{cty.True.Mark(value.Sensitive), unknown, unknown},
	}
	for _, tt := range tests {
		s := &Call{OnlyIf: tt.onlyIf, Unless: tt.unless}
		if got := s.Allowed(); !got.Equals(tt.want).RawEquals(tt.want.Equals(tt.want)) || got.IsKnown() != tt.want.IsKnown() {
			t.Errorf("only_if %#v, unless %#v: got %#v", tt.onlyIf, tt.unless, got)
		}
	}
}
