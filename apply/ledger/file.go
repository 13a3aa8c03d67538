package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxSize bounds what is read of a document or a journal, in bytes: several million actors.
const maxSize int64 = 4 << 30

// maxGuess is for how much of a file memory is taken before it is read.
const maxGuess = 1 << 30

// checkFile says what else than a file is at path. To open a pipe may take for ever, a device may have no end, and a file in
// the place of a link would be another ledger than the one of those who follow the link.
func checkFile(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is %s and not a file", path, describeMode(info.Mode()))
	case info.Size() > maxSize:
		return fmt.Errorf("%s has %d bytes, and at most %d are read", path, info.Size(), maxSize)
	default:
		return nil
	}
}

func describeMode(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link that leads nowhere"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	default:
		return "a device"
	}
}

// openFile opens the file at path for reading. The error matches [fs.ErrNotExist] if there is none.
func openFile(path string) (*os.File, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	return os.Open(path)
}

func readFile(path string) ([]byte, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if info, err := file.Stat(); err == nil { // or else it grows, and what it was before is copied and thrown away
		data.Grow(int(min(info.Size(), maxGuess)) + bytes.MinRead)
	}
	_, err = data.ReadFrom(io.LimitReader(file, maxSize))
	return data.Bytes(), errors.Join(err, file.Close())
}
