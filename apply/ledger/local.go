package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Local returns the home of a ledger that is the file at path, with its journal and its lock beside it, all of them
// readable by their owner alone. Where path is a symbolic link, that is beside the file that it points to.
func Local(path string) Home {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return local{path}
}

type local struct{ path string }

func (l local) String() string { return l.path }

func (l local) journal() string { return l.path + ".journal" }

func (l local) lock(ctx context.Context, holder Holder, timeout time.Duration) (func() error, error) {
	return lockFile(ctx, l.path, holder, timeout)
}

func (l local) load(context.Context) ([]byte, error) {
	data, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

func (l local) save(_ context.Context, write func(io.Writer) error) error {
	if err := replaceFile(l.path, write); err != nil {
		return fmt.Errorf("%w; the old version is still there", err)
	}
	return nil
}
