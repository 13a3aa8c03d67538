package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/internal/devrivet"
)

// devOptions are the flags of dev.
type devOptions struct {
	run      runOptions
	registry string
	once     bool
}

func (a *app) devCommand() *cli.Command {
	o := &devOptions{}
	return &cli.Command{
		Name:      "dev",
		Usage:     "apply the configuration to a throw-away Rivet on this machine",
		ArgsUsage: "[PATH]",
		Flags: append(o.run.source.flags(),
			&cli.StringFlag{Name: "registry", Usage: "`DIR` of the registry of actors; by default the folder registry in PATH or beside it", Destination: &o.registry},
			&cli.BoolFlag{Name: "once", Usage: "leave after the apply, without waiting for Ctrl-C", Destination: &o.once},
			&cli.BoolFlag{Name: "no-color", Usage: "print without colour", Destination: &o.run.view.noColor},
		),
		Action: o.run.source.atPath(func(ctx context.Context) error { return a.dev(ctx, o) }),
	}
}

// dev starts a Rivet, applies the configuration to it, and shows that a second plan has nothing to do. It stops the Rivet then,
// or when it is interrupted.
func (a *app) dev(ctx context.Context, o *devOptions) (err error) {
	registry, err := findRegistry(o)
	if err != nil {
		return err
	}
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: registry, Progress: a.env.Stderr})
	if err != nil {
		return at(hcl2.Range{}, "Rivet cannot be started", err)
	}
	defer func() { err = errors.Join(err, rivet.Stop()) }()
	memory, err := os.MkdirTemp("", "riveter-dev-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(memory)
	a.global.endpoint = rivet.Endpoint()
	o.run.lock, o.run.refresh, o.run.ledger = true, true, filepath.Join(memory, "ledger.json")
	o.run.approval.auto = true
	if err := a.apply(ctx, &o.run); err != nil {
		return err
	}
	if err := a.plan(ctx, &o.run); err != nil || o.once {
		return err
	}
	a.newScreen(o.run.view).note("Rivet is running at " + rivet.Endpoint() + ". Ctrl-C stops it.")
	<-ctx.Done()
	return nil
}

// findRegistry returns the folder of the registry.
func findRegistry(o *devOptions) (string, error) {
	if o.registry != "" {
		return o.registry, nil
	}
	dir := o.run.source.path
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	for _, candidate := range []string{filepath.Join(dir, "registry"), filepath.Join(dir, "..", "registry")} {
		if _, err := os.Stat(filepath.Join(candidate, "package.json")); err == nil {
			return candidate, nil
		}
	}
	return "", problem("No registry", "There is no folder registry with a package.json in %s or beside it. Say -registry=DIR.", dir)
}
