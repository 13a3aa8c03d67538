package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/syntax"
	"riveter/internal/cli/screen"
	"riveter/internal/cli/usage"
	"riveter/internal/operate"
	"riveter/plan"
	"riveter/plan/value"
	"riveter/plan/view"
)

// outputOptions are the flags of output.
type outputOptions struct {
	view   viewOptions
	source sourceOptions
	ledger ledgerOptions
	raw    bool
}

func (a *app) outputCommand() *cli.Command {
	o := &outputOptions{}
	return &cli.Command{
		Name:        "output",
		Usage:       "print the outputs of the configuration as they are now, or one of them",
		ArgsUsage:   "[NAME]",
		Description: "The configuration is that of the working directory. Only the blocks that outputs refer to are looked at.",
		Flags: slices.Concat(o.source.flags(), o.ledger.flags(), []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print JSON", Destination: &o.view.json},
			&cli.BoolFlag{Name: "raw", Usage: "print the text of one output without quotation marks", Destination: &o.raw},
			o.source.keyPrefixFlag(),
			noColorFlag(&o.view),
		}),
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 || o.raw && c.NArg() == 0 {
				return usage.Error(c, errors.New("output takes the name of one output, or with nothing prints all; -raw needs one"))
			}
			return a.output(c.Context, o, c.Args().First())
		},
	}
}

// output prints the outputs, or the one of a name.
func (a *app) output(ctx context.Context, o *outputOptions, name string) (err error) {
	loading := o.source.loading(".")
	loading.OnlyOutputs = true
	s, err := a.load(ctx, a.newScreen(o.view), loading)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, s.close(ctx)) }()
	if err := s.open(ctx, o.ledger, "output", true); err != nil {
		return err
	}
	outputs, diags := s.Outputs(ctx)
	if err := s.show(diags); err != nil {
		return err
	}
	if name == "" {
		return a.printOutputs(outputs, o)
	}
	output, ok := outputs[name]
	if !ok {
		known := slices.Sorted(maps.Keys(outputs))
		return operate.Problemf("No such output", "The configuration has no output %q.%s", name, syntax.SuggestMember(name, known))
	}
	return a.printOutput(name, output, o)
}

func (a *app) printOutputs(outputs map[string]plan.Output, o *outputOptions) error {
	described := view.DescribeOutputs(outputs)
	if o.view.json {
		return screen.WriteJSON(a.env.Stdout, described, screen.Outputs)
	}
	return view.DrawOutputs(a.env.Stdout, described, a.drawing(o.view))
}

func (a *app) printOutput(name string, output plan.Output, o *outputOptions) error {
	switch {
	case output.Sensitive || value.HasDeclared(output.Value):
		return operate.Problemf("Output is sensitive", "The output %q is marked sensitive, and what is so is not printed. A program gets it by \"riveter dev -- PROGRAM\", or remove the mark.", name)
	case !output.Value.IsWhollyKnown():
		return operate.Problemf("Output is not known", "The output %q depends on what only an apply makes.", name)
	case o.raw:
		return a.printRaw(name, output.Value)
	case o.view.json:
		return screen.WriteJSON(a.env.Stdout, view.EncodeValue(output.Value), nil)
	default:
		return view.DrawValue(a.env.Stdout, output.Value, a.drawing(o.view))
	}
}

// printRaw prints what can be a text, and nothing after it.
func (a *app) printRaw(name string, v cty.Value) error {
	v, _ = v.UnmarkDeep()
	text, err := convert.Convert(v, cty.String)
	if err != nil || text.IsNull() {
		return operate.Problemf("Output is no text", "The output %q is neither a string nor a number nor a bool, so -raw cannot print it. Use -json.", name)
	}
	_, err = fmt.Fprint(a.env.Stdout, strings.ToValidUTF8(text.AsString(), "\uFFFD"))
	return err
}

// writeOutputs writes the outputs of a configuration that was applied to a file that nobody else may read: sensitive ones too.
func writeOutputs(path string, c *operate.Configuration) error {
	values, err := plainOutputs(c)
	if err != nil {
		return err
	}
	data, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// plainOutputs returns the outputs of a configuration that was applied, for a program: sensitive ones too.
func plainOutputs(c *operate.Configuration) (map[string]json.RawMessage, error) {
	outputs, diags := c.Evaluation.Outputs()
	if diags.HasErrors() {
		return nil, &operate.Problem{Diagnostics: diags}
	}
	values := make(map[string]json.RawMessage, len(outputs))
	for _, o := range outputs {
		plain, _ := o.Value.UnmarkDeep()
		values[o.Name] = view.EncodeValue(plain)
	}
	return values, nil
}
