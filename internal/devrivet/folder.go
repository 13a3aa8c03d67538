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

// A folder is a temporary folder that is removed when nobody holds it any more:
// neither we nor the programs that were given its hold.
type folder struct {
	path    string
	hold    *os.File
	sweeper *exec.Cmd
}

func newFolder(ctx context.Context) (*folder, error) {
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

func sweepLater(ctx context.Context, path string) (*folder, error) {
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
	return &folder{path: path, hold: hold, sweeper: sweeper}, nil
}

func (f *folder) remove() error {
	defer f.hold.Close()
	if _, err := f.hold.WriteString("\n"); err != nil {
		return fmt.Errorf("remove %s: %w", f.path, err)
	}
	if err := f.sweeper.Wait(); err != nil {
		return fmt.Errorf("remove %s: %w", f.path, err)
	}
	return nil
}
