package cli

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/urfave/cli/v2"

	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/address"
)

// orders are what a person decides beyond the configuration, as flags say it.
type orders struct {
	refresh        bool
	readInputs     bool
	includeAdopted bool
	fixture        bool // as of [plan.Orders], which no flag says
	ownLedger      bool // the same
	prune          bool
	maxDestroy     *int
	target         cli.StringSlice
	exclude        cli.StringSlice
	ignore         cli.StringSlice
	rerun          cli.StringSlice
	markDone       cli.StringSlice
	onUnknown      string
	invoke         cli.StringSlice
	replace        cli.StringSlice
}

// selectionFlags say which actors a run is about.
func (o *orders) selectionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "target", Usage: "only the actors at `ADDRESS`, with what they depend on; may be repeated", Destination: &o.target},
		&cli.StringSliceFlag{Name: "exclude", Usage: "without the actors at `ADDRESS` and what depends on them; may be repeated", Destination: &o.exclude},
	}
}

// scopeFlags say how much of the configuration is looked at.
func (o *orders) scopeFlags() []cli.Flag {
	return append(o.selectionFlags(),
		&cli.BoolFlag{Name: "refresh", Usage: "read from actors what the configuration asks of them", Value: true, Destination: &o.refresh},
		&cli.GenericFlag{Name: "max-destroy", Usage: "destroy no more than `N` actors; 10 with -prune", Value: read(o.readMaxDestroy)},
		&cli.BoolFlag{Name: "include-adopted", Usage: "destroy actors that riveter did not create too", Destination: &o.includeAdopted},
	)
}

func (o *orders) readMaxDestroy(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no number of actors", text)
	}
	o.maxDestroy = &n
	return nil
}

// decisionFlags decide about single actors and steps that an apply makes.
func (o *orders) decisionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "replace", Usage: "destroy the actors at `ADDRESS` and create them anew; may be repeated", Destination: &o.replace},
		&cli.BoolFlag{Name: "read-inputs", Usage: "read back what actors were created with where the ledger does not know it; wakes them", Destination: &o.readInputs},
		&cli.BoolFlag{Name: "prune", Usage: "destroy actors that riveter created and the configuration no longer declares", Destination: &o.prune},
		&cli.StringSliceFlag{Name: "invoke", Usage: "make the steps at `ADDRESS` that say run = \"manual\"; may be repeated", Destination: &o.invoke},
	}
}

// doubtFlags decide about steps of which nobody knows whether they were done.
func (o *orders) doubtFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "rerun", Usage: "make the steps at `ADDRESS`, which may have * in it; may be repeated", Destination: &o.rerun},
		&cli.StringSliceFlag{Name: "mark-done", Usage: "record the steps at `ADDRESS` as done without making them; may be repeated", Destination: &o.markDone},
		&cli.StringFlag{Name: "on-unknown", Usage: "`run`, done or skip the steps of which nobody knows whether they were done, and no others", Destination: &o.onUnknown},
	}
}

// parse reads the patterns of the flags.
func (o *orders) parse() (plan.Orders, error) {
	if o.readInputs && !o.refresh {
		return plan.Orders{}, operate.Problemf("Conflicting flags", "-read-inputs reads from actors, and -refresh=false forbids it. Leave one of them out.")
	}
	parsed := plan.Orders{IncludeAdopted: o.includeAdopted, Fixture: o.fixture, OwnLedger: o.ownLedger, NoRefresh: !o.refresh, Prune: o.prune, MaxDestroy: o.maxDestroy}
	if parsed.OnUnknown = plan.UnknownOrder(o.onUnknown); !slices.Contains([]plan.UnknownOrder{plan.OrderNone, plan.OrderRun, plan.OrderDone, plan.OrderSkip}, parsed.OnUnknown) {
		return parsed, operate.Problemf("Invalid flag", "-on-unknown is run, done or skip, not %q.", o.onUnknown)
	}
	for _, flag := range []struct {
		name  string
		from  []string
		into  *[]address.Pattern
		parse func(string) (address.Pattern, error)
	}{
		{"-rerun", o.rerun.Value(), &parsed.Rerun, address.ParseStepPattern},
		{"-mark-done", o.markDone.Value(), &parsed.MarkDone, address.ParseStepPattern},
		{"-invoke", o.invoke.Value(), &parsed.Invoke, address.ParseStepPattern},
		{"-replace", o.replace.Value(), &parsed.Replace, address.ParsePattern},
		{"-target", o.target.Value(), &parsed.Target, address.ParsePattern},
		{"-exclude", o.exclude.Value(), &parsed.Exclude, address.ParsePattern},
		{"-ignore", o.ignore.Value(), &parsed.Ignore, address.ParseFactPattern},
	} {
		for _, text := range flag.from {
			pattern, err := flag.parse(text)
			if err != nil {
				return parsed, operate.Problemf("Invalid address", "%s: %s.", flag.name, err)
			}
			*flag.into = append(*flag.into, pattern)
		}
	}
	return parsed, nil
}
