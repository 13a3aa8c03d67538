package hcl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// article puts the right article before a noun.
func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// withArticle names a type in a sentence: a string, an object, a list of number.
func withArticle(t cty.Type) string {
	switch {
	case t.IsObjectType():
		return "an object"
	case t.IsTupleType():
		return "a list"
	case t == cty.Bool:
		return "true or false"
	default:
		return article(t.FriendlyName())
	}
}

// describe words an error about a value, with the place in the value that it is about.
func describe(err error) string {
	if at, ok := errors.AsType[cty.PathError](err); ok && len(at.Path) > 0 {
		return fmt.Sprintf("at %s: %s", strings.TrimPrefix(spellPath(at.Path), "."), err)
	}
	return err.Error()
}

// quoteAll writes names in quotes, as the labels of a block are.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, " ")
}
