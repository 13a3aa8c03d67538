package value

import (
	"maps"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// genImperfect draws a value of which some parts are marked or not known.
func genImperfect() *rapid.Generator[cty.Value] {
	return rapid.Custom(func(t *rapid.T) cty.Value {
		v, err := cty.Transform(genValue(3).Draw(t, "value"), func(_ cty.Path, part cty.Value) (cty.Value, error) {
			marks := cty.NewValueMarks(Sensitive, Ephemeral, Source{Step: "actor.a.b.action.c"})
			switch mark := rapid.SampledFrom([]any{Sensitive, Ephemeral, Source{Step: "x"}}).Draw(t, "mark"); rapid.IntRange(0, 19).Draw(t, "fate") {
			case 0:
				return cty.UnknownVal(part.Type()), nil
			case 1:
				return cty.UnknownValWithNestedMarks(part.Type(), maps.Keys(marks)), nil
			case 2:
				return part.Mark(mark), nil
			default:
				return part, nil
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return v
	})
}

func TestPartsAreThoseThatCtyFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := genImperfect().Draw(t, "value")
		tests := map[string][2]bool{
			"known":     {IsKnown(v), v.IsWhollyKnown()},
			"marked":    {isMarked(v), v.ContainsMarked()},
			"sensitive": {HasSensitive(v), v.HasMarkDeep(Sensitive)},
			"ephemeral": {HasEphemeral(v), v.HasMarkDeep(Ephemeral)},
			"plain":     {IsPlain(v), v.IsWhollyKnown() && !v.ContainsMarked()},
		}
		for what, answers := range tests {
			if answers[0] != answers[1] {
				t.Errorf("%s: %t, cty says %t: %#v", what, answers[0], answers[1], v)
			}
		}
	})
}
