package outfile

import (
	"os"
	"path/filepath"
	"sync"
)

// File is a file that is written beside what is shown. It is opened when there is something to write, as by then it is known what must
// not be overwritten. It is safe for concurrent use. Nil is a file that nobody wants: it opens and closes, and is none.
type File struct {
	path  string
	flags int
	mode  os.FileMode
	guard *Guard

	once   sync.Once
	opened *os.File
	err    error
}

// New returns the file at a path, of the folder that is the working directory now, which guard may refuse. flags, as of [os.OpenFile],
// say what is done about what is in it.
func New(path string, flags int, mode os.FileMode, guard *Guard) (*File, error) {
	absolute, err := filepath.Abs(path)
	return &File{path: absolute, flags: os.O_WRONLY | os.O_CREATE | flags, mode: mode, guard: guard}, err
}

// Path is where the file is, absolute.
func (f *File) Path() string { return f.path }

// Open returns why nothing can be written to it, the first time and ever after.
func (f *File) Open() error {
	if f == nil {
		return nil
	}
	f.once.Do(func() {
		if f.err = f.guard.Check(f.path); f.err == nil {
			f.opened, f.err = os.OpenFile(f.path, f.flags, f.mode)
		}
	})
	return f.err
}

// Write implements io.Writer.
func (f *File) Write(data []byte) (int, error) {
	if err := f.Open(); err != nil {
		return 0, err
	}
	return f.opened.Write(data)
}

// Close implements io.Closer. A file to which nothing was written is there all the same.
func (f *File) Close() error {
	if f == nil {
		return nil
	}
	if err := f.Open(); err != nil {
		return err
	}
	return f.opened.Close()
}
