package value

import (
	"math/big"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestEquality(t *testing.T) {
	t.Parallel()
	one := BigInt(big.NewInt(1))
	for _, test := range []struct {
		name string
		a, b cty.Value
		want string
	}{
		{"numbers", cty.NumberIntVal(1), cty.NumberIntVal(1), "true"},
		{"a number and a text", cty.NumberIntVal(1), cty.StringVal("1"), "false"},
		{"bigints", one, BigInt(big.NewInt(1)), "true"},
		{"other bigints", one, BigInt(big.NewInt(2)), "false"},
		{"a bigint and null", one, cty.NullVal(cty.DynamicPseudoType), "false"},
		{"a bigint and a number", one, cty.NumberIntVal(1), "bigint and number are never equal"},
		{"a text and bytes", cty.StringVal("a"), Bytes([]byte("a")), "string and bytes are never equal"},
		{"a bigint and what nobody knows", one, cty.DynamicVal, "unknown"},
		{"a bigint and an unknown number", one, cty.UnknownVal(cty.Number), "bigint and number are never equal"},
	} {
		for _, holds := range []bool{true, false} {
			v, err := Equality(holds).Call([]cty.Value{test.a, test.b})
			got := map[bool]string{true: "true", false: "false"}
			switch {
			case err != nil:
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: %v", test.name, err)
				}
			case !v.IsKnown():
				if test.want != "unknown" {
					t.Errorf("%s: unknown", test.name)
				}
			case got[v.True() == holds] != test.want:
				t.Errorf("%s: %#v", test.name, v)
			}
		}
	}
}
