package syntax

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// Suggestions counts for how many wrong names of one place a right one was sought. Who has many has left something out, and is not helped by
// a search for each of them among all.
type Suggestions int

// More reports whether to seek one for another name.
func (s *Suggestions) More() bool {
	const most = 100
	*s++
	return *s <= most
}

// DidYouMean returns a sentence, with a space before it, that proposes the known name nearest to what was written, or
// nothing when none is near.
func DidYouMean(written string, known []string) string {
	if name := Nearest(written, known); name != "" {
		return fmt.Sprintf(" Did you mean %q?", name)
	}
	return ""
}

// Nearest returns the known name with the smallest edit distance, if it is small for the length of the word, or else the only one
// that begins with it. The case of letters, dashes and underscores do not count as differences.
func Nearest(written string, known []string) string {
	best, least := "", 1+max(1, min(3, len(written)/3))
	for _, name := range slices.Sorted(slices.Values(known)) {
		if d := distance(written, name); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return beginsWith(written, known)
	}
	return best
}

// beginsWith returns the only known name that begins with what was written, or nothing.
func beginsWith(written string, known []string) string {
	const least = 3 // letters, as fewer say nothing
	longer := slices.DeleteFunc(slices.Clone(known), func(name string) bool { return !strings.HasPrefix(fold(name), fold(written)) })
	if len(written) < least || len(longer) != 1 {
		return ""
	}
	return longer[0]
}

func distance(a, b string) int {
	if difference := len(a) - len(b); max(difference, -difference) > 3 {
		return max(difference, -difference)
	}
	a, b = fold(a), fold(b)
	if a != b && sortedLetters(a) == sortedLetters(b) {
		return 1 // letters that changed their places are one mistake
	}
	return levenshtein.Distance(a, b, nil)
}

func sortedLetters(s string) string {
	letters := []rune(s)
	slices.Sort(letters)
	return string(letters)
}

var separators = strings.NewReplacer("_", "", "-", "")

func fold(s string) string { return separators.Replace(strings.ToLower(s)) }

// ListSome spells the first few of the items for a message and says how many more there are of the total.
func ListSome[T any](items []T, total int, spell func(T) string) string {
	const shown = 5
	var b strings.Builder
	for i, item := range items[:min(shown, len(items))] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(spell(item))
	}
	if more := total - shown; more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	return b.String()
}

// SuggestMember is didYouMean that lists what there is, where nothing is near.
func SuggestMember(name string, known []string) string {
	if suggestion := DidYouMean(name, known); suggestion != "" || len(known) == 0 {
		return suggestion
	}
	return " It has " + ListSome(known, len(known), func(name string) string { return name }) + "."
}
