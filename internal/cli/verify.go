package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/internal/operate"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	view        viewOptions
	source      sourceOptions
	ledger      ledgerOptions
	parallelism int
}

func (a *app) verifyCommand() *cli.Command {
	o := &verifyOptions{}
	return &cli.Command{
		Name:      "verify",
		Usage:     "check every ensure, expect and check, and send nothing",
		ArgsUsage: "[PATH]",
		Flags:     slices.Concat(o.view.flags(), o.source.flags(), o.ledger.flags(), []cli.Flag{parallelismFlag(&o.parallelism)}),
		Action:    o.source.atPath(func(ctx context.Context) error { return a.verify(ctx, o) }),
	}
}

// verify looks whether everything that the configuration says of live actors is so.
func (a *app) verify(ctx context.Context, o *verifyOptions) (err error) {
	s, err := a.load(ctx, a.newScreen(o.view), operate.LoadOptions{Path: o.source.path, Variables: o.source.variables})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.open(ctx, o.ledger, "verify", true); err != nil {
		return err
	}
	return s.report(s.Verify(ctx, operate.ApplyOptions{Parallelism: o.parallelism, Stop: s.stopOnInterrupt()}))
}
