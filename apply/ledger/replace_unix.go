//go:build !windows

package ledger

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replaceFile puts a file with what write writes in the place of the one at path. It is on disk when the function returns,
// and at any moment before that path names the old file or the new one.
func replaceFile(path string, write func(io.Writer) error) error {
	directory := filepath.Dir(path)
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(directory), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	defer func() { _ = file.Cleanup() }()
	if err := write(file); err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return syncDirectory(directory)
}

// syncDirectory makes it durable which files a directory has.
func syncDirectory(path string) error {
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
