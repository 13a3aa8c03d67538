package value

import (
	"math/big"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestMatch(t *testing.T) {
	set := cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")})
	five := BigInt(big.NewInt(5))
	tests := []struct {
		name        string
		value, want cty.Value
		exact       bool
		holds       cty.Value
	}{
		{"equal numbers", parse(t, "1.0"), parse(t, "1"), false, cty.True},
		{"a fraction as an actor has it", cty.NumberFloatVal(0.1), parse(t, "0.1"), false, cty.True},
		{"a fraction that is rounded where it arrives", cty.NumberFloatVal(1.0 / 3), parse(t, "1 / 3"), false, cty.True},
		{"fractions in an object", parse(t, "{ f = 0.1 }"), cty.ObjectVal(map[string]cty.Value{"f": cty.NumberFloatVal(0.1)}), true, cty.True},
		{"fractions in a set", cty.TupleVal([]cty.Value{cty.NumberFloatVal(0.1)}), cty.SetVal([]cty.Value{parse(t, "1 / 10")}), false, cty.True},
		{"other numbers", parse(t, "1"), parse(t, "2"), false, cty.False},
		{"a number and its text", parse(t, "1"), parse(t, `"1"`), false, cty.False},
		{"a bigint and its number", five, parse(t, "5"), false, cty.True},
		{"a number and its bigint", parse(t, "6"), five, false, cty.False},
		{"texts", parse(t, `"a"`), parse(t, `"a"`), false, cty.True},
		{"bools", parse(t, "true"), parse(t, "false"), false, cty.False},
		{"null", parse(t, "null"), parse(t, "null"), false, cty.True},
		{"undefined is null", Undefined, parse(t, "null"), false, cty.True},
		{"null is not a text", parse(t, "null"), parse(t, `""`), false, cty.False},
		{"null is not an object of nulls", cty.NullVal(cty.Object(map[string]cty.Type{"a": cty.String})), parse(t, "{ a = null }"), false, cty.False},
		{"more attributes than wanted", parse(t, "{ a = 1, b = 2 }"), parse(t, "{ a = 1 }"), false, cty.True},
		{"more attributes than wanted, exact", parse(t, "{ a = 1, b = 2 }"), parse(t, "{ a = 1 }"), true, cty.False},
		{"the same attributes, exact", parse(t, "{ a = 1 }"), parse(t, "{ a = 1 }"), true, cty.True},
		{"more attributes inside of a list, exact", parse(t, "[{ a = 1, b = 2 }]"), parse(t, "[{ a = 1 }]"), true, cty.False},
		{"a missing attribute", parse(t, "{ b = 2 }"), parse(t, "{ a = 1 }"), false, cty.False},
		{"a missing attribute that should be null", parse(t, "{ b = 2 }"), parse(t, "{ a = null }"), false, cty.True},
		{"an attribute that should be null", parse(t, "{ a = 2 }"), parse(t, "{ a = null }"), false, cty.False},
		{"not an object", parse(t, "[1]"), parse(t, "{ a = 1 }"), false, cty.False},
		{"lists", parse(t, "[1, { a = 1, b = 2 }]"), parse(t, "[1, { a = 1 }]"), false, cty.True},
		{"lists in another order", parse(t, "[2, 1]"), parse(t, "[1, 2]"), false, cty.False},
		{"a longer list", parse(t, "[1, 2]"), parse(t, "[1]"), false, cty.False},
		{"a set", parse(t, `["a", "b"]`), set, false, cty.True},
		{"a set in another order", parse(t, `["b", "a"]`), set, false, cty.True},
		{"another set", parse(t, `["a", "c"]`), set, false, cty.False},
		{"a set with a repeated element", parse(t, `["a", "b", "b"]`), set, false, cty.False},
		{"not a set", parse(t, `"a"`), set, false, cty.False},
		{"bytes", Bytes([]byte("a")), Bytes([]byte("a")), false, cty.True},
		{"an unknown value", parse(t, "unknown"), parse(t, "1"), false, cty.UnknownVal(cty.Bool)},
		{"an unknown part", parse(t, "[unknown, 1]"), parse(t, "[2, 1]"), false, cty.UnknownVal(cty.Bool)},
		{"an unknown part of something that differs", parse(t, "[unknown, 1]"), parse(t, "[2, 3]"), false, cty.False},
		{"a secret", parse(t, `"hunter2"`), parse(t, "secret"), false, cty.True},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Match(tt.value, tt.want, tt.exact); !got.RawEquals(tt.holds) {
				t.Errorf("got %#v, want %#v", got, tt.holds)
			}
		})
	}
}

func TestLackingNamesWhatIsNotThere(t *testing.T) {
	for _, tt := range []struct{ name, value, want, said string }{
		{"all", "{ a = 1 }", "{ a = 2 }", ""},
		{"a member", "{ method = 1, path = 2 }", "{ metod = 1, path = 2 }", `no "metod", but "method", "path"`},
		{"of nothing", "{}", "{ a = 1 }", `no "a", but nothing`},
		{"one that is wanted to be null", "{}", "{ a = null }", ""},
		{"a member within", "{ a = [{ b = 1 }] }", "{ a = [{ c = 1 }] }", `no "c", but "b"`},
		{
			"of many", "{ a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0, a8 = 0, a9 = 0, b = 0 }", "{ c = 1 }",
			`no "c", but "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9" and 1 more`,
		},
		{"of something else", "[1]", "{ a = 1 }", ""},
		{"a secret", "{ a = 1 }", "{ a = secret }", ""},
		{"of unknown", "unknown", "{ a = 1 }", ""},
		{"of null", "null", "{ a = 1 }", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if said := Lacking(parse(t, tt.value), parse(t, tt.want)); said != tt.said {
				t.Errorf("got %q", said)
			}
		})
	}
	if said := Lacking(parse(t, "{ a = 1 }").Mark(Sensitive), parse(t, "{ b = 1 }")); said != "" {
		t.Errorf("of a secret it says %q", said)
	}
}

func TestProject(t *testing.T) {
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
			if got := Project(parse(t, tt.value), parse(t, tt.want)); !got.RawEquals(parse(t, tt.seen)) {
				t.Errorf("got %#v", got)
			}
		})
	}
	if !HasSensitive(Project(parse(t, `{ a = "old", b = 1 }`), parse(t, "{ a = secret }"))) {
		t.Error("what is wanted to be secret is shown")
	}
}
