// Package diff finds how two sequences differ, such as the lines or the words of two texts, and writes that in the unified format. It knows
// nothing of plans.
package diff

import (
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Edit is a run of tokens that two sequences share, or that only the one or the other has.
type Edit struct {
	Op    Op
	Count int // at least one
}

// Op says which of two sequences have the tokens of an [Edit].
type Op int

// The ops.
const (
	Removed = Op(diffmatchpatch.DiffDelete) // the first only
	Shared  = Op(diffmatchpatch.DiffEqual)
	Added   = Op(diffmatchpatch.DiffInsert) // the second only
)

// Align returns the shortest way from one sequence to the other, removals before additions. Sequences that are long and
// have little in common count as replaced in whole, which keeps the time within bounds. The same sequences always have the same way.
func Align(before, after []string) []Edit {
	const limit = 4_000_000
	prefix := commonPrefix(before, after)
	b, a := before[prefix:], after[prefix:]
	suffix := commonSuffix(b, a)
	b, a = b[:len(b)-suffix], a[:len(a)-suffix]

	edits := appendEdit(nil, Shared, prefix)
	if len(b)*len(a) > limit {
		edits = appendEdit(edits, Removed, len(b))
		edits = appendEdit(edits, Added, len(a))
	} else {
		codes := map[string]rune{}
		differ := diffmatchpatch.DiffMatchPatch{} // no DiffTimeout: the result must not depend on the machine
		for _, d := range differ.DiffMainRunes(encodeTokens(codes, b), encodeTokens(codes, a), false) {
			edits = appendEdit(edits, Op(d.Type), utf8.RuneCountInString(d.Text))
		}
	}
	return appendEdit(edits, Shared, suffix)
}

func appendEdit(edits []Edit, op Op, count int) []Edit {
	if count == 0 {
		return edits
	}
	return append(edits, Edit{op, count})
}

// encodeTokens gives every token a rune of its own, since the library compares runes.
func encodeTokens(codes map[string]rune, tokens []string) []rune {
	const surrogates, afterSurrogates = 0xd800, 0xe000
	runes := make([]rune, len(tokens))
	for i, token := range tokens {
		code, ok := codes[token]
		if !ok {
			code = rune(len(codes) + 1)
			if code >= surrogates {
				code += afterSurrogates - surrogates
			}
			codes[token] = code
		}
		runes[i] = code
	}
	return runes
}

func commonPrefix(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b []string) int {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
