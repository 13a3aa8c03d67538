package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
)

func (a *app) verifyCommand() *cli.Command {
	o := &runOptions{verify: true, refresh: true}
	return &cli.Command{
		Name:      "verify",
		Usage:     "check every ensure, expect and check, and send nothing",
		ArgsUsage: "[PATH]",
		Flags:     slices.Concat(o.view.flags(), o.source.flags(), o.ledgerFlags(), []cli.Flag{o.parallelismFlag()}),
		Action:    o.source.atPath(func(ctx context.Context) error { return a.verify(ctx, o) }),
	}
}

// verify looks whether everything that the configuration says of live actors is so.
func (a *app) verify(ctx context.Context, o *runOptions) (err error) {
	s, err := a.load(ctx, o, a.newScreen(o.view), hcl.VariableSources{})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.open(ctx, "verify", true); err != nil {
		return err
	}
	p, err := s.plan(ctx)
	if p == nil {
		return err
	}
	return cmp.Or(err, s.run(ctx, p))
}
