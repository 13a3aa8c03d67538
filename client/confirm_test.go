package client

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"
	"time"
)

// What JSON shows of a state proves that the state is current, or proves nothing.
func TestJSONConfirmsOnlyWhatItShows(t *testing.T) {
	when := time.UnixMilli(1234567)
	for _, c := range []struct {
		name  string
		exact any
		json  string
		want  bool
	}{
		{"null", nil, `null`, true},
		{"another text", "a", `"b"`, false},
		{"number", 1.5, `1.5`, true},
		{"another number", 1.5, `2`, false},
		{"NaN", math.NaN(), `null`, true},
		{"a number that is now null", 1.0, `null`, false},
		{"date", when.UTC(), `"1970-01-01T00:20:34.567Z"`, true},
		{"bytes", []byte{0, 255}, `{"0":0,"1":255}`, true},
		{"other bytes", []byte{0, 255}, `{"0":0,"1":254}`, false},
		{"no bytes, or an ArrayBuffer", []byte{}, `{}`, false},
		{"a set, of which nothing is shown", Set{1.0}, `{}`, false},
		{"a BigInt, which is not shown", big.NewInt(1), `1`, false},
		{"undefined member", map[string]any{"a": Undefined{}, "b": 1.0}, `{"b":1}`, true},
		{"a new member", map[string]any{"b": 1.0}, `{"b":1,"c":2}`, false},
		{"a member that is gone", map[string]any{"b": 1.0, "c": nil}, `{"b":1}`, false},
		{"undefined item", []any{Undefined{}, "x"}, `[null,"x"]`, true},
		{"a longer list", []any{"x"}, `["x","y"]`, false},
		{"deep", map[string]any{"a": []any{map[string]any{"b": when.UTC()}}}, `{"a":[{"b":"1970-01-01T00:20:34.567Z"}]}`, true},
		{"deep and different", map[string]any{"a": []any{map[string]any{"b": "x"}}}, `{"a":[{"b":"y"}]}`, false},
		{"an object for a list", []any{}, `{}`, false},
	} {
		var live any
		if err := json.Unmarshal([]byte(c.json), &live); err != nil {
			t.Fatal(err)
		}
		if got := confirms(live, c.exact); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if confirms(unshown{}, c.exact) {
			t.Errorf("%s is confirmed by nothing", c.name)
		}
	}
}
