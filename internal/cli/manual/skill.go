package manual

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"riveter/hcl"
)

// preface is what no table says.
//
//go:embed skill.md
var preface string

// Skill writes instructions for coding agents: how to work with riveter, the language and the commands, short.
func (m *Manual) Skill() string {
	var out strings.Builder
	out.WriteString(preface)
	out.WriteString("\n## Blocks and arguments\n\nA star stands for what is required. What was said of an argument further up is not said again.\n\n")
	(&outline{out: &out, said: map[string]bool{}}).block(m.Language.Module, "")
	fmt.Fprintf(&out, "\n## Functions\n\n%s\n\n## Commands\n\n", strings.Join(slices.Sorted(maps.Keys(m.Language.Functions)), ", "))
	for _, c := range m.all() {
		fmt.Fprintf(&out, "- `%s`: %s\n", usage("riveter "+c.Name, c), c.Usage)
	}
	return out.String()
}

// outline lists what blocks may hold.
type outline struct {
	out  io.Writer
	said map[string]bool // of an argument
}

// block lists what one may hold, with what is nested in it indented.
func (o *outline) block(b *hcl.BlockSchema, indent string) {
	o.attributes(b, indent)
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nested := b.Blocks[name]
		fmt.Fprintf(o.out, "%s- `%s`: %s\n", indent, header(name, nested), nested.Block.Description)
		o.block(nested.Block, indent+"  ")
		for _, label := range slices.Sorted(maps.Keys(nested.ByLabel)) {
			fmt.Fprintf(o.out, "%s  - `%s %q {}`: %s\n", indent, name, label, nested.ByLabel[label].Description)
			o.block(nested.ByLabel[label], indent+"    ")
		}
	}
}

func (o *outline) attributes(b *hcl.BlockSchema, indent string) {
	var again []string
	for _, name := range attributeNames(b) {
		a := b.Attributes[name]
		if a.Required {
			name += "*"
		}
		line := fmt.Sprintf("- %s (%s): %s\n", name, a.Type, a.Description)
		if o.said[line] {
			again = append(again, name)
			continue
		}
		o.said[line] = true
		fmt.Fprint(o.out, indent+line)
	}
	if len(again) > 0 {
		fmt.Fprintf(o.out, "%s- %s\n", indent, strings.Join(again, ", "))
	}
}
