// Package redact keeps secrets out of everything that Riveter prints.
//
// A [Set] collects the secrets of a run: tokens, and the values that the configuration marks sensitive. A [Writer] in
// front of every output replaces them, so that a secret is hidden also where a server sends it back in an error.
package redact

import (
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// shortest is the length in bytes below which a secret is left alone: hiding every "a" of an output helps nobody.
const shortest = 4

// mask stands in the place of a secret.
const mask = "(sensitive)"

// Set is a growing set of secrets. It is safe for concurrent use. The zero value is empty.
type Set struct {
	mu       sync.RWMutex
	secrets  []string // in every spelling, longest first
	replacer *strings.Replacer
}

// Add makes secrets of these strings, as they are and as JSON and URLs spell them.
func (s *Set) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if len(secret) < shortest {
			continue
		}
		for _, spelling := range []string{secret, inJSON(secret), url.QueryEscape(secret), url.PathEscape(secret)} {
			if !slices.Contains(s.secrets, spelling) {
				s.secrets = append(s.secrets, spelling)
			}
		}
	}
	slices.SortStableFunc(s.secrets, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(s.secrets))
	for _, secret := range s.secrets {
		pairs = append(pairs, secret, mask)
	}
	s.replacer = strings.NewReplacer(pairs...)
}

// Redact returns text without the secrets.
func (s *Set) Redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.replacer == nil {
		return text
	}
	return s.replacer.Replace(text)
}

// inJSON returns s as it stands between the quotation marks of a JSON string.
func inJSON(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return s
	}
	return strings.TrimSuffix(b.String()[1:], "\"\n")
}

// Writer replaces secrets in what passes through it. Each Write must hold whole secrets, as one of a line or a document
// does. It reports the length that it was given as written.
type Writer struct {
	To  io.Writer
	Set *Set
}

// Write writes data without the secrets.
func (w Writer) Write(data []byte) (int, error) {
	if _, err := io.WriteString(w.To, w.Set.Redact(string(data))); err != nil {
		return 0, err
	}
	return len(data), nil
}
