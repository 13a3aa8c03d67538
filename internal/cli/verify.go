package cli

import (
	"cmp"
	"context"
	"io"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/internal/atomicfile"
	"riveter/internal/operate"
	"riveter/plan/view"
	"riveter/plan/view/junit"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	view             viewOptions
	source           sourceOptions
	ledger           ledgerOptions
	orders           orders
	detailedExitCode bool
	junit            string
}

func (a *app) verifyCommand() *cli.Command {
	o := &verifyOptions{}
	return &cli.Command{
		Name:      "verify",
		Usage:     "check every ensure, expect and check, and send nothing",
		ArgsUsage: "[PATH]",
		Description: `Looks whether every declared actor is there, and whether every ensure, expect, postcondition and check holds. It sends the declared reads
and nothing else, so that it may run on a schedule. The exit code is 1 when something does not hold.`,
		Flags: slices.Concat(o.view.flags(), o.source.flags(), o.ledger.flags(), o.orders.selectionFlags(), []cli.Flag{
			&cli.StringSliceFlag{Name: "ignore", Usage: "do not look at the actors, facts or checks at `ADDRESS`, which may have * in it; may be repeated", Destination: &o.orders.ignore},
			a.jsonIntoFlag(),
			a.parallelismFlag(),
			o.source.keyPrefixFlag(),
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit with 2 when something does not hold, and with 1 when nobody can tell", Destination: &o.detailedExitCode},
			&cli.StringFlag{Name: "junit-xml", Usage: "write the facts to `FILE` as test cases", Destination: &o.junit},
		}),
		Action: o.source.atPath(func(ctx context.Context) error { return a.verify(ctx, o) }),
	}
}

// verify looks whether everything that the configuration says of live actors is so.
func (a *app) verify(ctx context.Context, o *verifyOptions) (err error) {
	s := &session{app: a, screen: a.newScreen(o.view)}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	v, diags, err := s.verify(ctx, o)
	if err != nil { // which was shown
		if err := o.keep(a, nil, s.errors); err != nil {
			return s.show(operate.Diagnose(err))
		}
		return err
	}
	if err := o.keep(a, v, diags); err != nil {
		return s.show(append(diags, operate.Diagnose(err)...))
	}
	if v == nil {
		return s.report(nil, diags)
	}
	if err := s.report(v.Applied, diags); !o.detailedExitCode || v.Unclear || !v.Drifted {
		return err
	}
	return exit(exitChanges)
}

func (s *session) verify(ctx context.Context, o *verifyOptions) (*operate.Verified, hcl2.Diagnostics, error) {
	o.orders.refresh = true
	orders, err := o.orders.parse()
	if err != nil {
		return nil, nil, s.show(operate.Diagnose(err))
	}
	loading := o.source.loading(o.source.path)
	loading.Selection = selection(orders)
	if err := s.load(ctx, loading); err != nil {
		return nil, nil, err
	}
	if err := s.open(ctx, o.ledger, "verify", true); err != nil {
		return nil, nil, err
	}
	v, diags := s.Verify(ctx, operate.VerifyOptions{
		ApplyOptions: operate.ApplyOptions{Parallelism: s.app.parallelism}, Orders: orders,
	})
	return v, diags, nil
}

// keep writes the test results if they are wanted: where nobody can tell, that.
func (o *verifyOptions) keep(a *app, v *operate.Verified, diags hcl2.Diagnostics) error {
	switch {
	case o.junit == "":
		return nil
	case v == nil:
		return a.writeJUnit(o.junit, &view.Document{}, diags)
	default:
		return a.writeJUnit(o.junit, v.Document, v.Problems)
	}
}

// writeJUnit writes what was verified to a file, and the problems that are about none of it.
func (a *app) writeJUnit(path string, d *view.Document, diags hcl2.Diagnostics) error {
	if err := a.guard.Check(path); err != nil {
		return err
	}
	problems := make([]*view.Diagnostic, len(diags))
	for i, diag := range diags {
		problems[i] = view.DescribeDiagnostic(diag, nil)
		problems[i].Detail = a.secrets.Redact(diag.Detail)
	}
	write := func(w io.Writer) error { return junit.Write(w, d, problems) }
	if err := atomicfile.Write(path, 0o644, write); err != nil {
		return operate.Problemf("Test results cannot be written", "%s.", err)
	}
	return nil
}
