package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sumsFile is what sha256sum -c reads.
const sumsFile = "SHA256SUMS"

// A folder is where a release is written to.
type folder struct {
	path string
	sums []string // of what is part of the release
}

func (f *folder) join(name string) string { return filepath.Join(f.path, name) }

// write writes a file of the release.
func (f *folder) write(name string, data []byte) error {
	if err := os.WriteFile(f.join(name), data, 0o644); err != nil {
		return err
	}
	return f.add(name)
}

// add makes a file that is there part of the release.
func (f *folder) add(name string) error {
	data, err := os.ReadFile(f.join(name))
	f.sums = append(f.sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name))
	return err
}

func (f *folder) writeSums() error {
	return os.WriteFile(f.join(sumsFile), []byte(strings.Join(slices.Sorted(slices.Values(f.sums)), "")), 0o644)
}
