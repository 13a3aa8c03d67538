package manual

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"riveter/hcl"
)

// block writes what the block at a path is, such as actor.action or riveter.ledger.http, and a table of what it may hold.
func (m *Manual) block(path string) (string, error) {
	b, begins := m.Language.Module, ""
	for name := range strings.SplitSeq(path, ".") {
		inner, as, ok := inside(b, name)
		if !ok {
			return "", fmt.Errorf("there is no block %q", name)
		}
		b, begins = inner, as
	}
	var out strings.Builder
	fmt.Fprintf(&out, "`%s`: %s\n", begins, b.Description)
	if rows := rows(b); len(rows) > 0 {
		fmt.Fprintf(&out, "\n| Argument | Type | |\n| --- | --- | --- |\n%s", strings.Join(rows, ""))
	}
	return out.String(), nil
}

// top writes a table of the blocks that a file may hold.
func (m *Manual) top() string {
	var out strings.Builder
	out.WriteString("| Block | |\n| --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(m.Language.Module.Blocks)) {
		nested := m.Language.Module.Blocks[name]
		fmt.Fprintf(&out, "| [`%s`](#%s) | %s |\n", header(name, nested), name, cell(nested.Block.Description))
	}
	return out.String()
}

// inside returns a block that is nested in another one, by its name or, where what it holds depends on that, by its label; and
// how it begins.
func inside(b *hcl.BlockSchema, name string) (inner *hcl.BlockSchema, begins string, ok bool) {
	if nested, ok := b.Blocks[name]; ok {
		return nested.Block, header(name, nested), true
	}
	for kind, nested := range b.Blocks {
		if labelled, ok := nested.ByLabel[name]; ok {
			return labelled, fmt.Sprintf("%s %q {}", kind, name), true
		}
	}
	return nil, "", false
}

// rows are those of what a block holds: required arguments first, then the others, then blocks.
func rows(b *hcl.BlockSchema) []string {
	var rows []string
	for _, name := range attributeNames(b) {
		a := b.Attributes[name]
		must := ""
		if a.Required {
			must = ", required"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s%s | %s |\n", name, cell(a.Type), must, cell(a.Description)))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nested := b.Blocks[name]
		rows = append(rows, fmt.Sprintf("| `%s` | block%s | %s |\n", header(name, nested), many(nested), cell(nested.Block.Description)))
	}
	return rows
}

func many(n hcl.NestedSchema) string {
	if n.Single {
		return ", at most one"
	}
	return ""
}

// attributeNames returns the names of the arguments of a block, those that are required first.
func attributeNames(b *hcl.BlockSchema) []string {
	return slices.SortedFunc(maps.Keys(b.Attributes), func(x, y string) int {
		if b.Attributes[x].Required != b.Attributes[y].Required {
			return map[bool]int{true: -1, false: 1}[b.Attributes[x].Required]
		}
		return cmp.Compare(x, y)
	})
}

// header is how a block begins.
func header(name string, n hcl.NestedSchema) string {
	for _, label := range n.Labels {
		name += fmt.Sprintf(" %q", strings.ToUpper(label))
	}
	return name + " {}"
}

// functions writes a table of all functions.
func (m *Manual) functions() string {
	var out strings.Builder
	out.WriteString("| Function | |\n| --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(m.Language.Functions)) {
		f := m.Language.Functions[name]
		fmt.Fprintf(&out, "| `%s` | %s |\n", signature(name, f), cell(f.Description))
	}
	return out.String()
}

func signature(name string, f hcl.FunctionSchema) string {
	var parameters []string
	for _, p := range f.Parameters {
		parameters = append(parameters, p.Name)
	}
	if f.Variadic != nil {
		parameters = append(parameters, f.Variadic.Name+"…")
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(parameters, ", "))
}
