package value_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan/value"
)

// TestOpensWhatIsHiddenByTheMarkThatIsTakenOff has secrets that were found in a value be opened with it where nothing else hides it, and
// stay hidden behind a mark of somebody's.
func TestOpensWhatIsHiddenByTheMarkThatIsTakenOff(t *testing.T) {
	t.Parallel()
	text := cty.StringVal("s")
	marked, found := text.Mark(value.Sensitive), text.Mark(value.Sensitive).Mark(value.Found)
	in := func(v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"a": v, "b": cty.Zero}) }
	for name, c := range map[string]struct{ v, want cty.Value }{
		"nothing":                     {in(text), in(text)},
		"its own mark":                {marked, text},
		"what was found":              {found, text},
		"what was found in it":        {in(found), in(text)},
		"what is marked in it":        {in(marked), in(marked)},
		"what was found in a secret":  {in(found).Mark(value.Sensitive), in(found)},
		"what is marked in a secret":  {in(marked).Mark(value.Sensitive), in(marked)},
		"what was found, and as such": {in(found).Mark(value.Sensitive).Mark(value.Found), in(text)},
		"what is ephemeral":           {marked.Mark(value.Ephemeral), text.Mark(value.Ephemeral)},
	} {
		if got := value.Open(c.v); !got.RawEquals(c.want) {
			t.Errorf("%s: %#v", name, got)
		}
	}
}
