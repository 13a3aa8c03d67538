package syntax

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
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
	content, err := readDisk(name)
	if err != nil {
		s.missing[name] = errors.Is(err, fs.ErrNotExist)
		return nil, err
	}
	s.files[name] = content
	return content, nil
}

// maxFile is how much is read of a file, in bytes. A device may have no end.
const maxFile = 256 << 20

// readDisk reads a file. What nobody has named but its folder must be one: a pipe that nobody writes to would be waited for.
func readDisk(name string) ([]byte, error) {
	isFound := len(automatic([]string{filepath.Base(name)})) > 0
	if info, err := os.Stat(name); isFound && err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is a pipe or a device, and not a file")}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var content bytes.Buffer
	if info, err := file.Stat(); err == nil {
		content.Grow(int(min(info.Size(), maxFile)) + bytes.MinRead) // or else it grows, and what it was is copied
	}
	n, err := content.ReadFrom(io.LimitReader(file, maxFile+1))
	if err == nil && n > maxFile {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it has more than %d MiB, or no end", maxFile>>20)}
	}
	return content.Bytes(), err
}

// ListFolder returns the names of the files in a folder, and those of the folders in it with a slash behind. There are none where there is
// no such folder. What it finds is kept among the files, under the name of the folder with a slash.
func (s *Sources) ListFolder(dir string) ([]string, error) {
	key := filepath.Clean(dir) + "/"
	s.mu.Lock()
	defer s.mu.Unlock()
	listing, ok := s.files[key]
	if !ok && s.disk {
		names, err := listFolder(dir)
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

func listFolder(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	var names []string
	for _, entry := range entries {
		switch {
		case entry.IsDir():
			names = append(names, entry.Name()+"/")
		case entry.Type().IsRegular():
			names = append(names, entry.Name())
		case entry.Type()&fs.ModeSymlink != 0:
			names = append(names, linked(dir, entry.Name())...)
		}
	}
	return names, err
}

// linked returns the name of a link in a folder as that of what it leads to, and nothing for one that leads nowhere, or back to a folder that
// the path goes through.
func linked(dir, name string) []string {
	switch info, err := os.Stat(filepath.Join(dir, name)); {
	case err != nil:
		return nil
	case info.IsDir() && !goesThrough(dir, info):
		return []string{name + "/"}
	case info.Mode().IsRegular():
		return []string{name}
	}
	return nil
}

func goesThrough(path string, folder fs.FileInfo) bool {
	if info, err := os.Stat(path); err == nil && os.SameFile(info, folder) {
		return true
	}
	above := filepath.Dir(path)
	return above != path && goesThrough(above, folder)
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
			folders[root] = nil
			if len(content) == 0 { // it may not be there yet
				folders[filepath.Dir(root)] = nil
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
			if names, _ := listFolder(root); strings.Join(names, "\n") != string(content) {
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
