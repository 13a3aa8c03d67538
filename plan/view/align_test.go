package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sergi/go-diff/diffmatchpatch"
	"pgregory.net/rapid"
)

// The edits lead from the one sequence to the other, whatever the tokens are.
func TestAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", "", "\n", "\ud7ff"}))
		before, after := tokens.Draw(t, "before"), tokens.Draw(t, "after")
		edits := align(before, after)
		var got []string
		b, a := before, after
		for _, e := range edits {
			switch e.op {
			case diffmatchpatch.DiffEqual:
				if !slices.Equal(b[:e.count], a[:e.count]) {
					t.Fatalf("%q and %q are not equal", b[:e.count], a[:e.count])
				}
				got = append(got, b[:e.count]...)
				b, a = b[e.count:], a[e.count:]
			case diffmatchpatch.DiffDelete:
				b = b[e.count:]
			case diffmatchpatch.DiffInsert:
				got = append(got, a[:e.count]...)
				a = a[e.count:]
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
	want := []edit{{diffmatchpatch.DiffDelete, n - 1}, {diffmatchpatch.DiffInsert, 1}, {diffmatchpatch.DiffEqual, 1}}
	if diff := cmp.Diff(want, align(before, []string{"new", before[n-1]}), cmp.AllowUnexported(edit{})); diff != "" {
		t.Error(diff)
	}
	want = []edit{{diffmatchpatch.DiffDelete, n - 2}, {diffmatchpatch.DiffEqual, 1}, {diffmatchpatch.DiffDelete, 1}, {diffmatchpatch.DiffInsert, 1}}
	if diff := cmp.Diff(want, align(before, []string{before[n-2], "new"}), cmp.AllowUnexported(edit{})); diff != "" {
		t.Error(diff)
	}
}

func TestAlignGivesUpOnLongSequencesThatDiffer(t *testing.T) {
	const n = 5_000
	before, after := make([]string, n), make([]string, n)
	for i := range n {
		before[i], after[i] = fmt.Sprint("b", i), fmt.Sprint("a", i)
	}
	before[0], after[0] = "same", "same"
	want := []edit{{diffmatchpatch.DiffEqual, 1}, {diffmatchpatch.DiffDelete, n - 1}, {diffmatchpatch.DiffInsert, n - 1}}
	if diff := cmp.Diff(want, align(before, after), cmp.AllowUnexported(edit{})); diff != "" {
		t.Error(diff)
	}
}

func TestWordsJoinToTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if got := strings.Join(words(text), ""); got != text {
			t.Fatalf("got %q, want %q", got, text)
		}
	})
	want := []string{"don", "'", "t", " ", "do_it", ",", " ", "ünïcode", " ", " ", "5"}
	if diff := cmp.Diff(want, words("don't do_it, ünïcode  5")); diff != "" {
		t.Error(diff)
	}
}
