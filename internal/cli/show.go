package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/hcl/syntax"
	"riveter/internal/cli/usage"
	"riveter/internal/operate"
	"riveter/plan/view"
	"riveter/plan/view/markdown"
	"riveter/plan/view/page"
)

// showOptions are the flags of show.
type showOptions struct {
	view     viewOptions
	format   string
	maxBytes int
}

// formats are what a document can be shown as.
var formats = []string{"human", "json", "markdown", "html", "gitlab"}

func (a *app) showCommand() *cli.Command {
	o := &showOptions{maxBytes: markdown.GitHub}
	return &cli.Command{
		Name:      "show",
		Usage:     "show a plan or report that was kept, the output of -json, in another format",
		ArgsUsage: "[FILE or -]",
		Description: `FILE is what plan or apply printed with -json, or a saved plan; by default it is standard input. It needs neither the configuration nor a
server. markdown fits into a comment of a pull request, html is a page of its own, gitlab is for the widget of a merge request.`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + strings.Join(formats, ", "), Value: formats[0], Destination: &o.format},
			&cli.GenericFlag{Name: "max-bytes", Usage: "how long Markdown may be: the least important is left out until it is no longer than `N`", Value: &positiveFlag{&o.maxBytes}},
			noColorFlag(&o.view),
		}, drawingFlags(&o.view)),
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return usage.Error(c, fmt.Errorf("show takes one file, not %s", syntax.QuoteAll(c.Args().Slice())))
			}
			path := "-"
			if c.NArg() == 1 {
				path = c.Args().First()
			}
			return a.show(c.Context, o, path)
		},
	}
}

// show writes a document to standard output.
func (a *app) show(_ context.Context, o *showOptions, path string) error {
	if !slices.Contains(formats, o.format) {
		return operate.Problemf("Unknown format", "There is no format %q. There are %s.", o.format, strings.Join(formats, ", "))
	}
	d, err := readDocument(&a.env, path)
	if err != nil {
		return err
	}
	switch o.format {
	case "json":
		return view.WriteJSON(a.env.Stdout, d)
	case "gitlab":
		return view.WriteJSON(a.env.Stdout, d.Widget())
	case "html":
		return page.Write(a.env.Stdout, d)
	case "markdown":
		if err := markdown.Write(a.env.Stdout, d, o.maxBytes); err != nil {
			return operate.Problemf("Too few bytes", "%s.", err)
		}
		return nil
	default:
		return a.draw(d, a.drawing(o.view))
	}
}

// draw draws a document with its problems for a person.
func (a *app) draw(d *view.Document, o view.Options) error {
	for _, kind := range view.Kinds(d.Diagnostics) {
		if err := kind.Draw(a.env.Stdout, o); err != nil {
			return err
		}
	}
	if d.Applied != nil {
		return view.DrawReport(a.env.Stdout, d, o)
	}
	return view.DrawPlan(a.env.Stdout, d, o)
}
