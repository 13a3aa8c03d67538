//go:build !windows

package ledger

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replaceFile puts a new file in the place of the one at path. It is on disk when the function returns, and at any moment
// before that path names the old file or the new one.
func replaceFile(path string, data []byte) error {
	directory := filepath.Dir(path)
	err := renameio.WriteFile(path, data, 0o600, renameio.WithTempDir(directory), renameio.WithStaticPermissions(0o600))
	if err != nil {
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
