package main

import (
	"fmt"
	"os"
	"path/filepath"

	"riveter/internal/cli"
)

// fill returns the pages of the repository in dir with their generated parts as they are to be, by path.
func fill(dir string) (map[string][]byte, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	manual, pages := cli.Manual(), map[string][]byte{}
	for _, path := range append(paths, filepath.Join(dir, "README.md")) {
		page, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if pages[path], err = manual.Fill(page); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return pages, fillSpeed(dir, pages)
}
