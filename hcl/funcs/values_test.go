package funcs

import (
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

func TestJavaScriptValuesHoldWhatTheyAreWrittenAs(t *testing.T) {
	t.Parallel()
	huge, _ := new(big.Int).SetString("-123456789012345678901234567890", 10)
	at := time.Date(2024, 2, 29, 12, 34, 56, 789e6, time.UTC)
	for _, test := range []struct {
		expression string
		typ        cty.Type
		want       any
	}{
		{`bigint("-123456789012345678901234567890")`, value.BigIntType, huge},
		{`bigint("9007199254740993")`, value.BigIntType, big.NewInt(9007199254740993)},
		{`bytes("")`, value.BytesType, &[]byte{}},
		{`bytes("AAH+/w==")`, value.BytesType, &[]byte{0, 1, 0xfe, 0xff}},
		{`date("2024-02-29T12:34:56.789Z")`, value.DateType, &at},
		{`date("2024-02-29T13:34:56.789999+01:00")`, value.DateType, &at},
		{`undefined()`, value.UndefinedType, &struct{}{}},
	} {
		t.Run(test.expression, func(t *testing.T) {
			t.Parallel()
			got, diags := evaluate(t, test.expression)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if !got.Type().Equals(test.typ) {
				t.Fatalf("it is %s", got.Type().FriendlyName())
			}
			if diff := cmp.Diff(test.want, got.EncapsulatedValue(), cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })); diff != "" {
				t.Error(diff)
			}
		})
	}
}
