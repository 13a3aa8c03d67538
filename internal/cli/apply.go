package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/internal/cli/screen"
	"riveter/internal/operate"
	"riveter/internal/redact"
)

// applyOptions are the flags of apply and destroy.
type applyOptions struct {
	planOptions
	approval    approval
	expectation expectation
	stale       string           // what is done about what of a saved plan is stale
	approved    operate.Approved // what the expectation is, once it is read
	keepFailed  bool
	cleaning    bool // after a run that has ended, however it did: the first interrupt does not stop it
}

func (a *app) applyFlags(o *applyOptions) []cli.Flag {
	return append(slices.Concat(a.planFlags(&o.planOptions), o.expectation.flags()),
		&cli.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &o.approval.auto},
		&cli.BoolFlag{Name: "input", Usage: "ask where an answer is needed", Value: true, Destination: &o.approval.input},
		&cli.BoolFlag{Name: "keep-failed", Usage: "leave actors that were created and do not start", Destination: &o.keepFailed},
	)
}

func (a *app) applyCommand() *cli.Command {
	o := &applyOptions{}
	return &cli.Command{
		Name:      "apply",
		Usage:     "create what is missing and make the calls that are due",
		ArgsUsage: "[PATH or FILE]",
		Description: `Plans, shows the plan, asks, and does exactly that. What was done is remembered in the ledger, so that a second apply does nothing. FILE is a
saved plan, about which nobody is asked. An interrupt starts nothing more and lets running calls finish; a second one aborts them, and
they are then in doubt. It destroys nothing, unless -prune, -replace or a removed block says so.`,
		Flags: slices.Concat(a.applyFlags(o), o.orders.decisionFlags(), o.orders.doubtFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "destroy", Usage: "destroy instead", Destination: &o.destroy},
			&cli.StringFlag{Name: "stale", Usage: "`skip` what of a saved plan is not any more as it was presumed, and apply the rest", Destination: &o.stale},
		}),
		Action: func(c *cli.Context) error {
			if path := c.Args().First(); c.NArg() == 1 && isPlanFile(path) {
				return a.applyFile(c.Context, o, path, refusePlanning(c))
			}
			if o.stale != "" {
				return operate.Problemf("Conflicting flags", "-stale is about a saved plan, and none is given.")
			}
			return o.source.at(c, c.Args().Slice(), func(ctx context.Context) error { _, err := a.apply(ctx, o); return err })
		},
	}
}

func (a *app) destroyCommand() *cli.Command {
	o := &applyOptions{planOptions: planOptions{destroy: true}}
	return &cli.Command{
		Name:      "destroy",
		Usage:     "destroy the declared actors",
		ArgsUsage: "[PATH]",
		Description: `Destroys the declared actors that riveter created, dependents first, after their steps with run = "on_destroy". Those that it only adopted stay,
unless -include-adopted says otherwise. Whoever is asked must enter the name of the namespace.`,
		Flags:  append(a.applyFlags(o), o.orders.doubtFlags()...),
		Action: o.source.atPath(func(ctx context.Context) error { _, err := a.apply(ctx, o); return err }),
	}
}

// apply makes a plan, has it approved, and carries it out. It returns the configuration as far as it was read.
func (a *app) apply(ctx context.Context, o *applyOptions) (config *operate.Configuration, err error) {
	display, command := a.newScreen(o.view), string(o.mode())
	err = o.source.exists()
	if err == nil {
		err = o.approval.check(&a.env, o.view.json, command)
	}
	if err == nil {
		o.approved, err = o.expectation.read(&a.env)
	}
	if err != nil {
		display.Diagnostics(operate.Diagnose(err), nil)
		return nil, exit(exitError)
	}
	s, p, err := a.makeApproved(ctx, display, o, command)
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err != nil {
		return s.config, err
	}
	return s.config, s.apply(ctx, p, o)
}

// makeApproved makes the plan that is to be applied. Where only one is approved, it looks before the ledger is locked, or the actor made
// that keeps it: another plan is refused with nothing sent but reads. The same files are read once.
func (a *app) makeApproved(ctx context.Context, display screen.Screen, o *applyOptions, command string) (*session, *operate.Planned, error) {
	if o.approved.Transition == "" {
		return a.makePlan(ctx, display, &o.planOptions, command, false)
	}
	held := screen.Hold(display)
	s, p, err := a.makePlan(ctx, held, &o.planOptions, command, true)
	if err == nil && !p.Unapproved(o.approved).HasErrors() {
		err = s.close(ctx)
		again := o.planOptions
		again.files = s.config.Sources()
		if err == nil {
			return a.makePlan(ctx, display, &again, command, false)
		}
	}
	held.Release()
	s.screen = display
	return s, p, err
}

// apply has the plan approved, and carries it out.
func (s *session) apply(ctx context.Context, p *operate.Planned, o *applyOptions) error {
	if err := s.show(slices.Concat(p.Unapproved(o.approved), p.Undecided(), s.Ready(p))); err != nil {
		return err
	}
	summary := p.Plan.Summary()
	if summary.HasWork() {
		if err := o.approval.ask(ctx, &s.app.env, p.Plan); err != nil {
			return s.show(operate.Diagnose(err))
		}
	}
	how := operate.ApplyOptions{Parallelism: s.app.parallelism, KeepFailed: o.keepFailed}
	if !o.cleaning {
		how.Stop = s.stopOnInterrupt()
	}
	s.app.interrupts.Hold()
	applied, diags := s.Apply(ctx, p, how)
	if err := s.report(applied, diags); err != nil {
		return err
	}
	return o.exitCode(summary)
}

// stopOnInterrupt returns a channel that an interrupt closes, so that running calls finish.
func (s *session) stopOnInterrupt() <-chan struct{} {
	return s.app.interrupts.Graceful(func() {
		s.screen.Note("Interrupted: nothing more is started, and what is running is let finish. Interrupt again to abort it.")
	})
}

// report shows what became of a plan, or why it was not carried out.
func (s *session) report(applied *operate.Applied, diags hcl2.Diagnostics) error {
	s.app.interrupts.Abrupt()
	if applied == nil {
		return s.show(diags)
	}
	s.screen.Report(applied.Document, diags, s.config.Files())
	if out, ok := s.app.env.Stdout.(*redact.Writer); ok && out.Flush() != nil { // it was closed meanwhile
		fmt.Fprintln(s.app.env.Stderr, applied.Document.ReportLine())
	}
	if applied.Report.Failed() {
		return exit(s.app.failed())
	}
	return s.outcome(diags)
}
