package hcl

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Folders returns the folders on the disk that files were read from or sought in so far, sorted.
func (s *sources) Folders() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	folders := maps.Collect(maps.All(s.folders))
	for name, content := range s.files {
		folders[filepath.Dir(name)] = nil
		if root, isListing := strings.CutSuffix(name, "/"); isListing {
			for file := range strings.SplitSeq(string(content), "\n") {
				folders[filepath.Dir(filepath.Join(root, file))] = nil
			}
		}
	}
	for name := range s.missing {
		folders[filepath.Dir(name)] = nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(folders)), func(dir string) bool {
		info, err := os.Stat(dir)
		return err != nil || !info.IsDir()
	})
}

// Changed returns the name of something on the disk that is not any more as it was when it was read, or nothing.
func (s *sources) Changed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, content := range s.files {
		if root, isListing := strings.CutSuffix(name, "/"); isListing {
			if names, _ := walkDisk(root); strings.Join(names, "\n") != string(content) {
				return root
			}
			continue
		}
		if now, err := os.ReadFile(name); err != nil || !bytes.Equal(now, content) {
			return name
		}
	}
	for name, missing := range s.missing {
		if _, err := os.Stat(name); err == nil && missing {
			return name
		}
	}
	for dir, known := range s.folders {
		if names, _ := listDisk(dir); !slices.Equal(automatic(names), known) {
			return dir
		}
	}
	return ""
}
