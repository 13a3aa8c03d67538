package operate

import (
	"sync"

	"riveter/internal/redact"
)

// reading is what a configuration was loaded with, and which environment variables it has asked for.
type reading struct {
	options LoadOptions

	mu          sync.Mutex
	environment map[string]*string // nil for what is not set
	unkept      map[string]bool    // texts that are not to be saved
	parts       redact.Set         // the same, as they may be within others
}

// keepNot has a text not be saved, and nothing that holds it.
func (r *reading) keepNot(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unkept[text] = true
	r.parts.Add(text)
}

// isUnkept reports whether a text is not to be saved.
func (r *reading) isUnkept(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unkept[text] || r.parts.Holds(text)
}

// env answers as the environment does, and remembers what it was asked.
func (r *reading) env(name string) (string, bool) {
	if r.options.Env == nil {
		return "", false
	}
	text, ok := r.options.Env(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.environment[name] = nil
	if ok {
		r.environment[name] = &text
	}
	return text, ok
}
