package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/internal/operate"
	"riveter/plan/view"
)

// validateOptions are the flags of validate.
type validateOptions struct {
	view   viewOptions
	source sourceOptions
}

func (a *app) validateCommand() *cli.Command {
	o := &validateOptions{}
	return &cli.Command{
		Name:      "validate",
		Usage:     "check the configuration without a server",
		ArgsUsage: "[PATH]",
		Flags:     slices.Concat(o.view.flags(), o.source.flags()),
		Action:    o.source.atPath(func(ctx context.Context) error { return a.validate(ctx, o) }),
	}
}

// validate finds all that can be found without a server. Variables without a value are taken to be unknown.
func (a *app) validate(ctx context.Context, o *validateOptions) error {
	display := a.newScreen(o.view)
	s, err := a.load(ctx, display, operate.LoadOptions{Path: o.source.path, Variables: o.source.variables, AllowMissing: true})
	if err != nil {
		return err
	}
	if err := s.show(s.config.Validate(ctx)); err != nil {
		return err
	}
	n := len(s.config.Evaluation.Desired())
	display.Result(fmt.Sprintf("The configuration is valid. It declares %s.", view.Count(n, "actor")))
	return nil
}
