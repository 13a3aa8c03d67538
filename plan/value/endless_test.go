package value

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestTextsOfNumbersThatNobodyCouldWrite(t *testing.T) {
	t.Parallel()
	within := func(as cty.Type) cty.Type { return cty.Object(map[string]cty.Type{"a": cty.Set(as)}) }
	for text, isEndless := range map[string]bool{"1e99999999": true, "-1.5E-000123456": true, "1e99999": false, "1e0000000001": false, "x1e99999999": false} {
		v := cty.ObjectVal(map[string]cty.Value{"a": cty.TupleVal([]cty.Value{cty.StringVal(text)})})
		if err := CheckTexts(v, within(cty.Number)); (err != nil) != isEndless {
			t.Errorf("%s as a number: %v", text, err)
		}
		if err := CheckTexts(v, within(cty.String)); err != nil {
			t.Errorf("%s as a text: %v", text, err)
		}
	}
}
