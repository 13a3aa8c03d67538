package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/plan/view"
)

// validateOptions are the flags of validate.
type validateOptions struct {
	view   viewOptions
	source sourceOptions
	online bool
	wake   bool
}

func (a *app) validateCommand() *cli.Command {
	o := &validateOptions{}
	return &cli.Command{
		Name:      "validate",
		Usage:     "check the configuration, without a server or with it",
		ArgsUsage: "[PATH]",
		Description: `Reads the files and evaluates them as far as that needs no server. As many problems as can be found are reported in one run. Variables
without a value are not asked for.`,
		Flags: slices.Concat(o.view.flags(), o.source.flags(), []cli.Flag{
			&cli.BoolFlag{Name: "online", Usage: "ask the server too: for the names of actors, pools and, of actors that are awake, actions", Destination: &o.online},
			&cli.BoolFlag{Name: "wake", Usage: "with -online, wake actors to ask for their actions", Destination: &o.wake},
		}),
		Action: o.source.atPath(func(ctx context.Context) error { return a.validate(ctx, o) }),
	}
}

// validate finds all that can be found without a server, and more with one. Variables without a value are taken to be unknown.
func (a *app) validate(ctx context.Context, o *validateOptions) (err error) {
	display := a.newScreen(o.view)
	loading := o.source.loading(o.source.path)
	loading.AllowMissing, loading.OnlyCheck = true, !o.online
	s, err := a.load(ctx, display, loading)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.check(ctx, o); err != nil {
		return err
	}
	n := len(s.config.Evaluation.Desired())
	display.Result(fmt.Sprintf("The configuration is valid. It declares %s.", view.Count(n, "actor")))
	return nil
}

// check finds the problems that can be found after the configuration is loaded.
func (s *session) check(ctx context.Context, o *validateOptions) error {
	if !o.online {
		return s.show(s.config.Validate(ctx))
	}
	if err := s.open(ctx, ledgerOptions{path: "none"}, "validate", true); err != nil {
		return err
	}
	return s.show(s.CheckOnline(ctx, o.wake))
}
