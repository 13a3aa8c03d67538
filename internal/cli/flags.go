package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/client"
	"riveter/hcl"
	"riveter/hcl/syntax"
	"riveter/internal/cli/usage"
	"riveter/internal/operate"
	"riveter/plan/view"
)

// viewOptions say how a run is shown.
type viewOptions struct {
	json    bool
	noColor bool
	concise bool
	verbose bool
	quiet   bool
}

func (o *viewOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line", Destination: &o.json},
		noColorFlag(o),
	}
}

// drawingFlags say how much of a plan is drawn for a person.
func drawingFlags(o *viewOptions) []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "concise", Usage: "print one line for each change", Destination: &o.concise},
		&cli.BoolFlag{Name: "verbose", Usage: "print every instance by itself, and long values in full", Destination: &o.verbose},
	}
}

// sourceOptions say which configuration is read and with which values.
type sourceOptions struct {
	path      string
	variables []hcl.Given // in the order given
	keyPrefix []string    // before every key that is declared
}

func (o *sourceOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "var", Usage: "value of a variable, as `NAME=VALUE`; may be repeated", Value: read(func(text string) error {
			o.variables = append(o.variables, hcl.Given{Assignment: text})
			return nil
		})},
		&cli.GenericFlag{Name: "var-file", Usage: "`FILE` with values of variables; may be repeated", Value: read(func(text string) error {
			o.variables = append(o.variables, hcl.Given{File: text})
			return nil
		})},
	}
}

// loading is how the configuration at a path is read, which is that of the working directory where no command line names one.
func (o *sourceOptions) loading(path string) operate.LoadOptions {
	return operate.LoadOptions{Path: path, KeyPrefix: o.keyPrefix, Variables: o.variables}
}

func (o *sourceOptions) keyPrefixFlag() cli.Flag {
	return &cli.GenericFlag{
		Name: "key-prefix", Usage: "put the parts `A/B` before every key that is declared" + keyPrefixSpelling, Value: keyPrefix(&o.keyPrefix),
	}
}

// keyPrefixSpelling says how the parts of a key are told apart.
const keyPrefixSpelling = "; in a part, / is written \\/ and \\ is \\\\"

// keyPrefix reads the first parts of a key, spelt as keys are on the wire. A prefix that is asked for has parts: one that a script
// made of nothing must not mean every actor.
func keyPrefix(into *[]string) read {
	return func(text string) error {
		prefix := client.ParseKey(text)
		if len(prefix) == 0 {
			return errors.New("the prefix has no parts; leave the flag out where every key is meant as it is declared")
		}
		if spelling := prefix.String(); spelling != text {
			return fmt.Errorf(`that is not how a key is spelt, as %s would be %s: parts are separated by /, an empty part is \0, and inside of a part / is \/ and \ is \\`, view.KeyText(prefix), spelling)
		}
		*into = prefix
		return nil
	}
}

// atPath returns the action of a command that takes one path, or works on the working directory.
func (o *sourceOptions) atPath(run func(context.Context) error) cli.ActionFunc {
	return func(c *cli.Context) error { return o.at(c, c.Args().Slice(), run) }
}

// at runs a command with its arguments, which are one path at most.
func (o *sourceOptions) at(c *cli.Context, args []string, run func(context.Context) error) error {
	if len(args) > 1 {
		return usage.Error(c, fmt.Errorf("%s takes one path, not %s", c.Command.Name, syntax.QuoteAll(args)))
	}
	o.path = "."
	if len(args) == 1 {
		o.path = args[0]
	}
	if o.path == "" {
		return usage.Error(c, errors.New("the path is empty; leave it out, or say what is meant"))
	}
	return run(c.Context)
}

// exists says that there is nothing at the path, before anything else is asked for.
func (o *sourceOptions) exists() error {
	if _, err := os.Stat(o.path); errors.Is(err, fs.ErrNotExist) {
		return &operate.Problem{Diagnostics: hcl2.Diagnostics{syntax.Unreadable(o.path, err)}}
	}
	return nil
}

// read reads the text of a flag that has no default. It implements cli.Generic.
type read func(text string) error

// Set implements cli.Generic.
func (r read) Set(text string) error { return r(text) }

// String implements cli.Generic.
func (read) String() string { return "" }

// positiveFlag is a number of which there is at least one. What is there before it is read is its default, and zero is none.
type positiveFlag struct{ into *int }

// Set implements cli.Generic.
func (f *positiveFlag) Set(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no whole number from 1 on", value)
	}
	*f.into = n
	return nil
}

// String implements cli.Generic.
func (f *positiveFlag) String() string {
	if f.into == nil || *f.into == 0 {
		return ""
	}
	return strconv.Itoa(*f.into)
}

// waitFlag is how long to wait, which may be not at all.
type waitFlag struct{ into *time.Duration }

// Set implements cli.Generic.
func (f *waitFlag) Set(value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no time such as 10s", value)
	}
	*f.into = d
	return nil
}

// String implements cli.Generic.
func (f *waitFlag) String() string {
	if f.into == nil {
		return ""
	}
	return f.into.String()
}

// ledgerOptions say which ledger is used, and how.
type ledgerOptions struct {
	lock    bool
	timeout time.Duration // for the lock
	path    string        // in place of the configuration's; "none" for none
}

func (o *ledgerOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "lock", Usage: "lock the ledger", Value: true, Destination: &o.lock},
		&cli.GenericFlag{Name: "lock-timeout", Usage: "how long to wait for the lock of the ledger, such as `10s`", Value: &waitFlag{&o.timeout}},
		&cli.StringFlag{Name: "ledger", Usage: "`PATH` of the ledger, or \"none\", in place of the configuration's", Destination: &o.path},
	}
}

func noColorFlag(o *viewOptions) cli.Flag {
	return &cli.BoolFlag{Name: "no-color", Usage: "print without colour", Destination: &o.noColor}
}

func (a *app) parallelismFlag() cli.Flag {
	return &cli.GenericFlag{Name: "parallelism", Usage: "look at, create and call `N` actors at a time; without it, as many as the server takes", Value: &positiveFlag{&a.parallelism}}
}
