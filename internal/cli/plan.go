package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/plan"
	"riveter/plan/address"
)

func (a *app) planCommand() *cli.Command {
	o := &runOptions{}
	return &cli.Command{
		Name:      "plan",
		Usage:     "show what apply would do",
		ArgsUsage: "[PATH]",
		Flags: slices.Concat(o.planFlags(), o.decisionFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "destroy", Usage: "show what destroy would do", Destination: &o.destroy},
		}),
		Action: o.source.atPath(func(ctx context.Context) error { return a.plan(ctx, o) }),
	}
}

// plan makes a plan, shows it, and leaves everything as it is.
func (a *app) plan(ctx context.Context, o *runOptions) (err error) {
	s, err := a.load(ctx, o, a.newScreen(o.view), hcl.VariableSources{})
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.open(ctx, "plan", true); err != nil {
		return err
	}
	p, err := s.plan(ctx)
	if err != nil {
		return err
	}
	return o.exitCode(p.Summary())
}

// exitCode says with -detailed-exitcode whether there are changes.
func (o *runOptions) exitCode(s plan.Summary) error {
	if o.detailedExitCode && s.Changed() {
		return exit(exitChanges)
	}
	return nil
}

func (o *runOptions) mode() plan.Mode {
	switch {
	case o.destroy:
		return plan.ModeDestroy
	case o.verify:
		return plan.ModeVerify
	default:
		return plan.ModeApply
	}
}

// selection is what a partial plan is about. A destroy takes along what refers to it instead, which may be anything.
func (o *runOptions) selection(orders plan.Orders) hcl.Selection {
	if o.destroy || !orders.IsPartial() {
		return nil
	}
	return orders
}

// orders reads the patterns of the flags.
func (o *runOptions) orders() (plan.Orders, error) {
	if o.readInputs && !o.refresh {
		return plan.Orders{}, problem("Conflicting flags", "-read-inputs reads from actors, and -refresh=false forbids it. Leave one of them out.")
	}
	orders := plan.Orders{IncludeAdopted: o.includeAdopted, NoRefresh: !o.refresh, Prune: o.prune, MaxDestroy: o.maxDestroy.limit}
	for _, flag := range []struct {
		name string
		from []string
		into *[]address.Pattern
	}{
		{"-rerun", o.rerun.Value(), &orders.Rerun},
		{"-mark-done", o.markDone.Value(), &orders.MarkDone},
		{"-invoke", o.invoke.Value(), &orders.Invoke},
		{"-replace", o.replace.Value(), &orders.Replace},
		{"-target", o.target.Value(), &orders.Target},
		{"-exclude", o.exclude.Value(), &orders.Exclude},
	} {
		for _, text := range flag.from {
			pattern, err := address.ParsePattern(text)
			if err != nil {
				return orders, problem("Invalid address", "%s: %s.", flag.name, err)
			}
			*flag.into = append(*flag.into, pattern)
		}
	}
	return orders, nil
}
