package view

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

func TestTheEndOfAnAddressIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "…cd"}, {"世界人", 5, "…界人"}, {"世界", 3, "…界"}, {"ae\u0301bc", 3, "…bc"}, {"abc", 1, "…"}, {"abc", 0, ""}, {"abc", -7, ""},
	} {
		if got := CutStart(c.text, c.columns); got != c.want {
			t.Errorf("%q in %d columns is %q, not %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestContinuationLinesStandUnderTheText(t *testing.T) {
	t.Parallel()
	text := "one two three\n  key  four five\n      six seven"
	want := "one two\nthree\n  key \n    four\n    five\n      six\n        seven"
	if diff := cmp.Diff(want, Wrap(text, Options{Width: 9, Wrap: true})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Wrap(text, Options{Width: 9}); got != text {
		t.Errorf("without a terminal: %q", got)
	}
}

func TestStylesTakeNoColumns(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	c := newCanvas(&b, Options{Width: 9, Wrap: true, Color: true})
	c.sentence(c.paint(bold, "Plan: 12"), c.paint(red, " failed"))
	if err := c.flush(); err != nil || strings.Count(b.String(), "\n") != 2 {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestNoPartOfASecretIsOnALineOfItsOwn(t *testing.T) {
	t.Parallel()
	const secret = "correct horse battery staple"
	o := Options{Width: 20, Wrap: true, Redact: func(line string) string { return strings.ReplaceAll(line, secret, "(sensitive)") }}
	var b strings.Builder
	if err := DrawDiagnostic(&b, &Diagnostic{Summary: "Refused", Detail: "The actor said " + secret + "."}, o); err != nil {
		t.Fatal(err)
	}
	if text := b.String() + Wrap("said "+secret, o); strings.Contains(text, "horse") || strings.Count(text, "(sensitive)") != 2 {
		t.Error(text)
	}
}

// A line of a heredoc that is broken would be two lines of the text.
func TestWrappingChangesNoValue(t *testing.T) {
	t.Parallel()
	text := genText()
	rapid.Check(t, func(t *rapid.T) {
		v := cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal(text.Draw(t, "text")), "b": cty.TupleVal([]cty.Value{cty.StringVal(text.Draw(t, "element"))})})
		o := Options{Width: rapid.IntRange(10, 60).Draw(t, "width"), Verbose: true}
		whole := drawnValue(t, v, o)
		o.Wrap = true
		wrapped := drawnValue(t, v, o)
		if diff := cmp.Diff(strings.Fields(whole), strings.Fields(wrapped)); diff != "" {
			t.Fatalf("(-whole +wrapped)\n%s", diff)
		}
		verbatim := false
		for line := range strings.SplitSeq(wrapped, "\n") {
			if Width(line) > o.Width && strings.Contains(strings.TrimSpace(line), " ") && !verbatim && !strings.Contains(line, " = ") {
				t.Fatalf("%q takes more than %d columns", line, o.Width)
			}
			verbatim = strings.HasSuffix(line, "<<-EOT") || verbatim && strings.TrimRight(strings.TrimSpace(line), ",") != "EOT"
		}
		if strings.Count(whole, "EOT") > 0 && heredocs(whole) != heredocs(wrapped) {
			t.Fatalf("the text of a heredoc is another\n%s\n%s", whole, wrapped)
		}
	})
}

func genText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z世]{1,9}`), 1, 30).Draw(t, "words")
		return strings.Join(words, rapid.SampledFrom([]string{" ", " ", "\n", " x\n"}).Draw(t, "between"))
	})
}

func drawnValue(t *rapid.T, v cty.Value, o Options) string {
	var b strings.Builder
	if err := DrawValue(&b, v, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// heredocs returns the lines between the marks.
func heredocs(text string) string {
	var b strings.Builder
	for _, part := range strings.Split(text, "<<-EOT")[1:] {
		body, _, _ := strings.Cut(part, "EOT")
		b.WriteString(body)
	}
	return b.String()
}
