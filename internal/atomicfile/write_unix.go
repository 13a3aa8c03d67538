//go:build !windows

// Package atomicfile makes files, and puts them in the place of others, in whole or not at all.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Write puts a file with what write writes, and with these permissions, in the place of the one at path. It is on disk when the
// function returns, and at any moment before that path names the old file or the new one. What is no regular file, such as a device
// or a pipe, is not replaced: it is written to.
func Write(path string, mode fs.FileMode, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeTo(path, write)
	}
	directory := filepath.Dir(path)
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(directory), renameio.WithStaticPermissions(mode))
	if err != nil {
		return meant(err, path)
	}
	defer func() { _ = file.Cleanup() }()
	if err := write(file); err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return SyncDirectory(directory)
}

func writeTo(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

// SyncDirectory makes it durable which files a directory has.
func SyncDirectory(path string) error {
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
