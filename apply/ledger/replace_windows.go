package ledger

import (
	"errors"
	"os"
	"path/filepath"
)

// replaceFile does with what Windows has what renameio does elsewhere: os.Rename replaces a file in one step.
func replaceFile(path string, data []byte) error {
	pending, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	defer os.Remove(pending.Name())
	_, err = pending.Write(data)
	if err := errors.Join(err, pending.Sync(), pending.Close()); err != nil {
		return err
	}
	return os.Rename(pending.Name(), path)
}

// syncDirectory does nothing: Windows keeps the order of changes to a directory, and cannot flush one.
func syncDirectory(string) error { return nil }
