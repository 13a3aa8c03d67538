package value

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

func TestEncodeValue(t *testing.T) {
	five := BigInt(big.NewInt(5))
	tests := []struct {
		name  string
		value cty.Value
		want  string
	}{
		{"null", cty.NullVal(cty.DynamicPseudoType), `null`},
		{"text that HTML would escape", cty.StringVal("<a & b>"), `"<a & b>"`},
		{"integer beyond a float", cty.MustParseNumberVal("9007199254740993"), `9007199254740993`},
		{"large round integer", cty.MustParseNumberVal("1e21"), `1000000000000000000000`},
		{"negative zero", cty.MustParseNumberVal("-0"), `0`},
		{"fraction", cty.MustParseNumberVal("0.10"), `0.1`},
		{"members sorted", parse(t, `{ b = 1, a = 2 }`), `{"a":2,"b":1}`},
		{"set like a list", cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}), `["a","b"]`},
		{"map like an object", cty.MapVal(map[string]cty.Value{"a": cty.True}), `{"a":true}`},
		{"sensitive like any other", parse(t, `{ a = secret }`), `{"a":"hunter2"}`},
		{"bigint", five, `["$BigInt","5"]`},
		{"bytes", Bytes([]byte{0, 255}), `["$Uint8Array","AP8="]`},
		{"date", Date(time.Unix(0, 0)), `["$Date","1970-01-01T00:00:00Z"]`},
		{"undefined", Undefined, `["$Undefined",0]`},
		{"infinite", cty.TupleVal([]cty.Value{cty.PositiveInfinity, cty.NegativeInfinity}), `[["$Number","Infinity"],["$Number","-Infinity"]]`},
		{"array that reads as a marker", parse(t, `["$BigInt", "5"]`), `["$$BigInt","5"]`},
		{"array that reads as an escaped one", parse(t, `["$$x", 1]`), `["$$$x",1]`},
		{"array that is too long for a marker", parse(t, `["$BigInt", "5", "6"]`), `["$BigInt","5","6"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Encode(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestEncodeValueRefusesTheUnknown(t *testing.T) {
	if data, err := Encode(parse(t, `[{ a = unknown }]`)); err == nil {
		t.Errorf("got %s, want an error", data)
	}
}

func TestDecodeValueRefuses(t *testing.T) {
	for _, data := range []string{
		``, `tru`, `{"a":}`, `1 2`, `[] x`, `NaN`, `1e400`, `1e999999999`, `1e-400`,
		`["$BigInt","5.5"]`, `["$BigInt",5]`, `["$Uint8Array","*"]`, `["$Date","yesterday"]`, `["$Number","1"]`, `["$Number",1]`, `["$Map",[]]`, `["$",0]`,
	} {
		if v, err := Decode([]byte(data)); err == nil {
			t.Errorf("%s: got %#v, want an error", data, v)
		}
	}
}

func TestJavaScriptValuesAreComparedByWhatTheyHold(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tests := []struct {
		name string
		a, b cty.Value
		want bool
	}{
		{"same bigint", BigInt(big.NewInt(5)), BigInt(big.NewInt(5)), true},
		{"other bigint", BigInt(big.NewInt(5)), BigInt(big.NewInt(6)), false},
		{"same bytes", Bytes([]byte("a")), Bytes([]byte("a")), true},
		{"other bytes", Bytes([]byte("a")), Bytes(nil), false},
		{"same moment in another zone", Date(at), Date(at.In(time.FixedZone("", 3600))), true},
		{"undefined", Undefined, cty.CapsuleVal(UndefinedType, &struct{}{}), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.Equals(tt.b).True(); got != tt.want {
				t.Errorf("Equals: got %t", got)
			}
			if got := cty.SetVal([]cty.Value{tt.a, tt.b}).LengthInt() == 1; got != tt.want {
				t.Errorf("one element of a set: got %t", got)
			}
		})
	}
}

func TestValuesComeBackFromTheirEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := genValue(3).Draw(t, "value")
		data, err := Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !back.RawEquals(v) {
			t.Fatalf("%s: got %#v, want %#v", data, back, v)
		}
	})
}

// Values that are drawn from few parts collide often, and so do their encodings, if they can.
func TestOnlyEqualValuesHaveEqualEncodings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genValue(2).Draw(t, "a"), genValue(2).Draw(t, "b")
		x, errX := Encode(a)
		y, errY := Encode(b)
		if errX != nil || errY != nil {
			t.Fatal(errX, errY)
		}
		if (string(x) == string(y)) != a.RawEquals(b) {
			t.Fatalf("%#v is %s, and %#v is %s", a, x, b, y)
		}
	})
}

func genValue(depth int) *rapid.Generator[cty.Value] {
	texts := rapid.OneOf(
		rapid.SampledFrom([]string{"", "$", "$$", "$BigInt", "$$BigInt", "$Date", "$Number", "Infinity", "$Undefined", "5", "AA==", "\x00\u202e<"}),
		rapid.String(),
	)
	scalar := rapid.OneOf(
		rapid.SampledFrom([]cty.Value{
			cty.True, cty.False, cty.NullVal(cty.DynamicPseudoType), Undefined, cty.Zero, cty.MustParseNumberVal("5e-324"),
			cty.MustParseNumberVal("-1.7976931348623157e308"), cty.EmptyTupleVal, cty.EmptyObjectVal,
			cty.PositiveInfinity, cty.NegativeInfinity,
		}),
		rapid.Map(texts, cty.StringVal),
		rapid.Map(rapid.Int64(), cty.NumberIntVal),
		rapid.Map(rapid.Int64(), func(n int64) cty.Value { return BigInt(big.NewInt(n)) }),
		rapid.Map(rapid.Int64Range(0, 1<<40), func(ms int64) cty.Value { return Date(time.UnixMilli(ms)) }),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), Bytes),
	)
	if depth == 0 {
		return scalar
	}
	part := genValue(depth - 1)
	return rapid.OneOf(
		scalar,
		rapid.Map(rapid.SliceOfN(part, 0, 3), cty.TupleVal),
		rapid.Map(rapid.SliceOfN(part, 2, 2), cty.TupleVal), // the length of a marker
		rapid.Map(rapid.MapOfN(texts, part, 0, 3), cty.ObjectVal),
	)
}

func FuzzDecodeValue(f *testing.F) {
	for _, seed := range []string{
		`null`, `{"a":[1,"$x",true]}`, `["$BigInt","5"]`, `["$$BigInt","5"]`, `["$Date","2026-01-02T03:04:05Z"]`, `["$Number","Infinity"]`, `-0`, `1e300`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		v, err := Decode([]byte(data))
		if err != nil {
			return
		}
		canonical, err := Encode(v)
		if err != nil {
			t.Fatalf("a decoded value has no encoding: %v", err)
		}
		again, err := Decode(canonical)
		if err != nil || !again.RawEquals(v) {
			t.Fatalf("%s became %s, which is another value (%v)", data, canonical, err)
		}
		if strings.ContainsAny(string(canonical), "\n\r") {
			t.Fatalf("an encoding has a line break: %q", canonical)
		}
	})
}
