package devrivet

import (
	"context"
	_ "embed"
	"fmt"
	"os"
)

//go:embed sweep.sh
var sweepScript string

// A Folder is a temporary folder of the user's alone, which is removed when nobody
// holds it any more: neither we, also when we are killed, nor the programs that were
// given its hold.
type Folder struct {
	path string
	*guard
}

// NewFolder makes a folder. What becomes of ctx does not matter to it.
func NewFolder(ctx context.Context) (*Folder, error) {
	path, err := os.MkdirTemp("", "riveter-dev-")
	if err != nil {
		return nil, err
	}
	sweeper, err := startGuard(ctx, "sweep", sweepScript, path)
	if err != nil {
		os.Remove(path)
		return nil, fmt.Errorf("guard the data folder: %w", err)
	}
	return &Folder{path, sweeper}, nil
}

// Path is where the folder is.
func (f *Folder) Path() string { return f.path }

// Remove removes the folder with what is in it. It is called once.
func (f *Folder) Remove() error {
	if err := f.dismiss(); err != nil {
		return fmt.Errorf("remove %s: %w", f.path, err)
	}
	return nil
}
