package atomicfile

import (
	"errors"
	"io/fs"
	"os"
)

// meant is why no temporary file could be made in the folder of the one at path, whose name says more to who reads it.
func meant(err error, path string) error {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: failure.Op, Path: path, Err: failure.Err}
	}
	return err
}

// Create makes a file with this content where there is none, with the permissions that the user's mask leaves. It is on disk when the
// function returns; after an error nothing is left of it. The error matches [io/fs.ErrExist] where something is at path, which stays.
func Create(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
