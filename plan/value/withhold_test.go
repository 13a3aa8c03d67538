package value

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestWhatIsKeptOfAValueWithSecretsGivesItBack(t *testing.T) {
	for name, tt := range map[string]struct {
		value         cty.Value
		rest, secrets string
	}{
		"no secret":          {parse(t, `{ a = [1, "x"] }`), `{"a":[1,"x"]}`, ``},
		"as a whole":         {parse(t, `[{ a = 1 }]`).Mark(Sensitive), ``, `[{"a":1}]`},
		"in parts":           {parse(t, `{ z = secret, a = [1, secret], b = "x" }`), `{"a":[1,["$Withheld",0]],"b":"x","z":["$Withheld",0]}`, `["hunter2","hunter2"]`},
		"with one in it":     {cty.TupleVal([]cty.Value{cty.True, parse(t, `{ a = 1 }`).Mark(Sensitive)}), `[true,["$Withheld",0]]`, `[{"a":1}]`},
		"kept by nobody":     {cty.TupleVal([]cty.Value{cty.DynamicVal.Mark(Sensitive), cty.StringVal("$x").Mark(Sensitive)}), `[["$Withheld",0],["$Withheld",0]]`, `[["$Withheld",0],"$x"]`},
		"unknown in a whole": {cty.TupleVal([]cty.Value{cty.DynamicVal.Mark(Sensitive), cty.True}).Mark(Sensitive), ``, `[["$Withheld",0],true]`},
		"like a marker":      {parse(t, `["$Withheld", 0]`), `["$$Withheld",0]`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			kept, err := Keep([]byte("key"), tt.value)
			if err != nil || string(kept.Rest) != tt.rest || string(kept.Secrets) != tt.secrets || (kept.Digest != "") != (tt.secrets != "") {
				t.Fatalf("%v, %s and %s, %q", err, kept.Rest, kept.Secrets, kept.Digest)
			}
			if got, err := Reveal(kept.Rest, kept.Secrets); err != nil || !got.RawEquals(tt.value) {
				t.Errorf("%v, %#v", err, got)
			}
			if kept.Rest == nil {
				return
			}
			if got, err := Reveal(kept.Rest, nil); err != nil || IsKnown(got) != (kept.Secrets == nil) || !FillsIn(got, tt.value) {
				t.Errorf("without the secrets: %v, %#v", err, got)
			}
		})
	}
}

func TestConcealMarksTheSmallestParts(t *testing.T) {
	holds := func(encoding string) bool {
		return strings.Contains(encoding, "hunter2") || strings.Contains(encoding, `"a","b"`)
	}
	for source, want := range map[string]string{
		`{ a = 1, b = ["x hunter2 y", 2] }`:             `{"a":1,"b":[["$Withheld",0],2]}`,
		`{ a = 1, b = { hunter2 = 1, x = "hunter2" } }`: `{"a":1,"b":["$Withheld",0]}`,
		`{ a = ["a", "b"], b = 2 }`:                     `{"a":["$Withheld",0],"b":2}`,
		`{ a = ["$BigInt", "hunter2"], b = secret }`:    `{"a":["$$BigInt",["$Withheld",0]],"b":["$Withheld",0]}`,
		`{ a = 1 }`: `{"a":1}`,
		`"hunter2"`: ``,
	} {
		kept, err := Keep(nil, Conceal(parse(t, source), holds))
		if err != nil || string(kept.Rest) != want {
			t.Errorf("%s: %v, %s", source, err, kept.Rest)
		}
	}
}
