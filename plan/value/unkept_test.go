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

// Of what is made of results, those are lost that are not known, and not those beside what is not known yet.
func TestWhatIsKnownIsNotLost(t *testing.T) {
	lost, later := Unkept("lost"), cty.UnknownVal(cty.String)
	opened := cty.StringVal("hush").Mark(Source{Step: "opened"}).Mark(Sensitive)
	for name, tt := range map[string]struct {
		v    cty.Value
		lost []string
	}{
		"opened":                        {opened, nil},
		"lost":                          {lost, []string{"lost"}},
		"one of each":                   {cty.TupleVal([]cty.Value{opened, lost}), []string{"lost"}},
		"opened, and what is not known": {cty.TupleVal([]cty.Value{opened, later}), nil},
		"the same further in":           {cty.ObjectVal(map[string]cty.Value{"a": cty.TupleVal([]cty.Value{opened}), "b": later}), nil},
		"lost as a whole":               {cty.TupleVal([]cty.Value{later, cty.StringVal("open")}).Mark(Source{Step: "lost"}), []string{"lost"}},
	} {
		if got := LostIn(tt.v, false); !slices.Equal(got, tt.lost) || IsLost(tt.v) != (tt.lost != nil) {
			t.Errorf("%s: lost are %v, and something is: %t", name, got, IsLost(tt.v))
		}
	}
}

// What is made of a result that nobody kept is what it was, if it is made as it was. Of one that is in doubt, others do not say that they are.
func TestWhatIsUnkeptIsComparedByHowItIsMade(t *testing.T) {
	made := func(part, of string, recipe string) cty.Value {
		secret := cty.StringVal(of)
		if of == "" {
			secret = cty.DynamicVal
		}
		return cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal(part), "s": secret.Mark(Source{Step: "x", Recipe: recipe})})
	}
	doubted := func(part string, more ...cty.Value) cty.Value {
		lost := cty.DynamicVal.Mark(Source{Step: "x", Recipe: "1", Doubted: true})
		return cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal(part), "s": cty.TupleVal(append(more, lost))})
	}
	list := cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal("a"), "s": cty.TupleVal([]cty.Value{cty.StringVal("s")})})
	two := cty.ObjectVal(map[string]cty.Value{"p": cty.StringVal("a"), "s": cty.TupleVal([]cty.Value{cty.StringVal("s"), cty.StringVal("s")})})
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
		{"not made of it", plain, made("a", "", "1"), false},
		{"not made of it, nor shown", plain.Mark(Sensitive), made("a", "", "1"), false},
		{"in doubt", list, doubted("a"), true},
		{"in doubt, and a part is another", list, doubted("b"), false},
		{"in doubt, and not shown", list.Mark(Sensitive), doubted("b"), true},
		{"in doubt, beside what is not", two, doubted("a", Unkept("y")), false},
		{"in doubt, and it was made of something that was not", made("a", "s", "2"), doubted("a"), false},
		{"there was none", cty.NilVal, made("a", "", "1"), false},
		{"there is none", made("a", "", "1"), cty.NilVal, false},
	} {
		if got, err := memo(t, tt.before).Is(digestKey, tt.now); got != tt.want || err != nil {
			t.Errorf("%s: the same: %t, %v", tt.name, got, err)
		}
	}
}
