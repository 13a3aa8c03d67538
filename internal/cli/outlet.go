package cli

import (
	"os"
	"path/filepath"
	"sync"
)

// outlet is a file that is written beside what is shown. It is opened when there is something to write, as by then it is known what must
// not be overwritten. It is safe for concurrent use.
type outlet struct {
	path   string
	flags  int
	mode   os.FileMode
	needed *needed

	once   sync.Once
	opened *os.File
	err    error
}

// newOutlet returns the outlet at a path, of the folder that is the working directory now.
func (a *app) newOutlet(path string, flags int, mode os.FileMode) (*outlet, error) {
	absolute, err := filepath.Abs(path)
	return &outlet{path: absolute, flags: os.O_WRONLY | os.O_CREATE | flags, mode: mode, needed: a.needed}, err
}

// open returns why nothing can be written to it, the first time and ever after.
func (o *outlet) open() error {
	o.once.Do(func() {
		if o.err = o.needed.spare(o.path); o.err == nil {
			o.opened, o.err = os.OpenFile(o.path, o.flags, o.mode)
		}
	})
	return o.err
}

// Write implements io.Writer.
func (o *outlet) Write(data []byte) (int, error) {
	if err := o.open(); err != nil {
		return 0, err
	}
	return o.opened.Write(data)
}

// Close implements io.Closer. A file to which nothing was written is there all the same.
func (o *outlet) Close() error {
	if err := o.open(); err != nil {
		return err
	}
	return o.opened.Close()
}
