// Package outfile has the files that a run writes beside what it shows because a flag or a variable names them, such as a log. None of
// them may be a file that the run itself needs: a [Guard] knows these.
package outfile

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"riveter/apply/ledger"
	"riveter/hcl"
	"riveter/internal/operate"
)

// Guard knows the files that a run reads or keeps its ledger in, as far as they are known yet, and what such files look like. Its zero
// value knows none. It is safe for concurrent use.
type Guard struct {
	mu    sync.Mutex
	paths []string
}

// Keep adds files, which need not exist yet.
func (g *Guard) Keep(paths ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.paths = append(g.paths, paths...)
}

// KeepSources adds what a configuration was read from.
func (g *Guard) KeepSources(c *hcl.Config) {
	g.Keep(slices.Collect(maps.Keys(c.Files()))...)
	for name := range c.Sources() {
		if !strings.HasSuffix(name, "/") { // which is a listing
			g.Keep(name)
		}
	}
}

// Check refuses to write to a file that a flag or a variable names where that would be the end of a configuration, of values or of a
// ledger. It goes by the file that it is, however its path is spelt and whatever links lead to it.
func (g *Guard) Check(path string) error {
	place := destination(path)
	for _, name := range []string{filepath.Base(path), filepath.Base(place)} {
		if hcl.IsConfiguration(name) || strings.Contains(name, ".rivetvars.") {
			return operate.Problemf("File is kept", "%s is named like a configuration, and would be read as one. Write to another file.", path)
		}
	}
	if isLedger(place) {
		return operate.Problemf("File is kept", "%s is a ledger: what was done would be forgotten. Write to another file.", path)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if slices.ContainsFunc(g.paths, func(other string) bool { return isSameFile(place, other) }) {
		return operate.Problemf("File is kept", "%s is a file that this run needs itself. Write to another file.", path)
	}
	return nil
}

// isLedger reports whether a file is a ledger's document or, by its name, its journal.
func isLedger(path string) bool {
	if strings.HasSuffix(path, ".journal") {
		return true
	}
	file, err := os.Open(path)
	if err != nil {
		return false // there is nothing to spare, or writing says what is wrong
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, ledger.HeadSize))
	return err == nil && ledger.IsDocument(head)
}

// isSameFile reports whether a place, as [destination] returns it, is the file at a path, which need not exist.
func isSameFile(place, path string) bool {
	a, errA := os.Stat(place)
	b, errB := os.Stat(path)
	return errA == nil && errB == nil && os.SameFile(a, b) || place == destination(path)
}

// destination is where that is which a path names: absolute, and at the end of every link, also of one that leads to nothing yet.
func destination(path string) string {
	const links = 40 // as many as systems follow
	path, _ = filepath.Abs(path)
	for range links {
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return path
}
