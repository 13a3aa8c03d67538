package view

import (
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// edit is a run of tokens that two sequences share, or that only the one or the other has.
type edit struct {
	op    diffmatchpatch.Operation
	count int
}

// align returns the shortest way from one sequence to the other, removals before additions. Sequences that are long and
// have little in common count as replaced in whole, which keeps the time within bounds.
func align(before, after []string) []edit {
	const limit = 4_000_000
	prefix := commonPrefix(before, after)
	b, a := before[prefix:], after[prefix:]
	suffix := commonSuffix(b, a)
	b, a = b[:len(b)-suffix], a[:len(a)-suffix]

	edits := appendEdit(nil, diffmatchpatch.DiffEqual, prefix)
	if len(b)*len(a) > limit {
		edits = appendEdit(edits, diffmatchpatch.DiffDelete, len(b))
		edits = appendEdit(edits, diffmatchpatch.DiffInsert, len(a))
	} else {
		codes := map[string]rune{}
		differ := diffmatchpatch.DiffMatchPatch{} // no DiffTimeout: the result must not depend on the machine
		for _, d := range differ.DiffMainRunes(encodeTokens(codes, b), encodeTokens(codes, a), false) {
			edits = appendEdit(edits, d.Type, utf8.RuneCountInString(d.Text))
		}
	}
	return appendEdit(edits, diffmatchpatch.DiffEqual, suffix)
}

func appendEdit(edits []edit, op diffmatchpatch.Operation, count int) []edit {
	if count == 0 {
		return edits
	}
	return append(edits, edit{op, count})
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
