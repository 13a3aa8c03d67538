package cli

import (
	"context"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/cli/graph"
	"riveter/internal/operate"
)

func (a *app) graphCommand() *cli.Command {
	var source sourceOptions
	var format string
	return &cli.Command{
		Name:        "graph",
		Usage:       "print what refers to what, for Graphviz or Mermaid",
		ArgsUsage:   "[PATH]",
		Description: "An arrow points to what comes first. It asks no server.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` of the graph, dot or mermaid", Value: "dot", Destination: &format},
		},
		Action: source.atPath(func(context.Context) error { return a.graph(source.path, format) }),
	}
}

// graph prints the references between blocks. It reads files only.
func (a *app) graph(path, format string) error {
	draw, ok := map[string]func([]hcl.Declared) string{"dot": graph.DOT, "mermaid": graph.Mermaid}[format]
	if !ok {
		return operate.Problemf("Unknown format", "A graph is printed as dot or mermaid, not as %q.", format)
	}
	display := a.newScreen(viewOptions{})
	config, diags := hcl.Load(path)
	display.Diagnostics(diags, config.Files())
	if diags.HasErrors() {
		return exit(exitError)
	}
	display.Result(draw(config.Declared()))
	return nil
}
