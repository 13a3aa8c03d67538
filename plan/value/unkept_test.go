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

// What is made of a result that nobody kept is what it was, if it is made as it was; else if what is known of it may be what it was.
func TestWhatIsUnkeptIsComparedByHowItIsMade(t *testing.T) {
	made := func(part, of string, recipe string) cty.Value {
		secret := cty.StringVal(of)
		if of == "" {
			secret = cty.DynamicVal
		}
		return cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal(part), "s": secret.Mark(Source{Step: "x", Recipe: recipe})})
	}
	plain := cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal("a"), "s": cty.StringVal("s")})
	for _, tt := range []struct {
		name        string
		before, now cty.Value
		want        bool
	}{
		{"made in the same way", made("a", "s", "1"), made("a", "", "1"), true},
		{"made in another way", made("a", "s", "1"), made("b", "", "2"), false},
		{"known again", made("a", "s", "1"), made("a", "s", "2"), true},
		{"known again, and another", made("a", "s", "1"), made("a", "t", "1"), false},
		{"never known, made in the same way", made("a", "", "1"), made("a", "", "1"), true},
		{"never known, made in another way", made("a", "", "1"), made("b", "", "2"), false},
		{"never known, and known", made("a", "", "1"), made("a", "s", "1"), true},
		{"never known, and of something else", made("a", "", "1"), plain, false},
		{"nobody knows how it was made", plain, made("a", "", "1"), true},
		{"nobody knows how it was made, and a part is another", plain, made("b", "", "1"), false},
		{"nobody knows how it was made, nor what it was", plain.Mark(Sensitive), made("b", "", "1"), true},
		{"there was none", cty.NilVal, made("a", "", "1"), false},
		{"there is none", made("a", "", "1"), cty.NilVal, false},
	} {
		if got, err := memo(t, tt.before).Is(digestKey, tt.now); got != tt.want || err != nil {
			t.Errorf("%s: the same: %t, %v", tt.name, got, err)
		}
	}
}
