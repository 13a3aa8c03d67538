// Package redact keeps secrets out of everything that Riveter prints.
//
// A [Set] collects the secrets of a run: tokens, and the values that the configuration marks sensitive. A [Writer] in
// front of every output replaces them, so that a secret is hidden also where a server sends it back in an error.
package redact

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// shortest is the length in bytes below which a secret is left alone: hiding every "a" of an output helps nobody.
const shortest = 4

// isCommon tells the words that every output has, and that nobody could use as a secret.
func isCommon(word string) bool { return word == "true" || word == "false" || word == "null" }

// mask stands in the place of a secret.
const mask = "(sensitive)"

// Set is a growing set of secrets. It is safe for concurrent use. The zero value is empty.
type Set struct {
	mu      sync.Mutex
	secrets words
	hidden  words                // besides, where something is printed
	public  map[string]bool      // texts that are no secrets, whatever they are made of
	shown   spellingsByBeginning // of these
	starts  [256]bool            // the bytes with which something may begin that is looked for
}

// words are looked for in every spelling.
type words struct {
	known     map[string]bool
	spellings spellingsByBeginning
	numbers   map[float64]bool // that some of them are, without their signs
}

// spellingsByBeginning has texts by how they begin, the longest first: what is looked for in a text is found by what stands there, however
// much that is.
type spellingsByBeginning map[beginning][]string

type beginning [shortest]byte

// Add makes secrets of these strings, in every spelling that they may be printed in.
func (s *Set) Add(secrets ...string) { s.add(&s.secrets, secrets) }

// Hide hides these strings in the same way where they are printed, but makes no secrets of them: nothing [Set.Holds] them.
func (s *Set) Hide(texts ...string) { s.add(&s.hidden, texts) }

func (s *Set) add(to *words, all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to.known == nil {
		*to = words{map[string]bool{}, spellingsByBeginning{}, map[float64]bool{}}
	}
	for _, text := range all {
		if len(text) < shortest || isCommon(text) || to.known[text] {
			continue
		}
		to.known[text] = true
		s.addSpellings(to.spellings, text)
		if n, ok := numberIn(text); ok {
			to.numbers[n] = true
			s.start("0123456789.-")
		}
	}
}

// Len returns how many secrets there are.
func (s *Set) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.secrets.known)
}

// Publish says of texts that they are no secrets, also where they were or become some: whoever wrote the configuration said so.
func (s *Set) Publish(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.public == nil {
		s.public, s.shown = map[string]bool{}, spellingsByBeginning{}
	}
	for _, text := range texts {
		if len(text) >= shortest && !s.public[text] {
			s.public[text] = true
			s.addSpellings(s.shown, text)
		}
	}
}

func (s *Set) addSpellings(to spellingsByBeginning, text string) {
	for _, spelling := range spellings(text) {
		if len(spelling) >= shortest && !isCommon(spelling) {
			s.start(mask[:1] + spelling[:1])
			to.add(spelling)
		}
	}
}

func (b spellingsByBeginning) add(spelling string) {
	begins := beginning([]byte(spelling))
	alike := b[begins]
	if i, known := slices.BinarySearchFunc(alike, spelling, longestFirst); !known {
		b[begins] = slices.Insert(alike, i, spelling)
	}
}

func (s *Set) start(with string) {
	for i := range len(with) {
		s.starts[with[i]] = true
	}
}

func longestFirst(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }

// Redact returns text without the secrets, and without what is hidden besides. All that any of them covers is hidden, also where they
// overlap. What is public is left as it is, unless one of them reaches into it. Where a text was cut, the beginning of one is hidden, too.
func (s *Set) Redact(text string) string { return s.without(text, true, &s.secrets, &s.hidden) }

// Hides reports whether something of a text is not to be printed.
func (s *Set) Hides(text string) bool { return s.Redact(text) != text }

// Holds reports whether there is a secret in a text, as a whole.
func (s *Set) Holds(text string) bool { return s.without(text, false, &s.secrets) != text }

func (s *Set) without(text string, cut bool, hidden ...*words) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	passed := 0
	for _, secret := range s.find(text, cut, hidden) {
		b.WriteString(text[passed:secret.start] + mask)
		passed = secret.end
	}
	if passed == 0 {
		return text
	}
	return b.String() + text[passed:]
}
