package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fsnotify/fsnotify"

	"riveter/hcl"
	"riveter/internal/operate"
)

// applyChanges applies the configuration, and again whenever a file changes that it was read from, until it is interrupted.
// What is wrong with the files is shown, and can be mended then.
func (a *app) applyChanges(ctx context.Context, o *applyOptions) error {
	for {
		config, err := a.apply(ctx, o)
		if err != nil && (config == nil || len(config.Folders()) == 0 || a.interrupts.happened()) {
			return err
		}
		if code := exit(0); err != nil && !errors.As(err, &code) {
			a.newScreen(o.view).Diagnostics(operate.Diagnose(err), nil)
		}
		display := a.newScreen(o.view)
		display.Note("Rivet is running at " + a.global.endpoint + ". Waiting for a file to change; Ctrl-C stops it.")
		changed, err := awaitChange(ctx, config.Config)
		if err != nil {
			return err
		}
		if changed == "" {
			display.Note("Interrupted: the Rivet is stopped.")
			return nil
		}
		display.Note("")
		display.Note(changed + " has changed.")
	}
}

// quiet is how long nothing must have changed, since programs write files in several steps.
const quiet = 50 * time.Millisecond

// awaitChange waits until something changes that a configuration was read from, and returns its name; nothing when ctx ends.
func awaitChange(ctx context.Context, config *hcl.Config) (changed string, err error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return "", fmt.Errorf("watch for changes: %w", err)
	}
	defer watcher.Close()
	for _, dir := range config.Folders() {
		if err := watcher.Add(dir); err != nil {
			return "", fmt.Errorf("watch %s: %w", dir, err)
		}
	}
	settled := time.NewTimer(0) // what changed before anybody watched
	for {
		select {
		case <-ctx.Done():
			return "", nil
		case <-watcher.Events:
			settled.Reset(quiet)
		case err := <-watcher.Errors:
			return "", fmt.Errorf("watch for changes: %w", err)
		case <-settled.C:
			if changed := config.Changed(); changed != "" {
				return changed, nil
			}
		}
	}
}
