package diff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestUnified(t *testing.T) {
	before := "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm"
	after := "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n"
	want := `--- old
+++ new
@@ -1,5 +1,5 @@
 a
-b
+B
 c
 d
 e
@@ -10,4 +10,4 @@
 j
 k
 l
-m
\ No newline at end of file
+m
`
	if diff := cmp.Diff(want, string(Unified("old", "new", before, after))); diff != "" {
		t.Error(diff)
	}
	if got := Unified("old", "new", before, before); len(got) != 0 {
		t.Errorf("of equal texts: %s", got)
	}
}

// Whatever the texts are, the one is made from the other by what the difference says.
func TestUnifiedMakesTheOneFromTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "\n", "-x\n", "+y\n", "@@ z\n"})
		lines := rapid.SliceOfN(line, 0, 40).Draw(t, "before")
		changed := slices.Clone(lines)
		for range rapid.IntRange(0, 4).Draw(t, "edits") {
			at := rapid.IntRange(0, len(changed)).Draw(t, "at")
			if at < len(changed) && rapid.Bool().Draw(t, "remove") {
				changed = slices.Delete(changed, at, at+1)
			} else {
				changed = slices.Insert(changed, at, line.Draw(t, "line"))
			}
		}
		before, after := strings.Join(lines, ""), strings.Join(changed, "")
		if rapid.Bool().Draw(t, "unended") {
			after = strings.TrimSuffix(after, "\n")
		}
		difference := string(Unified("old", "new", before, after))
		if difference == "" && before == after {
			return
		}
		if got := patched(t, before, difference); got != after {
			t.Fatalf("got %q, want %q from\n%s", got, after, difference)
		}
	})
}

// patched does to a text what a unified difference says, and checks where it says so.
func patched(t *rapid.T, text, difference string) string {
	old := splitLines(text)
	var b strings.Builder
	done := 0
	for _, h := range strings.Split(difference, "\n@@ ")[1:] {
		header, body, _ := strings.Cut(h, "\n")
		var start, count, newStart, newCount int
		if _, err := fmt.Sscanf(header, "-%d,%d +%d,%d @@", &start, &count, &newStart, &newCount); err != nil {
			t.Fatalf("%q: %v", header, err)
		}
		start = max(start-min(count, 1), done)
		b.WriteString(strings.Join(old[done:start], ""))
		done = start + count
		var before, after strings.Builder
		for line := range strings.Lines(strings.ReplaceAll(strings.TrimSuffix(body, "\n")+"\n", "\n\\ No newline at end of file\n", "\x00\n")) {
			line = strings.Replace(line, "\x00\n", "", 1) // the end of a text without a newline
			switch line[0] {
			case ' ':
				before.WriteString(line[1:])
				after.WriteString(line[1:])
			case '-':
				before.WriteString(line[1:])
			case '+':
				after.WriteString(line[1:])
			}
		}
		if got := strings.Join(old[start:done], ""); got != before.String() {
			t.Fatalf("%q: says that the lines are %q, and they are %q", header, before.String(), got)
		}
		b.WriteString(after.String())
	}
	b.WriteString(strings.Join(old[done:], ""))
	return b.String()
}
