package value

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var sameValue = cmp.Options{
	cmpopts.EquateNaNs(), cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 }),
}

// anyValue draws a value, of the kinds that all encodings carry or of all kinds.
func anyValue(lossless bool) *rapid.Generator[any] {
	kinds := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Just[any](Undefined{}),
		rapid.Bool().AsAny(),
		rapid.SampledFrom([]any{0.0, -1.0, 0.5, 4294967295.0, 4294967296.0, -4294967296.0, float64(maxSafe), 1e21, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64}),
		rapid.String().AsAny(),
		rapid.SampledFrom([]any{"$", "$$", "$BigInt", "$Undefined", "$x"}),
		rapid.Custom(func(t *rapid.T) any {
			n := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, "bytes"))
			return n.Neg(n)
		}),
		rapid.SliceOfN(rapid.Byte(), 0, 8).AsAny(),
	}
	if lossless {
		kinds = append(kinds,
			rapid.Float64().AsAny(),
			rapid.SampledFrom([]any{math.NaN(), math.Inf(1), math.Inf(-1)}),
			rapid.Map(rapid.Int64Range(-1<<45, 1<<45), func(ms int64) any { return time.UnixMilli(ms).UTC() }),
			rapid.Just[any](Tag{Number: 86, Content: []byte{1, 2}}),
		)
	}
	return rapid.Deferred(func() *rapid.Generator[any] {
		return nested(rapid.OneOf(kinds...), 3)
	})
}

func nested(leaf *rapid.Generator[any], depth int) *rapid.Generator[any] {
	if depth == 0 {
		return leaf
	}
	inner := nested(leaf, depth-1)
	return rapid.OneOf(leaf,
		rapid.SliceOfN(inner, 0, 3).AsAny(),
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(items []any) any { return Set(items) }),
		rapid.MapOfN(rapid.String(), inner, 0, 3).AsAny(),
	)
}

func TestEveryValueComesBackThroughCBOR(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := anyValue(true).Draw(t, "value")
		data, err := Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unmarshal(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(value, got, sameValue); diff != "" {
			t.Fatalf("%x (-sent +got):\n%s", data, diff)
		}
	})
}

func TestPlainValuesComeBackThroughTheModel(t *testing.T) {
	for name, codec := range map[string]struct {
		encode func(any) ([]byte, error)
		decode func([]byte) (any, error)
	}{
		"CBOR": {EncodeCBOR, DecodeCBOR},
		"JSON": {json.Marshal, DecodeJSON},
	} {
		rapid.Check(t, func(t *rapid.T) {
			sent := anyValue(false).Draw(t, "value")
			model, err := Model(sent)
			if err != nil {
				t.Fatal(err)
			}
			data, err := codec.encode(model)
			if err != nil {
				t.Fatal(err)
			}
			read, err := codec.decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := Read(read); err != nil || !cmp.Equal(sent, got, sameValue) {
				t.Fatalf("%s: %v (-sent +got):\n%s", name, err, cmp.Diff(sent, got, sameValue))
			}
		})
	}
}

func TestNumbersAreWrittenSuchThatTheyArriveAsNumbers(t *testing.T) {
	for _, c := range []struct {
		value      any
		cbor, json string
	}{
		{42, "182a", "42"},
		{42.0, "182a", "42"},
		{-1, "20", "-1"},
		{uint32(math.MaxUint32), "1affffffff", "4294967295"},
		{1 << 32, "fa4f800000", "4.294967296e+09"},
		{-(1 << 32), "facf800000", "-4.294967296e+09"},
		{int64(maxSafe), "fb433fffffffffffff", "9.007199254740991e+15"},
		{math.Copysign(0, -1), "f98000", "-0e+00"},
		{0.5, "f93800", "0.5"},
		{json.Number("7"), "07", "7"},
		{json.Number("1e10"), "fa501502f9", "1e+10"},
		{big.NewInt(5), "826724426967496e746135", `["$BigInt","5"]`},
		{Undefined{}, "826a24556e646566696e656400", `["$Undefined",0]`},
	} {
		data, err := Marshal(c.value)
		if err != nil || hex.EncodeToString(data) != c.cbor {
			t.Errorf("%T %v in CBOR is %x, %v, want %s", c.value, c.value, data, err, c.cbor)
		}
		prepared, err := Model(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := json.Marshal(prepared); err != nil || string(text) != c.json {
			t.Errorf("%T %v in JSON is %s, %v, want %s", c.value, c.value, text, err, c.json)
		}
	}
}

// A value that contains itself ends no program.
func TestACycleIsAnError(t *testing.T) {
	type node struct {
		Next *node          `json:"next"`
		More map[string]any `json:"more"`
		All  []any          `json:"all"`
	}
	pointer, member, item := &node{}, &node{More: map[string]any{}}, &node{All: make([]any, 1)}
	pointer.Next, member.More["me"], item.All[0] = pointer, member, item
	object := map[string]any{"pointer": pointer}
	for _, v := range []any{pointer, *pointer, member, item, object, []any{object}} {
		for _, form := range []form{cborForm, jsonForm} {
			if out, err := form.outgoing(v); err == nil {
				t.Errorf("%T becomes %v", v, out)
			}
		}
	}
	const deep = 300
	list := &node{}
	for range deep {
		list = &node{Next: list}
	}
	if _, err := cborForm.outgoing(list); err != nil {
		t.Errorf("a list of %d: %v", deep, err)
	}
}

func TestWhatCannotBeSentIsAnError(t *testing.T) {
	cycle := map[string]any{}
	cycle["self"] = cycle
	for name, value := range map[string]any{
		"an integer that JavaScript rounds": 1 << 53,
		"the least int64":                   int64(math.MinInt64),
		"a large uint64":                    uint64(math.MaxUint64),
		"a number in text that is too long": json.Number("12345678901234567890"),
		"a number in text that is none":     json.Number("1e999"),
		"text that is not UTF-8":            "\xff",
		"a name that is not UTF-8":          map[string]any{"\xff": 1},
		"a time after all of JavaScript's":  time.UnixMilli(864e13 + 1),
		"a time before them":                time.UnixMilli(-864e13 - 1),
		"a time of no milliseconds":         time.Unix(math.MaxInt64/2, 0),
		"a cycle":                           cycle,
		"a channel":                         make(chan int),
		"a function inside":                 []any{func() {}},
		"keys that name nothing":            map[float64]int{0.5: 1},
	} {
		if data, err := Marshal(value); err == nil {
			t.Errorf("%s is sent as %x", name, data)
		}
	}
}

func TestOutOfWhatJavaScriptSends(t *testing.T) {
	for _, c := range []struct {
		name, cbor string
		want       any // nil with an error
	}{
		{"date", "c1fb41d954fc4007df3b", time.Date(2023, 11, 14, 22, 13, 20, 123e6, time.UTC)},
		{"bytes as an actor sends them", "826b2455696e743841727261796841414842", nil},
		{"padded bytes", "826b2455696e7438417272617964414145" + "3d", []byte{0, 1}},
		{"bytes in CBOR", "420001", []byte{0, 1}},
		{"long heads", "b90001616101", map[string]any{"a": 1.0}},
		{"keys that are numbers", "a10102", map[string]any{"1": 2.0}},
		{"an integer of 64 bits", "1b0000000000000005", 5.0},
		{"an integer that no number holds", "1bffffffffffffffff", new(big.Int).SetUint64(math.MaxUint64)},
		{"a bignum", "c249010000000000000000", new(big.Int).Lsh(big.NewInt(1), 64)},
		{"a set in CBOR", "d9010281" + "01", Set{1.0}},
		{"an unknown marker", "8262247801", nil},
		{"a BigInt that is none", "826724426967496e746178", nil},
		{"a set that is none", "826424536574" + "01", nil},
		{"trailing bytes", "0101", nil},
		{"truncated", "8201", nil},
		{"too deep", strings.Repeat("81", maxDepth+1) + "01", nil},
		{"more items than bytes", "9b7fffffffffffffff", nil},
	} {
		data, err := hex.DecodeString(c.cbor)
		if err != nil {
			t.Fatal(c.name, err)
		}
		got, err := Unmarshal(data)
		if (err == nil) != (c.want != nil) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		} else if diff := cmp.Diff(c.want, got, sameValue); err == nil && diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// said is a value with something to say of itself.
type said struct{ text string }

func (s said) MarshalJSON() ([]byte, error) {
	return []byte(`{"said":` + strconv.Quote(s.text) + `,"n":4294967296}`), nil
}

func TestValuesArriveAsWhatTheySay(t *testing.T) {
	type holder struct {
		Raw  json.RawMessage `json:"raw"`
		Said said            `json:"said"`
	}
	spoken := map[string]any{"said": "so", "n": 4294967296.0}
	for name, c := range map[string]struct{ sent, want any }{
		"raw JSON":             {json.RawMessage(`{"a":[1,"two",null,1.5]}`), map[string]any{"a": []any{1.0, "two", nil, 1.5}}},
		"raw JSON like a mark": {json.RawMessage(`["$BigInt","5"]`), []any{"$BigInt", "5"}},
		"a marshaler":          {said{"so"}, spoken},
		"a pointer to one":     {&said{"so"}, spoken},
		"in a struct":          {holder{json.RawMessage(`[true]`), said{"so"}}, map[string]any{"raw": []any{true}, "said": spoken}},
		"in a list":            {[]any{said{"so"}}, []any{spoken}},
		"an error":             {errors.New("it broke"), "it broke"},
		"an error in a map":    {map[string]any{"err": fmt.Errorf("a: %w", io.EOF)}, map[string]any{"err": "a: EOF"}},
		"no date":              {InvalidDate{}, InvalidDate{}},
		"no date in a struct":  {struct{ When InvalidDate }{}, map[string]any{"When": InvalidDate{}}},
		"the zero time":        {time.Time{}, time.Time{}},
		"a date among others":  {[]any{time.UnixMilli(5).UTC(), InvalidDate{}, "\xc1\xfb", []byte{0xc1, 0xf9, 0x7e, 0}}[:2], []any{time.UnixMilli(5).UTC(), InvalidDate{}}},
		"bytes like no date":   {[]byte{0xc1, 0xf9, 0x7e, 0}, []byte{0xc1, 0xf9, 0x7e, 0}},
	} {
		data, err := Marshal(c.sent)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := Unmarshal(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, bad := range []any{json.RawMessage(`{"a":`), json.RawMessage(`9007199254740993`), said{"\xff"}} {
		if data, err := Marshal(bad); err == nil {
			t.Errorf("%v is sent as %x", bad, data)
		}
	}
}
