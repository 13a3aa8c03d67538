// Package graph draws what refers to what in a configuration.
package graph

import (
	"fmt"
	"strings"

	"riveter/hcl"
)

// DOT writes the graph in the language of Graphviz, with a box around each module.
func DOT(declared []hcl.Declared) string {
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

// Mermaid writes the graph as Mermaid does flowcharts.
func Mermaid(declared []hcl.Declared) string {
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
