//go:build linux

package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

//go:embed registry.mjs
var registry []byte

// lostAfter is longer than any contender takes. With its own time of 15 s, the engine has about one transaction a second for each
// counter that is awake, and nothing but that to do from some thousand on.
const lostAfter = time.Hour

// stayAwake writes a registry of counters that do not fall asleep, with the packages of the one that it has, and takes its place.
func (s *settings) stayAwake() error {
	modules, err := filepath.Abs(filepath.Join(s.registry, "node_modules"))
	if err != nil {
		return err
	}
	if _, err := os.Stat(modules); err != nil {
		return fmt.Errorf("%w: run npm install in %s", err, s.registry)
	}
	s.registry = filepath.Join(s.folder, "registry")
	return errors.Join(
		os.Mkdir(s.registry, 0o700),
		os.Symlink(modules, filepath.Join(s.registry, "node_modules")),
		os.WriteFile(filepath.Join(s.registry, "package.json"), []byte(`{"type":"module","main":"registry.mjs","dependencies":{"rivetkit":"*"}}`), 0o600),
		os.WriteFile(filepath.Join(s.registry, "registry.mjs"), registry, 0o600),
	)
}
