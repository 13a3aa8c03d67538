// Package atomicfile makes files, and puts them in the place of others, in whole or not at all.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write does with what Windows has what renameio does elsewhere: os.Rename replaces a file in one step. There are no
// permissions.
func Write(path string, _ fs.FileMode, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return meant(err, path)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// SyncDirectory does nothing: Windows keeps the order of changes to a directory, and cannot flush one.
func SyncDirectory(string) error { return nil }
