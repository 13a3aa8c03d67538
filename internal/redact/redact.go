// Package redact keeps secrets out of everything that Riveter prints.
//
// A [Set] collects the secrets of a run: tokens, and the values that the configuration marks sensitive. A [Writer] in
// front of every output replaces them, so that a secret is hidden also where a server sends it back in an error.
package redact

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
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
	mu       sync.Mutex
	secrets  map[string]bool   // in every spelling
	replacer *strings.Replacer // nil when it is older than the secrets
}

// Add makes secrets of these strings, in every spelling that they may be printed in.
func (s *Set) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secrets == nil {
		s.secrets = map[string]bool{}
	}
	for _, secret := range secrets {
		for _, spelling := range spellings(secret) {
			if len(spelling) >= shortest && !s.secrets[spelling] {
				s.secrets[spelling] = true
				s.replacer = nil
			}
		}
	}
}

// Redact returns text without the secrets.
func (s *Set) Redact(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.secrets) == 0 {
		return text
	}
	if s.replacer == nil {
		s.replacer = s.newReplacer()
	}
	return s.replacer.Replace(text)
}

// newReplacer returns what takes the longest secret that fits.
func (s *Set) newReplacer() *strings.Replacer {
	longestFirst := slices.SortedFunc(maps.Keys(s.secrets), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	pairs := make([]string, 0, 2*len(longestFirst))
	for _, secret := range longestFirst {
		pairs = append(pairs, secret, mask)
	}
	return strings.NewReplacer(pairs...)
}

// spellings lists how a secret may be written: as it is, as JSON and URLs do, and line by line, as people are shown it.
func spellings(secret string) []string {
	all := []string{secret, inJSON(secret), url.QueryEscape(secret), url.PathEscape(secret)}
	for line := range strings.Lines(secret) {
		all = append(all, strings.TrimSpace(line))
	}
	return all
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

// Writer replaces secrets in what passes through it, a line at a time: what follows the last line break waits for the
// next one, or for Flush. It is safe for concurrent use.
type Writer struct {
	mu      sync.Mutex
	to      io.Writer
	set     *Set
	onError func(error) // called once; may be nil
	pending []byte
	failed  error
}

// NewWriter returns a Writer in front of to. The first time that to fails, it calls onError, which may be nil and must not
// write.
func NewWriter(to io.Writer, set *Set, onError func(error)) *Writer {
	return &Writer{to: to, set: set, onError: onError}
}

// Write implements io.Writer.
func (w *Writer) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = append(w.pending, data...)
	end := bytes.LastIndexByte(w.pending, '\n') + 1
	return len(data), w.pass(end)
}

// Flush passes on what waits for the end of its line. It returns the first error that any writing had so far, so that
// nobody has to ask before.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cmp.Or(w.pass(len(w.pending)), w.failed)
}

func (w *Writer) pass(n int) error {
	if n == 0 {
		return nil
	}
	_, err := io.WriteString(w.to, w.set.Redact(string(w.pending[:n])))
	w.pending = append(w.pending[:0], w.pending[n:]...)
	if err != nil && w.failed == nil {
		w.failed = err
		if w.onError != nil {
			w.onError(err)
		}
	}
	return err
}

// Flush writes what w has kept back, if it is such a writer.
func Flush(w io.Writer) {
	if f, ok := w.(interface{ Flush() error }); ok {
		_ = f.Flush() // the writer remembers its failure
	}
}
