package diff

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The edits lead from the one sequence to the other, whatever the tokens are.
func TestAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", "", "\n", "\ud7ff"}))
		before, after := tokens.Draw(t, "before"), tokens.Draw(t, "after")
		edits := Align(before, after)
		var got []string
		b, a := before, after
		for _, e := range edits {
			switch e.Op {
			case Shared:
				if !slices.Equal(b[:e.Count], a[:e.Count]) {
					t.Fatalf("%q and %q are not equal", b[:e.Count], a[:e.Count])
				}
				got = append(got, b[:e.Count]...)
				b, a = b[e.Count:], a[e.Count:]
			case Removed:
				b = b[e.Count:]
			case Added:
				got = append(got, a[:e.Count]...)
				a = a[e.Count:]
			}
		}
		if len(b) > 0 || len(a) > 0 || !slices.Equal(got, after) {
			t.Fatalf("%v leads to %q and leaves %q and %q", edits, got, b, a)
		}
	})
}

// The library knows tokens by runes, which go on behind the surrogates.
func TestAlignTellsManyTokensApart(t *testing.T) {
	const n = 0xe100
	before := make([]string, n)
	for i := range before {
		before[i] = fmt.Sprint(i)
	}
	want := []Edit{{Removed, n - 1}, {Added, 1}, {Shared, 1}}
	if difference := cmp.Diff(want, Align(before, []string{"new", before[n-1]})); difference != "" {
		t.Error(difference)
	}
	want = []Edit{{Removed, n - 2}, {Shared, 1}, {Removed, 1}, {Added, 1}}
	if difference := cmp.Diff(want, Align(before, []string{before[n-2], "new"})); difference != "" {
		t.Error(difference)
	}
}

func TestAlignGivesUpOnLongSequencesThatDiffer(t *testing.T) {
	const n = 5_000
	before, after := make([]string, n), make([]string, n)
	for i := range n {
		before[i], after[i] = fmt.Sprint("b", i), fmt.Sprint("a", i)
	}
	before[0], after[0] = "same", "same"
	want := []Edit{{Shared, 1}, {Removed, n - 1}, {Added, n - 1}}
	if difference := cmp.Diff(want, Align(before, after)); difference != "" {
		t.Error(difference)
	}
}
