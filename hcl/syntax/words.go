package syntax

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
	"riveter/plan/value"
)

// Article puts the right article before a noun.
func Article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// WithArticle names a type in a sentence: a string, an object, a list of number.
func WithArticle(t cty.Type) string {
	switch {
	case t.IsObjectType():
		return "an object"
	case t.IsTupleType():
		return "a list"
	case t == cty.Bool:
		return "true or false"
	default:
		return Article(t.FriendlyName())
	}
}

// DescribeError words an error about a value, with the place in the value that it is about.
func DescribeError(err error) string {
	if at, ok := errors.AsType[cty.PathError](err); ok && len(at.Path) > 0 {
		return fmt.Sprintf("at %s: %s", strings.TrimPrefix(SpellPath(at.Path), "."), err)
	}
	return err.Error()
}

// Hidden says why a value cannot be used where it would be shown, and what to do. It is nothing for one that may be.
func Hidden(v cty.Value, shown string) string {
	v = value.WithoutSources(v)
	switch {
	case value.IsPlain(v):
		return ""
	case value.HasEphemeral(v):
		return fmt.Sprintf("The value is made of an ephemeral variable, but %s. Use a variable that is not ephemeral.", shown)
	case value.IsLost(v) && !value.WithSources(v, nil, false).ContainsMarked():
		return fmt.Sprintf("The value is made of the result of a step that was not kept. Make the step again with -rerun=%s: its result is kept where something refers to it, a sensitive one by a seal block.", value.UnkeptIn(v)[0])
	case v.ContainsMarked():
		return fmt.Sprintf("The value is sensitive, but %s. If it is no secret, say so with nonsensitive().", shown)
	default:
		return ""
	}
}

// QuoteAll writes names in quotes, as the labels of a block are.
func QuoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, " ")
}

// Place spells where something is declared.
func Place(r hcl2.Range) string { return fmt.Sprintf("%s:%d", r.Filename, r.Start.Line) }

// SpellPath writes where in a value something is, such as .rooms["a"][0].
func SpellPath(path cty.Path) string {
	var text strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			text.WriteString("." + step.Name)
		case cty.IndexStep:
			text.WriteString(spellIndex(step.Key))
		}
	}
	return text.String()
}

func spellIndex(key cty.Value) string {
	switch key.Type() {
	case cty.Number:
		return "[" + value.NumberText(key.AsBigFloat()) + "]"
	case cty.String:
		return address.StringKey(key.AsString()).String()
	default:
		return "[...]" // an element of a set
	}
}

// SortedKeys returns the keys of a map, sorted.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
