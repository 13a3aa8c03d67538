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
	secrets map[string]bool
	// spellings are all of them in every spelling, by how they begin, the longest first: what is looked for in a text is found
	// by what stands there, however many secrets there are.
	spellings map[beginning][]string
	numbers   map[float64]bool // that secrets are, without their signs
	starts    [256]bool        // the bytes with which something may begin that is looked for
}

type beginning [shortest]byte

// Add makes secrets of these strings, in every spelling that they may be printed in.
func (s *Set) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secrets == nil {
		s.secrets, s.spellings, s.numbers = map[string]bool{}, map[beginning][]string{}, map[float64]bool{}
	}
	for _, secret := range secrets {
		if len(secret) < shortest || isCommon(secret) || s.secrets[secret] {
			continue
		}
		s.secrets[secret] = true
		for _, spelling := range spellings(secret) {
			s.addSpelling(spelling)
		}
		if n, ok := numberIn(secret); ok {
			s.numbers[n] = true
			s.start("0123456789.-")
		}
	}
}

func (s *Set) addSpelling(spelling string) {
	if len(spelling) < shortest {
		return
	}
	s.start(mask[:1] + spelling[:1])
	begins := beginning([]byte(spelling))
	alike := s.spellings[begins]
	if i, known := slices.BinarySearchFunc(alike, spelling, longestFirst); !known {
		s.spellings[begins] = slices.Insert(alike, i, spelling)
	}
}

func (s *Set) start(with string) {
	for i := range len(with) {
		s.starts[with[i]] = true
	}
}

func longestFirst(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }

// Redact returns text without the secrets. Of several that fit, the longest is taken.
func (s *Set) Redact(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	passed := 0
	for i := 0; i+shortest <= len(text) && len(s.secrets) > 0; {
		if !s.starts[text[i]] {
			i++
			continue
		}
		if strings.HasPrefix(text[i:], mask) { // also where that word is a secret
			i += len(mask)
			continue
		}
		length := max(s.lengthAt(text[i:]), s.numberAt(text, i))
		if length == 0 {
			i++
			continue
		}
		b.WriteString(text[passed:i] + mask)
		i += length
		passed = i
	}
	if passed == 0 {
		return text
	}
	return b.String() + text[passed:]
}

// lengthAt is that of the longest secret with which a text begins, which has at least as many bytes as the shortest one.
func (s *Set) lengthAt(text string) int {
	for _, spelling := range s.spellings[beginning([]byte(text[:shortest]))] {
		if strings.HasPrefix(text, spelling) {
			return len(spelling)
		}
	}
	return 0
}

// Holds reports whether there is a secret in a text.
func (s *Set) Holds(text string) bool { return s.Redact(text) != text }
