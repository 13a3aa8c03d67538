package value

import (
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestUnkept(t *testing.T) {
	lost, later := Unkept("actor.a.b.action.c"), cty.UnknownVal(cty.String)
	tests := []struct {
		name    string
		v       cty.Value
		steps   []string
		lasting bool
	}{
		{"absent", cty.NilVal, nil, true},
		{"known", cty.True, nil, true},
		{"known after apply", later, nil, false},
		{"a result", lost, []string{"actor.a.b.action.c"}, true},
		{"a part of one", lost.GetAttr("key"), []string{"actor.a.b.action.c"}, true},
		{"a secret one", lost.Mark(Sensitive), []string{"actor.a.b.action.c"}, true},
		{"among what is known", cty.TupleVal([]cty.Value{cty.True, lost}), []string{"actor.a.b.action.c"}, true},
		{"among what is known after apply", cty.TupleVal([]cty.Value{later, lost}), []string{"actor.a.b.action.c"}, false},
		{
			"two of them", cty.ObjectVal(map[string]cty.Value{"b": cty.TupleVal([]cty.Value{Unkept("x")}), "a": lost}),
			[]string{"actor.a.b.action.c", "x"},
			true,
		},
		{"null", cty.NullVal(cty.String), nil, true},
	}
	for _, tt := range tests {
		if got := UnkeptIn(tt.v); !slices.Equal(got, tt.steps) {
			t.Errorf("%s: made of %v", tt.name, got)
		}
		if got := IsLasting(tt.v); got != tt.lasting {
			t.Errorf("%s: is what it was: %t", tt.name, got)
		}
	}
}
