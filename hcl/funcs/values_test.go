package funcs

import (
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
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
		{`bigint("-123456789012345678901234567890")`, plan.BigIntType, huge},
		{`bigint("9007199254740993")`, plan.BigIntType, big.NewInt(9007199254740993)},
		{`bytes("")`, plan.BytesType, &[]byte{}},
		{`bytes("AAH+/w==")`, plan.BytesType, &[]byte{0, 1, 0xfe, 0xff}},
		{`date("2024-02-29T12:34:56.789Z")`, plan.DateType, &at},
		{`date("2024-02-29T13:34:56.789999+01:00")`, plan.DateType, &at},
		{`undefined()`, plan.UndefinedType, &struct{}{}},
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
