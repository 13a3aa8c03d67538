package view

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTextIsAsWideAsItsCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "abc": 3, "世界": 4, "e\u0301": 1, "👩‍🚀": 2, "…": 1} {
		if got := Width(text); got != want {
			t.Errorf("%q takes %d columns, not %d", text, got, want)
		}
	}
}

func TestCutLeavesNoHalfCharacter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"世界人", 5, "世界…"}, {"世界", 3, "世…"}, {"a世", 2, "a…"}, {"ae\u0301bc", 3, "ae\u0301…"}, {"abc", 1, "…"},
	} {
		if got := Cut(c.text, c.columns); got != c.want {
			t.Errorf("%q in %d columns is %q, not %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestLinesBreakAtWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"one two three", []string{"one two", "three"}},
		{"one -auto-approve two", []string{"one", "-auto-approve", "two"}},
		{"世界 世界 a", []string{"世界", "世界 a"}},
		{"seven77 a", []string{"seven77", "a"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, 7)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", c.text, diff)
		}
	}
}

func TestWrappingLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-z世]{1,12}`)).Draw(t, "words")
		columns := rapid.IntRange(1, 20).Draw(t, "columns")
		lines := wrap(strings.Join(words, " "), columns)
		if got := strings.Join(lines, " "); got != strings.Join(words, " ") {
			t.Fatalf("%q", lines)
		}
		for _, line := range lines {
			if Width(line) > columns && strings.Contains(line, " ") {
				t.Fatalf("%q takes more than %d columns", line, columns)
			}
		}
	})
}
