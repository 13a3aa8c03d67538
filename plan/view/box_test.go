package view

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestALongLineIsShownAroundThePlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ before, subject, after, want string }{
		{"abc", "de", "fg", "abc|de|fg"},
		{"0123456789", "de", "fg", "…56789|de|fg"},
		{"ab", "de", "0123456789", "ab|de|01234…"},
		{"0123456789", "de", "0123456789", "…789|de|012…"},
		{"0123456789", "ABCDEFGHIJK", "0123456789", "…9|ABCDE…|0…"},
	} {
		got := codeLine{tt.before, tt.subject, tt.after}.around(10, true)
		if text := got.before + "|" + got.subject + "|" + got.after; text != tt.want {
			t.Errorf("%v: %s, not %s", tt, text, tt.want)
		}
	}
	if got := (codeLine{before: "0123456789ab"}).around(10, false); got.before != "012345678…" {
		t.Errorf("a line beside the place: %v", got)
	}
}

func TestASecretThatIsInTwoPartsOfALineIsHidden(t *testing.T) {
	t.Parallel()
	redact := func(text string) string { return strings.ReplaceAll(text, "secret", "(sensitive)") }
	for l, want := range map[codeLine]codeLine{
		{"a ", "secret", " b"}:      {"a ", "(sensitive)", " b"},
		{"a sec", "ret secret", ""}: {before: "a (sensitive) (sensitive)"},
		{"a ", "b", " c"}:           {"a ", "b", " c"},
	} {
		if got := l.hidden(redact); got != want {
			t.Errorf("%q: %q", l, got)
		}
	}
}

func TestALineOfCodeFits(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[a-z世 ]{0,30}`)
	rapid.Check(t, func(t *rapid.T) {
		l := codeLine{text.Draw(t, "before"), text.Draw(t, "subject"), text.Draw(t, "after")}
		columns := rapid.IntRange(6, 60).Draw(t, "columns")
		got := l.around(columns, rapid.Bool().Draw(t, "has subject"))
		if !got.fits(columns) {
			t.Fatalf("%q in %d columns: %q", l, columns, got)
		}
		if l.fits(columns) && got != l {
			t.Fatalf("%q is cut to %q", l, got)
		}
	})
}

func TestAMegabyteIsNotDrawn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	d := &Diagnostic{
		Summary: "Wrong", Range: &Range{Filename: "a", Start: Pos{Line: 1}},
		Snippet: &Snippet{Code: long + "nosuch" + long, StartLine: 1, HighlightStartOffset: len(long), HighlightEndOffset: len(long) + 6},
	}
	for _, o := range []Options{{}, {Width: 80, Wrap: true}, {Color: true}} {
		var b strings.Builder
		if err := DrawDiagnostic(&b, d, o); err != nil || b.Len() > 2000 || !strings.Contains(b.String(), "nosuch") {
			t.Errorf("%v, %d bytes", err, b.Len())
		}
	}
}
