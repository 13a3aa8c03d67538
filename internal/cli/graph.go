package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/operate"
)

func (a *app) graphCommand() *cli.Command {
	var source sourceOptions
	var format string
	return &cli.Command{
		Name:      "graph",
		Usage:     "print what refers to what, for Graphviz or Mermaid",
		ArgsUsage: "[PATH]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` of the graph, dot or mermaid", Value: "dot", Destination: &format},
		},
		Action: source.atPath(func(context.Context) error { return a.graph(source.path, format) }),
	}
}

// graph prints the references between blocks. It reads files only.
func (a *app) graph(path, format string) error {
	draw, ok := map[string]func([]hcl.Declared) string{"dot": dot, "mermaid": mermaid}[format]
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

// dot writes the graph in the language of Graphviz, with a box around each module.
func dot(declared []hcl.Declared) string {
	var b strings.Builder
	b.WriteString("digraph riveter {\n  rankdir = RL;\n  node [shape = box];\n")
	for _, module := range modules(declared) {
		indent := "  "
		if module.path != "" {
			fmt.Fprintf(&b, "  subgraph %q {\n    label = %q;\n", "cluster_"+module.path, module.path)
			indent = "    "
		}
		for _, i := range module.members {
			fmt.Fprintf(&b, "%s%q;\n", indent, declared[i].Address)
		}
		if module.path != "" {
			b.WriteString("  }\n")
		}
	}
	for _, d := range declared {
		for _, to := range d.RefersTo {
			fmt.Fprintf(&b, "  %q -> %q;\n", d.Address, to)
		}
	}
	b.WriteString("}")
	return b.String()
}

// mermaid writes the graph as Mermaid does flowcharts.
func mermaid(declared []hcl.Declared) string {
	var b strings.Builder
	b.WriteString("flowchart RL\n")
	index := make(map[string]int, len(declared))
	for i, d := range declared {
		index[d.Address] = i
	}
	for n, module := range modules(declared) {
		indent := "  "
		if module.path != "" {
			fmt.Fprintf(&b, "  subgraph m%d[\"%s\"]\n", n, module.path)
			indent = "    "
		}
		for _, i := range module.members {
			fmt.Fprintf(&b, "%sn%d[\"%s\"]\n", indent, i, declared[i].Address)
		}
		if module.path != "" {
			b.WriteString("  end\n")
		}
	}
	for i, d := range declared {
		for _, to := range d.RefersTo {
			fmt.Fprintf(&b, "  n%d --> n%d\n", i, index[to])
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// moduleMembers are the declarations of one module, by index.
type moduleMembers struct {
	path    string
	members []int
}

// modules groups declarations by module, in the order in which these begin.
func modules(declared []hcl.Declared) []*moduleMembers {
	var all []*moduleMembers
	byPath := map[string]*moduleMembers{}
	for i, d := range declared {
		m := byPath[d.Module]
		if m == nil {
			m = &moduleMembers{path: d.Module}
			byPath[d.Module] = m
			all = append(all, m)
		}
		m.members = append(m.members, i)
	}
	return all
}
