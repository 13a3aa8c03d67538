package hcl

import (
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

var moduleSchema = &blockSchema{
	doc: "A configuration: all files of one directory.",
	blocks: []nestedSchema{
		{name: "riveter", single: true, schema: riveterSchema},
		{name: "rivet", single: true, schema: rivetSchema},
		{name: "variable", labels: []string{"name"}, schema: variableSchema},
		{name: "locals", schema: localsSchema},
		{name: "actor", labels: []string{"name", "label"}, schema: actorSchema},
		{name: "output", labels: []string{"name"}, schema: outputSchema},
	},
}

// module is the decoded content of one directory.
type module struct {
	dir       string
	riveter   *riveter
	rivet     *rivet
	variables []*variable
	locals    []*local
	actors    []*actor
	outputs   []*output

	declared map[string]hcl2.Range // what has a name, by its address within the module
}

// module parses and decodes the files of one directory.
func (l *loader) module(dir string, paths []string) (*module, hcl2.Diagnostics) {
	m := &module{dir: dir, declared: map[string]hcl2.Range{}}
	var diags hcl2.Diagnostics
	for _, path := range paths {
		file, more := l.parse(path)
		diags = append(diags, more...)
		if file != nil {
			diags = append(diags, m.decode(file.Body)...)
		}
	}
	return m, diags
}

func (m *module) decode(body hcl2.Body) hcl2.Diagnostics {
	c, diags := moduleSchema.decode(body)
	for _, block := range c.ordered {
		diags = append(diags, m.decodeBlock(block)...)
	}
	return diags
}

func (m *module) decodeBlock(block *hcl2.Block) hcl2.Diagnostics {
	switch block.Type {
	case "riveter":
		return decodeOnly(&m.riveter, block, decodeRiveter)
	case "rivet":
		return decodeOnly(&m.rivet, block, decodeRivet)
	case "variable":
		return decodeNamed(m, &m.variables, block, decodeVariable)
	case "locals":
		return m.decodeLocals(block)
	case "actor":
		return decodeNamed(m, &m.actors, block, decodeActor)
	case "output":
		return decodeNamed(m, &m.outputs, block, decodeOutput)
	default:
		panic("hcl: no decoder for block " + block.Type)
	}
}

// decodeOnly decodes a block of which a module, with all its files, has at most one.
func decodeOnly[T interface{ declRange() hcl2.Range }](
	into *T, block *hcl2.Block, decode func(*hcl2.Block) (T, hcl2.Diagnostics),
) hcl2.Diagnostics {
	decoded, diags := decode(block)
	var none T
	if any(*into) != any(none) {
		return append(diags, duplicate(block.Type+" block", block.DefRange, (*into).declRange()))
	}
	*into = decoded
	return diags
}

// decodeNamed decodes a block that declares a name of its own.
func decodeNamed[T interface{ address() string }](
	m *module, into *[]T, block *hcl2.Block, decode func(*hcl2.Block) (T, hcl2.Diagnostics),
) hcl2.Diagnostics {
	decoded, diags := decode(block)
	diags = append(diags, checkLabels(block)...)
	if more := m.declare(decoded.address(), block.Type, block.DefRange); more.HasErrors() {
		return append(diags, more...)
	}
	*into = append(*into, decoded)
	return diags
}

// declare reserves a name and reports whether it was taken already.
func (m *module) declare(address, what string, at hcl2.Range) hcl2.Diagnostics {
	if first, ok := m.declared[address]; ok {
		d := duplicate(what, at, first)
		d.Detail = fmt.Sprintf("%s is declared already, at %s. Remove one of the two, or give it another name.", address, place(first))
		return hcl2.Diagnostics{d}
	}
	m.declared[address] = at
	return nil
}

// checkLabels checks that the last label of a block, the name that references use, can be written in one. Only an
// actor's first label is somebody else's name, and has rules of its own.
func checkLabels(block *hcl2.Block) hcl2.Diagnostics {
	last := len(block.Labels) - 1
	if hclsyntax.ValidIdentifier(block.Labels[last]) {
		return nil
	}
	return hcl2.Diagnostics{problem("Invalid name", fmt.Sprintf(
		"%q cannot be the name of this %s: a name starts with a letter or an underscore, and has only letters, digits, underscores and dashes.",
		block.Labels[last], block.Type,
	), block.LabelRanges[last])}
}
