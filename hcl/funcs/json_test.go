package funcs

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// FuzzJSONDecodeIsThatOfTheLibrary holds whichever way a text is read: value, type and whether there is an error, but for numbers that
// have no end.
func FuzzJSONDecodeIsThatOfTheLibrary(f *testing.F) {
	for _, text := range []string{
		`null`, `true`, ` "a" `, `-0`, `0`, `1e3`, `12345678901234567890123`, `9223372036854775807`, `0.1`, `1e999999999`, `[1e999999999]`, `[]`, `{}`, `""`, ``, `[`, `{"a"}`,
		`[1,]`, `[1 2]`, `[1]]`, `[1] 2`, `{"a":1,}`, `nul`, `"\ud800"`, `"\u0065\u0301"`, `{"\u0065\u0301":1}`, `{"é":1}`, "\"\xff\"", "\ufeff1",
		`{"a":1,"a":2}`, `{"a":1,"a":"x"}`, `{"a":null,"a":1}`, `[{"a":1},{"a":2},{"b":3},{"a":4},null,{"a":null},{"a":[1]},{"a":[2]},{}]`,
		`[[{"a":1},{"a":2}],[{"a":{"b":[{"c":1},{"c":2}]}}]]`, strings.Repeat(`[`, 20) + strings.Repeat(`]`, 20),
		"[" + strings.Repeat(`{"a":1},`, 1_500) + strings.Repeat(`{"a":"x"},`, 700) + `{"b":2}]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, wantErr := stdlib.JSONDecodeFunc.Call([]cty.Value{cty.StringVal(text)})
		if wantErr == nil {
			wantErr = finite(want)
		}
		got, err := jsonDecode.Call([]cty.Value{cty.StringVal(text)})
		if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("%q: %v, not %v", text, err, wantErr)
		}
		if err == nil && !got.RawEquals(want) {
			t.Fatalf("%q: %#v, not %#v", text, got, want)
		}
	})
}

func TestDecodedNumbersAreCalculatedWithAsTheLibraryDoes(t *testing.T) {
	for _, text := range []string{"1", "-7", "9007199254740993", "0.5", "-0"} {
		want, wantErr := stdlib.JSONDecodeFunc.Call([]cty.Value{cty.StringVal(text)})
		got, err := jsonDecode.Call([]cty.Value{cty.StringVal(text)})
		if err != nil || wantErr != nil {
			t.Fatal(err, wantErr)
		}
		three := cty.NumberIntVal(3)
		if a, b := got.AsBigFloat(), want.AsBigFloat(); a.Prec() != b.Prec() || a.Signbit() != b.Signbit() || !got.Divide(three).RawEquals(want.Divide(three)) {
			t.Errorf("%s: %s of %d bits, not %s of %d", text, a, a.Prec(), b, b.Prec())
		}
	}
}
