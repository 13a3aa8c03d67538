package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
)

func (a *app) validateCommand() *cli.Command {
	o := &runOptions{}
	return &cli.Command{
		Name:      "validate",
		Usage:     "check the configuration without a server",
		ArgsUsage: "[PATH]",
		Flags:     slices.Concat(o.view.flags(), o.source.flags()),
		Action:    o.source.atPath(func(ctx context.Context) error { return a.validate(ctx, o) }),
	}
}

// validate finds all that can be found without a server. Variables without a value are taken to be unknown.
func (a *app) validate(ctx context.Context, o *runOptions) error {
	screen := a.newScreen(o.view)
	s, err := a.load(ctx, o, screen, hcl.VariableSources{AllowMissing: true})
	if err != nil {
		return err
	}
	diags, err := s.evaluation.Observe(ctx, hcl.Server{})
	if err != nil {
		return err
	}
	if err := s.show(diags); err != nil {
		return err
	}
	n := len(s.evaluation.Desired())
	screen.result(fmt.Sprintf("The configuration is valid. It declares %d %s.", n, plural(n, "actor")))
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
