package ledger

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// replaceFile does with what Windows has what renameio does elsewhere: os.Rename replaces a file in one step.
func replaceFile(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// syncDirectory does nothing: Windows keeps the order of changes to a directory, and cannot flush one.
func syncDirectory(string) error { return nil }
