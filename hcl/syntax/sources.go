package syntax

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Sources is what a configuration is read from: the disk, or a saved copy of the files. Each file is read once, so that
// all of a run sees the same bytes, and what was read can be saved. It is safe for concurrent use.
type Sources struct {
	disk    bool
	mu      sync.Mutex
	files   map[string][]byte
	missing map[string]bool     // what could not be read, and whether because there is no such file
	folders map[string][]string // that were listed, with the names of files that matter by themselves
}

// Disk returns the disk, of which nothing was read yet.
func Disk() *Sources {
	return &Sources{disk: true, files: map[string][]byte{}, missing: map[string]bool{}, folders: map[string][]string{}}
}

// Saved returns a copy of files, by name. The disk is not touched.
func Saved(files map[string][]byte) *Sources { return &Sources{files: maps.Clone(files)} }

// ReadFile returns the content of the file, which must not be changed.
func (s *Sources) ReadFile(name string) ([]byte, error) {
	name = filepath.Clean(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if content, ok := s.files[name]; ok {
		return content, nil
	}
	if !s.disk {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	content, err := os.ReadFile(name)
	if err != nil {
		s.missing[name] = errors.Is(err, fs.ErrNotExist)
		return nil, err
	}
	s.files[name] = content
	return content, nil
}

// ListFiles returns the paths of all files below dir, relative to it and with slashes. There are none where there
// is no such directory. What it finds is kept among the files, under the name of the directory with a slash.
func (s *Sources) ListFiles(dir string) ([]string, error) {
	key := filepath.Clean(dir) + "/"
	s.mu.Lock()
	defer s.mu.Unlock()
	listing, ok := s.files[key]
	if !ok && s.disk {
		names, err := walkDisk(dir)
		if err != nil {
			return nil, err
		}
		listing = []byte(strings.Join(names, "\n"))
		s.files[key] = listing
	}
	if len(listing) == 0 {
		return nil, nil
	}
	return strings.Split(string(listing), "\n"), nil
}

func walkDisk(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || !entry.Type().IsRegular():
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	return names, err
}

// list returns the names of the files in dir, sorted.
func (s *Sources) list(dir string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.disk {
		names, err := listDisk(dir)
		s.folders[filepath.Clean(dir)] = automatic(names)
		return names, err
	}
	var names []string
	for name := range s.files {
		if filepath.Dir(name) == filepath.Clean(dir) && !strings.HasSuffix(name, "/") {
			names = append(names, filepath.Base(name))
		}
	}
	slices.Sort(names)
	return names, nil
}

// automatic returns those of the files in a folder that are read without anybody naming them.
func automatic(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !IsConfiguration(name) && automaticRank(name) == 0 })
}

func listDisk(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// isDir reports whether path names a directory. A path that names nothing is an error.
func (s *Sources) isDir(path string) (bool, error) {
	if s.disk {
		info, err := os.Stat(path)
		if err != nil {
			return false, err
		}
		return info.IsDir(), nil
	}
	path = filepath.Clean(path)
	if _, ok := s.files[path]; ok {
		return false, nil
	}
	if names, _ := s.list(path); len(names) > 0 {
		return true, nil
	}
	return false, fmt.Errorf("stat %s: %w", path, fs.ErrNotExist)
}

// Contents returns a copy of what has been read so far. Any of it may be secret.
func (s *Sources) Contents() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.files)
}

// Folders returns the folders on the disk that files were read from or sought in so far, sorted.
func (s *Sources) Folders() []string {
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
func (s *Sources) Changed() string {
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
