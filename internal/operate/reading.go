package operate

import "sync"

// reading is what a configuration was loaded with, and which environment variables it has asked for.
type reading struct {
	options LoadOptions

	mu          sync.Mutex
	environment map[string]*string // nil for what is not set
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
