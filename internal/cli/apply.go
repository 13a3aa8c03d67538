package cli

import (
	"cmp"
	"context"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/apply"
	"riveter/hcl"
	"riveter/plan"
	"riveter/plan/view"
)

func (a *app) applyCommand() *cli.Command {
	o := &runOptions{}
	return &cli.Command{
		Name:      "apply",
		Usage:     "create what is missing and make the calls that are due",
		ArgsUsage: "[PATH]",
		Flags: slices.Concat(o.planFlags(), o.decisionFlags(), o.applyFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "destroy", Usage: "destroy instead", Destination: &o.destroy},
		}),
		Action: o.source.atPath(func(ctx context.Context) error { _, err := a.apply(ctx, o); return err }),
	}
}

func (a *app) destroyCommand() *cli.Command {
	o := &runOptions{destroy: true}
	return &cli.Command{
		Name:      "destroy",
		Usage:     "destroy the declared actors",
		ArgsUsage: "[PATH]",
		Flags:     slices.Concat(o.planFlags(), o.applyFlags()),
		Action:    o.source.atPath(func(ctx context.Context) error { _, err := a.apply(ctx, o); return err }),
	}
}

// apply makes a plan, has it approved, and carries it out. It returns the session, which is closed, as far as it got.
func (a *app) apply(ctx context.Context, o *runOptions) (s *session, err error) {
	screen := a.newScreen(o.view)
	if err := o.checkApproval(&a.env); err != nil {
		screen.diagnostics(asDiagnostics(err), nil)
		return nil, exit(exitError)
	}
	s, err = a.load(ctx, o, screen, hcl.VariableSources{})
	if err != nil {
		return s, err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.open(ctx, string(o.mode()), false); err != nil {
		return s, err
	}
	p, err := s.plan(ctx)
	if err != nil {
		return s, err
	}
	return s, s.apply(ctx, p)
}

// apply has the plan approved, and carries it out.
func (s *session) apply(ctx context.Context, p *plan.Plan) error {
	summary := p.Summary()
	if summary.Unknown > 0 {
		return s.fail(undecided(summary.Unknown))
	}
	if summary.HasWork() {
		if err := s.options.approval.ask(ctx, &s.app.env, p); err != nil {
			return s.fail(err)
		}
	}
	if summary.Calls+summary.Always+summary.Conditional > 0 {
		if err := s.target.Prepare(ctx); err != nil {
			return s.fail(err)
		}
	}
	if err := s.run(ctx, p); err != nil {
		return err
	}
	return s.options.exitCode(summary)
}

// checkApproval holds the flags about asking together.
func (o *runOptions) checkApproval(e *Env) error {
	o.approval.input = o.approval.input && !e.isOff("RIVETER_INPUT")
	command := string(o.mode())
	if o.view.json && !o.approval.auto {
		return problem("Approval is needed", "With -json, riveter %s cannot ask before it changes anything. Add -auto-approve to go on without asking.", command)
	}
	return o.approval.check(e, command)
}

func undecided(steps int) error {
	return problem("Undecided steps", "Of %d %s nobody knows whether it was done, so nothing was applied. Decide with -rerun=ADDRESS to make the call, "+
		"-mark-done=ADDRESS to record it as done, or on_unknown in the step's block. The plan above marks them with a question mark.", steps, plural(steps, "step"))
}

// run carries out the plan and shows what became of it.
func (s *session) run(ctx context.Context, p *plan.Plan) error {
	made, err := s.settleNamespace(ctx, p)
	if err != nil {
		return s.fail(err)
	}
	stop := s.app.interrupts.graceful(func() {
		s.screen.note("Interrupted: nothing more is started, and what is running is let finish. Interrupt again to abort it.")
	})
	defer s.app.interrupts.abrupt()
	s.screen.begin(p)
	report := apply.Run(ctx, p, apply.Options{
		Executor:    s.target,
		Resolver:    &resolver{s.evaluation, s.app.secrets},
		Ledger:      s.memory(),
		DigestKey:   s.recalled.DigestKey,
		Parallelism: s.options.parallelism,
		KeepFailed:  s.options.keepFailed,
		Made:        made,
		Stop:        stop,
		OnEvent:     s.screen.event,
	})
	diags := s.failures(report)
	report.Checks = p.Checks
	if s.options.mode() == plan.ModeApply {
		var more hcl2.Diagnostics
		report.Outputs, more = s.outputs()
		diags = append(diags, more...)
		report.Checks, more = s.checks()
		diags = append(diags, more...)
	}
	s.keepSecrets(nil, report.Outputs)
	s.screen.report(s.describe(view.DescribeReport(report), diags), diags, s.config.Files())
	if report.Failed() || diags.HasErrors() {
		return exit(s.app.failed())
	}
	return nil
}
