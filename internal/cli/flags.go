package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl"
)

// viewOptions say how a run is shown.
type viewOptions struct {
	json    bool
	noColor bool
	concise bool
}

func (o *viewOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line", Destination: &o.json},
		&cli.BoolFlag{Name: "no-color", Usage: "print without colour", Destination: &o.noColor},
	}
}

// sourceOptions say which configuration is read and with which values.
type sourceOptions struct {
	path      string
	question  string      // an expression to evaluate, of the console
	variables []hcl.Given // in the order given
}

func (o *sourceOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "var", Usage: "value of a variable, as `NAME=VALUE`; may be repeated", Value: &variableFlag{into: &o.variables}},
		&cli.GenericFlag{Name: "var-file", Usage: "`FILE` with values of variables; may be repeated", Value: &variableFlag{into: &o.variables, file: true}},
	}
}

// load reads the configuration, with the question if there is one.
func (o *sourceOptions) load() (*hcl.Config, hcl2.Diagnostics) {
	if o.question != "" {
		return hcl.LoadExpression(o.path, o.question)
	}
	return hcl.Load(o.path)
}

// atPath returns the action of a command that takes one path, or works on the working directory.
func (o *sourceOptions) atPath(run func(context.Context) error) cli.ActionFunc {
	return func(c *cli.Context) error { return o.at(c, c.Args().Slice(), run) }
}

// at runs a command with its arguments, which are one path at most.
func (o *sourceOptions) at(c *cli.Context, args []string, run func(context.Context) error) error {
	if len(args) > 1 {
		return usageError(c, fmt.Errorf("%s takes one path, not %q", c.Command.Name, args), false)
	}
	o.path = "."
	if len(args) == 1 {
		o.path = args[0]
	}
	return run(c.Context)
}

// variableFlag keeps -var and -var-file in one list, in the order in which they are given.
type variableFlag struct {
	into *[]hcl.Given
	file bool
}

// Set implements cli.Generic.
func (f *variableFlag) Set(value string) error {
	given := hcl.Given{Assignment: value}
	if f.file {
		given = hcl.Given{File: value}
	}
	*f.into = append(*f.into, given)
	return nil
}

// String implements cli.Generic: there is no default.
func (f *variableFlag) String() string { return "" }

// limitFlag is a number that need not be given.
type limitFlag struct{ limit *int }

// Set implements cli.Generic.
func (f *limitFlag) Set(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no number of actors", value)
	}
	f.limit = &n
	return nil
}

// String implements cli.Generic: there is no default.
func (f *limitFlag) String() string { return "" }

// runOptions are the flags of plan, apply and destroy.
type runOptions struct {
	view   viewOptions
	source sourceOptions

	detailedExitCode bool
	lock             bool
	lockTimeout      time.Duration
	ledger           string

	destroy        bool
	verify         bool
	refresh        bool
	readInputs     bool
	includeAdopted bool
	rerun          cli.StringSlice
	markDone       cli.StringSlice
	invoke         cli.StringSlice
	replace        cli.StringSlice
	target         cli.StringSlice
	exclude        cli.StringSlice
	prune          bool
	maxDestroy     limitFlag

	approval    approval
	parallelism int
	keepFailed  bool
}

// planFlags are about what is planned.
func (o *runOptions) planFlags() []cli.Flag {
	return slices.Concat(o.view.flags(), o.source.flags(), o.ledgerFlags(), []cli.Flag{
		&cli.BoolFlag{Name: "concise", Usage: "print one line for each change", Destination: &o.view.concise},
		&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit with 2 when there are changes", Destination: &o.detailedExitCode},
		&cli.BoolFlag{Name: "refresh", Usage: "read from actors what the configuration asks of them", Value: true, Destination: &o.refresh},
		&cli.StringSliceFlag{Name: "target", Usage: "only the actors at `ADDRESS`, with what they depend on; may be repeated", Destination: &o.target},
		&cli.StringSliceFlag{Name: "exclude", Usage: "without the actors at `ADDRESS` and what depends on them; may be repeated", Destination: &o.exclude},
		&cli.GenericFlag{Name: "max-destroy", Usage: "destroy no more than `N` actors; 10 with -prune", Value: &o.maxDestroy},
		&cli.BoolFlag{Name: "include-adopted", Usage: "destroy actors that riveter did not create too", Destination: &o.includeAdopted},
	})
}

// ledgerFlags are about what is remembered.
func (o *runOptions) ledgerFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "lock", Usage: "lock the ledger", Value: true, Destination: &o.lock},
		&cli.DurationFlag{Name: "lock-timeout", Usage: "how long to wait for the lock of the ledger, such as `10s`", Destination: &o.lockTimeout},
		&cli.StringFlag{Name: "ledger", Usage: "`PATH` of the ledger, or \"none\", in place of the configuration's", Destination: &o.ledger},
	}
}

// decisionFlags are about what a person decides beyond the configuration.
func (o *runOptions) decisionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "rerun", Usage: "make the steps at `ADDRESS`, which may have * in it; may be repeated", Destination: &o.rerun},
		&cli.StringSliceFlag{Name: "replace", Usage: "destroy the actors at `ADDRESS` and create them anew; may be repeated", Destination: &o.replace},
		&cli.BoolFlag{Name: "read-inputs", Usage: "read back what actors were created with where the ledger does not know it; wakes them", Destination: &o.readInputs},
		&cli.BoolFlag{Name: "prune", Usage: "destroy actors that riveter created and the configuration no longer declares", Destination: &o.prune},
		&cli.StringSliceFlag{Name: "invoke", Usage: "make the steps at `ADDRESS` that say run = \"manual\"; may be repeated", Destination: &o.invoke},
		&cli.StringSliceFlag{Name: "mark-done", Usage: "record the steps at `ADDRESS` as done without making them; may be repeated", Destination: &o.markDone},
	}
}

func (o *runOptions) parallelismFlag() cli.Flag {
	return &cli.IntFlag{Name: "parallelism", Usage: "how many actors at a time; adapts to the server by default", Destination: &o.parallelism}
}

// applyFlags are about how a plan is carried out.
func (o *runOptions) applyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &o.approval.auto},
		&cli.BoolFlag{Name: "input", Usage: "ask where an answer is needed", Value: true, Destination: &o.approval.input},
		o.parallelismFlag(),
		&cli.BoolFlag{Name: "keep-failed", Usage: "leave actors that were created and do not start", Destination: &o.keepFailed},
	}
}
