package devrivet

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
)

//go:embed sweep.sh
var sweepScript string

// A Folder is a temporary folder of the user's alone, which is removed when nobody
// holds it any more: neither we, also when we are killed, nor the programs that were
// given its hold.
type Folder struct {
	path    string
	hold    *os.File
	sweeper *exec.Cmd
}

// NewFolder makes a folder. What becomes of ctx does not matter to it.
func NewFolder(ctx context.Context) (*Folder, error) {
	path, err := os.MkdirTemp("", "riveter-dev-")
	if err != nil {
		return nil, err
	}
	held, err := sweepLater(ctx, path)
	if err != nil {
		os.Remove(path)
		return nil, fmt.Errorf("guard the data folder: %w", err)
	}
	return held, nil
}

func sweepLater(ctx context.Context, path string) (*Folder, error) {
	end, hold, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer end.Close()
	sweeper := exec.CommandContext(context.WithoutCancel(ctx), shell, "-c", sweepScript, "sweep", path)
	sweeper.Stdin = end
	ownGroup(sweeper)
	if err := sweeper.Start(); err != nil {
		hold.Close()
		return nil, err
	}
	return &Folder{path: path, hold: hold, sweeper: sweeper}, nil
}

// Path is where the folder is.
func (f *Folder) Path() string { return f.path }

// Remove removes the folder with what is in it. It is called once.
func (f *Folder) Remove() error {
	defer f.hold.Close()
	if _, err := f.hold.WriteString("\n"); err != nil {
		return fmt.Errorf("remove %s: %w", f.path, err)
	}
	if err := f.sweeper.Wait(); err != nil {
		return fmt.Errorf("remove %s: %w", f.path, err)
	}
	return nil
}
