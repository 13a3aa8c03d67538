package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/internal/devrivet"
	"riveter/internal/operate"
)

// devOptions are the flags of dev.
type devOptions struct {
	run      applyOptions
	registry string
	once     bool
	program  []string // to run against the Rivet; none to watch the files instead
}

const devDescription = `Starts an engine and a registry of actors, and applies the configuration to it. Then it applies it again whenever a
file changes that it was read from, until Ctrl-C. With a PROGRAM, it runs that instead, with the address of the Rivet in
RIVET_ENDPOINT, and leaves with its exit code. The Rivet and all that is in it are gone at the end.`

func (a *app) devCommand() *cli.Command {
	o := &devOptions{}
	return &cli.Command{
		Name:        "dev",
		Usage:       "apply the configuration to a throw-away Rivet on this machine",
		ArgsUsage:   "[PATH] " + programUsage,
		Description: devDescription,
		Flags: append(o.run.source.flags(),
			&cli.StringFlag{Name: "registry", Usage: "`DIR` of the registry of actors; by default the folder registry in PATH or beside it", Destination: &o.registry},
			&cli.BoolFlag{Name: "once", Usage: "leave after the apply", Destination: &o.once},
			noColorFlag(&o.run.view),
		),
		Action: func(c *cli.Context) error {
			args := c.Args().Slice()
			if i := slices.Index(args, "--"); i >= 0 {
				args, o.program = args[:i], args[i+1:]
			}
			if o.once && len(o.program) > 0 {
				return usageError(c, errors.New("dev runs a program or leaves -once it has applied, not both"), false)
			}
			return o.run.source.at(c, args, func(ctx context.Context) error { return a.dev(ctx, o) })
		},
	}
}

// dev starts a Rivet, applies the configuration to it, and stops it when that is all, or when it is interrupted.
func (a *app) dev(ctx context.Context, o *devOptions) (err error) {
	registry, err := findRegistry(o)
	if err != nil {
		return err
	}
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: registry, Progress: a.env.Stderr})
	if err != nil {
		return operate.At(hcl2.Range{}, "Rivet cannot be started", err)
	}
	defer func() { err = errors.Join(err, rivet.Stop()) }()
	memory, err := os.MkdirTemp("", "riveter-dev-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(memory)
	a.pointTo(rivet.Endpoint())
	o.run.orders.refresh = true
	o.run.ledger = ledgerOptions{lock: true, path: filepath.Join(memory, "ledger.json")}
	o.run.approval.auto = true
	if !o.once && len(o.program) == 0 {
		return a.applyChanges(ctx, &o.run)
	}
	if _, err := a.apply(ctx, &o.run); err != nil {
		return err
	}
	if o.once {
		return a.plan(ctx, &o.run.planOptions)
	}
	return a.runProgram(ctx, o.program)
}

// pointTo makes a throw-away Rivet the one that everything is about, whatever the configuration and the environment say. It has
// one namespace that its actors run in.
func (a *app) pointTo(endpoint string) {
	a.global.endpoint, a.global.namespace = endpoint, "default"
	a.env.Environ = devrivet.WithoutRivet(a.env.Environ)
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
	return "", operate.Problemf("No registry", "There is no folder registry with a package.json in %s or beside it. Say -registry=DIR.", dir)
}
