package devrivet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Both lie in node_modules, so that whoever removes that folder starts anew.
const (
	lockName       = ".riveter-lock"
	unfinishedName = ".riveter-unfinished"
)

// install finds the engine among the registry's packages, and installs them first if
// they are missing or of another rivetkit than the wanted one. Several processes may do
// it at once: one installs, the others wait for it. An installation that was cut short is
// recognised, and started anew.
//
// Where node_modules is a link, to that of another registry, it is there that they are
// installed.
func install(ctx context.Context, dir, wanted string, progress io.Writer) (engine string, err error) {
	modules := filepath.Join(dir, "node_modules")
	if target, err := os.Readlink(modules); err == nil {
		if modules = target; !filepath.IsAbs(target) {
			modules = filepath.Join(dir, target)
		}
	}
	if engine, err := findFinished(dir, wanted); err == nil {
		return engine, nil
	}
	if err := os.MkdirAll(modules, 0o755); err != nil {
		return "", fmt.Errorf("install the registry's packages: %w", err)
	}
	lock := flock.New(filepath.Join(modules, lockName))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("wait for an installation of the registry's packages: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	if engine, err := findFinished(dir, wanted); err == nil {
		return engine, nil
	}
	if progress != nil {
		fmt.Fprintf(progress, "Installing the registry's packages in %s…\n", modules)
	}
	if err := installInto(ctx, modules); err != nil {
		return "", fmt.Errorf("install the registry's packages: %w", err)
	}
	return findFinished(dir, wanted)
}

// findFinished is findEngine that does not trust an installation of ours that was cut short.
func findFinished(dir, wanted string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", unfinishedName)); err == nil {
		return "", errors.New("the registry's packages are not completely installed")
	}
	return findEngine(dir, wanted)
}

func installInto(ctx context.Context, modules string) error {
	unfinished := filepath.Join(modules, unfinishedName)
	if _, err := os.Stat(unfinished); err == nil {
		if err := empty(modules); err != nil {
			return err
		}
	}
	if err := os.WriteFile(unfinished, nil, 0o644); err != nil {
		return err
	}
	if err := npmInstall(ctx, filepath.Dir(modules)); err != nil {
		return err
	}
	return os.Remove(unfinished)
}

// empty removes everything from the folder but our own two files.
func empty(modules string) error {
	entries, err := os.ReadDir(modules)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); name != lockName && name != unfinishedName {
			if err := os.RemoveAll(filepath.Join(modules, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// npmInstall runs npm on a leash, without the packages' install scripts: nothing of them
// runs before the registry does. A lock file is respected, and none is written.
func npmInstall(ctx context.Context, dir string) error {
	npm, err := findNPM()
	if err != nil {
		return err
	}
	run, err := launch(ctx, program{
		name: "npm install",
		argv: []string{npm, "install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"},
		dir:  dir,
		env:  cleanEnvironment(),
	})
	if err != nil {
		return err
	}
	select {
	case <-run.ended:
	case <-ctx.Done():
		run.stop()
		return context.Cause(ctx)
	}
	if run.err != nil {
		return run.failure()
	}
	return nil
}
