package plan

import (
	"math/big"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestFactHolds(t *testing.T) {
	set := cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")})
	five := BigIntVal(big.NewInt(5))
	tests := []struct {
		name        string
		value, want cty.Value
		exact       bool
		holds       cty.Value
	}{
		{"equal numbers", value(t, "1.0"), value(t, "1"), false, cty.True},
		{"a fraction as an actor has it", cty.NumberFloatVal(0.1), value(t, "0.1"), false, cty.True},
		{"a fraction that is rounded where it arrives", cty.NumberFloatVal(1.0 / 3), value(t, "1 / 3"), false, cty.True},
		{"fractions in an object", value(t, "{ f = 0.1 }"), cty.ObjectVal(map[string]cty.Value{"f": cty.NumberFloatVal(0.1)}), true, cty.True},
		{"fractions in a set", cty.TupleVal([]cty.Value{cty.NumberFloatVal(0.1)}), cty.SetVal([]cty.Value{value(t, "1 / 10")}), false, cty.True},
		{"other numbers", value(t, "1"), value(t, "2"), false, cty.False},
		{"a number and its text", value(t, "1"), value(t, `"1"`), false, cty.False},
		{"a bigint and its number", five, value(t, "5"), false, cty.True},
		{"a number and its bigint", value(t, "6"), five, false, cty.False},
		{"texts", value(t, `"a"`), value(t, `"a"`), false, cty.True},
		{"bools", value(t, "true"), value(t, "false"), false, cty.False},
		{"null", value(t, "null"), value(t, "null"), false, cty.True},
		{"undefined is null", UndefinedVal, value(t, "null"), false, cty.True},
		{"null is not a text", value(t, "null"), value(t, `""`), false, cty.False},
		{"more attributes than wanted", value(t, "{ a = 1, b = 2 }"), value(t, "{ a = 1 }"), false, cty.True},
		{"more attributes than wanted, exact", value(t, "{ a = 1, b = 2 }"), value(t, "{ a = 1 }"), true, cty.False},
		{"the same attributes, exact", value(t, "{ a = 1 }"), value(t, "{ a = 1 }"), true, cty.True},
		{"more attributes inside of a list, exact", value(t, "[{ a = 1, b = 2 }]"), value(t, "[{ a = 1 }]"), true, cty.False},
		{"a missing attribute", value(t, "{ b = 2 }"), value(t, "{ a = 1 }"), false, cty.False},
		{"a missing attribute that should be null", value(t, "{ b = 2 }"), value(t, "{ a = null }"), false, cty.True},
		{"an attribute that should be null", value(t, "{ a = 2 }"), value(t, "{ a = null }"), false, cty.False},
		{"not an object", value(t, "[1]"), value(t, "{ a = 1 }"), false, cty.False},
		{"lists", value(t, "[1, { a = 1, b = 2 }]"), value(t, "[1, { a = 1 }]"), false, cty.True},
		{"lists in another order", value(t, "[2, 1]"), value(t, "[1, 2]"), false, cty.False},
		{"a longer list", value(t, "[1, 2]"), value(t, "[1]"), false, cty.False},
		{"a set", value(t, `["a", "b"]`), set, false, cty.True},
		{"another set", value(t, `["a", "c"]`), set, false, cty.False},
		{"a set with a repeated element", value(t, `["a", "b", "b"]`), set, false, cty.False},
		{"not a set", value(t, `"a"`), set, false, cty.False},
		{"bytes", BytesVal([]byte("a")), BytesVal([]byte("a")), false, cty.True},
		{"an unknown value", value(t, "unknown"), value(t, "1"), false, cty.UnknownVal(cty.Bool)},
		{"an unknown part", value(t, "[unknown, 1]"), value(t, "[2, 1]"), false, cty.UnknownVal(cty.Bool)},
		{"an unknown part of something that differs", value(t, "[unknown, 1]"), value(t, "[2, 3]"), false, cty.False},
		{"a secret", value(t, `"hunter2"`), value(t, "secret"), false, cty.True},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &Fact{Value: tt.value, Want: tt.want, Exact: tt.exact}
			if got := f.Holds(); !got.RawEquals(tt.holds) {
				t.Errorf("got %#v, want %#v", got, tt.holds)
			}
		})
	}
	if got := (&Fact{Condition: cty.False.Mark(Sensitive)}).Holds(); !got.RawEquals(cty.False) {
		t.Errorf("a condition: got %#v", got)
	}
}

func TestFactIsSeenAsFarAsItIsWanted(t *testing.T) {
	tests := []struct{ name, value, want, seen string }{
		{"a number", "1", "2", "1"},
		{"an object", "{ a = 1, b = 2 }", "{ a = 3 }", "{ a = 1 }"},
		{"a missing attribute", "{ b = 2 }", "{ a = 3 }", "{}"},
		{"a list of objects", "[{ a = 1, b = 2 }]", "[{ a = 3 }]", "[{ a = 1 }]"},
		{"a longer list", "[{ a = 1, b = 2 }, 2]", "[{ a = 3 }]", "[{ a = 1, b = 2 }, 2]"},
		{"an empty list", "[]", "[]", "[]"},
		{"something else", "[1]", "{ a = 3 }", "[1]"},
		{"unknown", "unknown", "{ a = 3 }", "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &Fact{Value: value(t, tt.value), Want: value(t, tt.want)}
			if got := f.Seen(); !got.RawEquals(value(t, tt.seen)) {
				t.Errorf("got %#v", got)
			}
		})
	}
	f := &Fact{Value: value(t, `{ a = "old", b = 1 }`), Want: value(t, "{ a = secret }")}
	if !HasSensitive(f.Seen()) {
		t.Error("what is wanted to be secret is shown")
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
		{cty.True.Mark(Sensitive), unknown, unknown},
	}
	for _, tt := range tests {
		s := &DesiredStep{OnlyIf: tt.onlyIf, Unless: tt.unless}
		if got := s.Allowed(); !got.Equals(tt.want).RawEquals(tt.want.Equals(tt.want)) || got.IsKnown() != tt.want.IsKnown() {
			t.Errorf("only_if %#v, unless %#v: got %#v", tt.onlyIf, tt.unless, got)
		}
	}
}
