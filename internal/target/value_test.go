package target

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/client"
	"riveter/plan/value"
)

func TestValuesGoToActorsAsWhatTheyStandFor(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 2, 29, 12, 34, 56, 789e6, time.UTC)
	cases := []struct {
		name  string
		value cty.Value
		want  any
	}{
		{"null", cty.NullVal(cty.String), nil},
		{"number", cty.NumberIntVal(1 << 40), float64(1 << 40)},
		{"set", cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}), []any{"a", "b"}},
		{"object", cty.ObjectVal(map[string]cty.Value{"a": cty.True}), map[string]any{"a": true}},
		{"bigint", value.BigInt(big.NewInt(5)), big.NewInt(5)},
		{"bytes", value.Bytes([]byte{1, 2}), []byte{1, 2}},
		{"date", value.Date(at), at},
		{"undefined", value.Undefined, client.Undefined{}},
		{"sensitive", cty.StringVal("secret").Mark(value.Sensitive), "secret"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := toGo(c.value)
			bigs := cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })
			if diff := cmp.Diff(c.want, got, bigs); diff != "" || err != nil {
				t.Errorf("(-want +got):\n%s%v", diff, err)
			}
		})
	}
	if _, err := toGo(cty.UnknownVal(cty.String)); err == nil {
		t.Error("an unknown value was sent")
	}
}

func TestFractionsAreWhatAuthorsWrite(t *testing.T) {
	for f, text := range map[float64]string{0.1: "0.1", -2.5: "-2.5", 1e-7: "0.0000001", 5e-324: "5e-324", 1e300: "1e300"} {
		if got := fromGo(f); !got.RawEquals(cty.MustParseNumberVal(text)) {
			t.Errorf("%v is not %s", f, text)
		}
	}
}

func TestFromGoHoldsWhatExpressionsCan(t *testing.T) {
	t.Parallel()
	got := fromGo(map[string]any{
		"nan":  math.NaN(),
		"less": math.Inf(-1),
		"more": math.Inf(1),
		"set":  client.Set{1.0, "two"},
		"map":  client.Tag{Number: 259, Content: map[string]any{"one": 1.0}},
		"none": nil,
		"big":  big.NewInt(7),
	})
	want := `{"big":["$BigInt","7"],"less":["$Number","-Infinity"],"map":{"one":1},"more":["$Number","Infinity"],"nan":null,"none":null,"set":[1,"two"]}`
	data, err := value.Encode(got)
	if err != nil || string(data) != want {
		t.Errorf("got %s, want %s; error %v", data, want, err)
	}
}
