package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/screen"
	"riveter/internal/operate"
	"riveter/plan"
)

// planOptions are the flags of plan, and what apply and destroy have in common with it.
type planOptions struct {
	view             viewOptions
	source           sourceOptions
	ledger           ledgerOptions
	orders           orders
	saving           savingOptions
	files            map[string][]byte // that were read already, in place of those on the disk; nil for these
	destroy          bool
	detailedExitCode bool
}

func (a *app) planFlags(o *planOptions) []cli.Flag {
	return slices.Concat(o.view.flags(), []cli.Flag{a.jsonIntoFlag(), a.parallelismFlag(), o.source.keyPrefixFlag()}, drawingFlags(&o.view), o.source.flags(), o.ledger.flags(), o.orders.scopeFlags(), []cli.Flag{
		&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit with 2 when there are changes", Destination: &o.detailedExitCode},
	})
}

func (a *app) planCommand() *cli.Command {
	o := &planOptions{}
	return &cli.Command{
		Name:      "plan",
		Usage:     "show what apply would do",
		ArgsUsage: "[PATH]",
		Description: `Asks the server which of the declared actors exist and the ledger which calls were made, and shows what is missing. It changes nothing
and takes no lock. What expressions name of live actors is read, which wakes them. A step with ? was perhaps made before: nobody knows,
and apply does not start until -mark-done, -rerun or -on-unknown decides.`,
		Flags: slices.Concat(a.planFlags(o), o.orders.decisionFlags(), o.orders.doubtFlags(), o.saving.flags(), []cli.Flag{
			&cli.BoolFlag{Name: "destroy", Usage: "show what destroy would do", Destination: &o.destroy},
			&cli.BoolFlag{Name: "input", Usage: "ask where an answer is needed, which is never so: for scripts that say -input=false to everything", Value: true},
		}),
		Action: o.source.atPath(func(ctx context.Context) error { return a.plan(ctx, o) }),
	}
}

// plan makes a plan, shows it, and leaves everything as it is.
func (a *app) plan(ctx context.Context, o *planOptions) (err error) {
	s, p, err := a.makePlan(ctx, a.newScreen(o.view), o, "plan", true)
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err != nil {
		return err
	}
	if err := o.saving.save(s, p, o.ledger.path); err != nil {
		return s.show(operate.Diagnose(err))
	}
	return o.exitCode(p.Plan.Summary())
}

// makePlan makes a plan and shows it, or that there is none. The session is to be closed, also after an error.
func (a *app) makePlan(ctx context.Context, display screen.Screen, o *planOptions, operation string, readOnly bool) (*session, *operate.Planned, error) {
	s := &session{app: a, screen: display}
	p, err := s.makePlan(ctx, o, operation, readOnly)
	if p == nil && !a.interrupts.Happened() {
		display.PlanFailed(len(s.errors))
	}
	return s, p, err
}

func (s *session) makePlan(ctx context.Context, o *planOptions, operation string, readOnly bool) (*operate.Planned, error) {
	orders, err := o.orders.parse()
	if err != nil {
		return nil, s.show(operate.Diagnose(err))
	}
	loading := o.source.loading(o.source.path)
	loading.Selection, loading.Saved, loading.OnlyExisting = o.selection(orders), o.files, o.destroy
	if err := s.load(ctx, loading); err != nil {
		return nil, err
	}
	if err := s.open(ctx, o.ledger, operation, readOnly); err != nil {
		return nil, err
	}
	p, diags := s.Plan(ctx, operate.PlanOptions{Mode: o.mode(), Orders: orders, ReadInputs: o.orders.readInputs})
	return p, s.showPlan(p, diags)
}

// exitCode says with -detailed-exitcode whether there are changes.
func (o *planOptions) exitCode(s plan.Summary) error {
	if o.detailedExitCode && s.Changed() {
		return exit(exitChanges)
	}
	return nil
}

func (o *planOptions) mode() plan.Mode {
	if o.destroy {
		return plan.ModeDestroy
	}
	return plan.ModeApply
}

// selection is what a partial plan is about. A destroy takes along what refers to it instead, which may be anything.
func (o *planOptions) selection(orders plan.Orders) hcl.Selection {
	if o.destroy {
		return nil
	}
	return selection(orders)
}

// selection is what a partial run is about; nil for everything.
func selection(orders plan.Orders) hcl.Selection {
	if !orders.IsPartial() {
		return nil
	}
	return orders
}
