package value

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Source marks what is made of the result of a step that nobody keeps, known or not. Where nobody knows it any more, it is still
// what it was, as long as it is made in the same way.
type Source struct {
	Step   string // address
	Recipe string // what the value is made of, and how
	// Origin is which result it is, however the value is made of it; empty where that is not remembered of those that look at it.
	Origin string
	// Mixed says that something else of the value is not known yet, so that nobody can tell how it is made, nor ever what it is.
	Mixed bool
	// Another says that it is not what it was, however it is made.
	Another bool
	// Doubted says that the step was begun again since it gave something that was no secret, so that others do not say that they are made
	// of that.
	Doubted bool
}

// Unkept returns the result of a step that is done and whose result nobody kept.
func Unkept(step string) cty.Value { return cty.DynamicVal.Mark(Source{Step: step}) }

// Sources returns which results that nobody keeps a value is made of, sorted.
func Sources(v cty.Value) []Source {
	if v == cty.NilVal || !isMarked(v) {
		return nil
	}
	_, marks := v.UnmarkDeep()
	var all []Source
	for mark := range marks {
		if source, ok := mark.(Source); ok {
			all = append(all, source)
		}
	}
	slices.SortFunc(all, func(a, b Source) int { return cmp.Or(cmp.Compare(a.Recipe, b.Recipe), cmp.Compare(a.Step, b.Step)) })
	return all
}

// UnkeptIn returns the steps whose results a value is made of and nobody kept, sorted.
func UnkeptIn(v cty.Value) []string {
	steps := map[string]bool{}
	for _, source := range Sources(v) {
		steps[source.Step] = true
	}
	return slices.Sorted(maps.Keys(steps))
}

// OriginsIn returns which results values are made of, sorted.
func OriginsIn(values ...cty.Value) []string {
	origins := map[string]bool{}
	for _, v := range values {
		for _, source := range Sources(v) {
			origins[source.Origin] = true
		}
	}
	delete(origins, "")
	return slices.Sorted(maps.Keys(origins))
}

// LostIn returns the steps without whose results, which nobody kept, a value is not known. With alone, it returns none where
// something else of the value is not known either.
func LostIn(v cty.Value, alone bool) []string {
	if IsKnown(v) || alone && !IsLasting(v) {
		return nil
	}
	return UnkeptIn(withoutKnown(v))
}

// IsLost reports whether something of a value is not known, and never will be, as nobody kept a result that it is made of.
func IsLost(v cty.Value) bool { return len(LostIn(v, false)) > 0 }

// withoutKnown returns a value without the sources of those parts of it that are known, as those of results are that were sealed.
func withoutKnown(v cty.Value) cty.Value {
	if len(Sources(v)) == 0 {
		return v
	}
	without, err := cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) { return WithoutSources(part), nil })
	if err != nil {
		return v
	}
	return without
}

// IsUnkept reports whether something of a value is not known, and all of that only because nobody kept a result.
func IsUnkept(v cty.Value) bool { return !IsKnown(v) && IsLasting(v) }

// IsDoubted reports whether a value is made of nothing but results that others may be made of without saying so.
func IsDoubted(v cty.Value) bool {
	return !slices.ContainsFunc(Sources(v), func(s Source) bool { return !s.Doubted || s.Another })
}

// IsLasting reports whether a value is what it was: whether all that is unknown of it is made of results that nobody kept.
func IsLasting(v cty.Value) bool {
	if IsKnown(v) {
		return true
	}
	v, marks := v.Unmark()
	if hasRecipe(marks) {
		return true
	}
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, element := it.Element(); !IsLasting(element) {
			return false
		}
	}
	return true
}

func hasRecipe(marks cty.ValueMarks) bool {
	for mark := range marks {
		if source, ok := mark.(Source); ok && !source.Mixed {
			return true
		}
	}
	return false
}

// WithoutSources returns a value that is known without its sources, which matter for what may be lost.
func WithoutSources(v cty.Value) cty.Value {
	if IsPlain(v) || !IsKnown(v) { // plain, as most are
		return v
	}
	return WithSources(v, nil, false)
}

// WithSources returns v with these sources in the place of its own. With everywhere, all that is not known has them.
func WithSources(v cty.Value, sources []Source, everywhere bool) cty.Value {
	marked, err := cty.Transform(v, func(_ cty.Path, part cty.Value) (cty.Value, error) {
		part, marks := part.Unmark()
		before := len(marks)
		maps.DeleteFunc(marks, func(mark any, _ struct{}) bool { _, ok := mark.(Source); return ok })
		had := len(marks) < before
		part = part.WithMarks(marks)
		if had || everywhere && !part.IsKnown() {
			for _, source := range sources {
				part = part.Mark(source)
			}
		}
		return part, nil
	})
	if err != nil {
		return v
	}
	return marked
}

// IsSource reports whether a value itself is made of results that nobody keeps, and not only parts of it.
func IsSource(v cty.Value) bool {
	_, marks := v.Unmark()
	for mark := range marks {
		if _, ok := mark.(Source); ok {
			return true
		}
	}
	return false
}

// At returns a value that was selected by names of one that is made of results, which its sources say.
func At(v cty.Value, names []string) cty.Value {
	v, marks := v.Unmark()
	for mark := range marks {
		if source, ok := mark.(Source); ok && source.Recipe != "" {
			for _, name := range names {
				source.Recipe += fmt.Sprintf(".%q", name)
			}
			mark = source
		}
		v = v.Mark(mark)
	}
	return v
}

// Placed returns a value whose sources are those of the whole, with those of each part saying that they are of that.
func Placed(v cty.Value) cty.Value {
	if len(Sources(v)) == 0 {
		return v
	}
	placed, err := cty.Transform(v, func(path cty.Path, part cty.Value) (cty.Value, error) { return At(part, namesOf(path)), nil })
	if err != nil {
		return v
	}
	return placed
}

// namesOf are the steps of a path as they are written.
func namesOf(path cty.Path) []string {
	names := make([]string, len(path))
	for i, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			names[i] = step.Name
		case cty.IndexStep:
			switch key, _ := step.Key.Unmark(); {
			case !key.IsKnown() || key.IsNull(): // as elements of a set may be, which have no other name
			case key.Type() == cty.String:
				names[i] = key.AsString()
			case key.Type() == cty.Number:
				names[i] = "[" + NumberText(key.AsBigFloat()) + "]"
			}
		}
	}
	return names
}

// RecipeOf digests how parts are made of which some are made of results that nobody keeps. It is empty where none is.
func RecipeOf(key []byte, parts ...cty.Value) (string, error) {
	made := make([]cty.Value, len(parts))
	unkept := false
	for i, part := range parts {
		unkept = unkept || len(Sources(part)) > 0
		made[i] = Made(part)
	}
	if !unkept {
		return "", nil
	}
	return Digest(key, made...)
}

// Made stands for a value that is made of results which nobody keeps: how each part that is so is made, in its place. It is v itself where none
// is.
func Made(v cty.Value) cty.Value {
	if len(Sources(v)) == 0 {
		return v
	}
	return replace(v, func(part cty.Value) (cty.Value, bool) {
		switch {
		case IsSource(part):
			var recipes []cty.Value
			for _, source := range Sources(part) {
				recipes = append(recipes, cty.StringVal(source.Recipe))
			}
			return cty.TupleVal(recipes), true
		case !part.IsKnown():
			return cty.EmptyTupleVal, true
		default:
			return part, false
		}
	})
}
