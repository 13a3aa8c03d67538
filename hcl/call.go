package hcl

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
)

var moduleCallSchema = &blockSchema{
	doc: "A configuration in another directory, whose variables are given as further arguments.",
	attributes: append([]attributeSchema{
		{name: "source", typ: "string", required: true, doc: "Path of the directory, relative to this one, such as \"./tenant\"."},
		{name: "depends_on", typ: "list(reference)", doc: "What must be done before anything of the module."},
	}, repetitionAttributes...),
	open: true,
}

// moduleCall is a decoded module block.
type moduleCall struct {
	name       string
	source     string
	sourceAt   hcl2.Range
	repetition *repetition
	arguments  map[string]*argument
	dependsOn  []*reference
	rng        hcl2.Range
	config     *module // nil if it cannot be read

	expansion *group
}

// argument is the value of a variable of the module that is called.
type argument struct {
	value *expression
	at    hcl2.Range
	group *group
}

func (c *moduleCall) address() string { return "module." + c.name }

func decodeModuleCall(block *hcl2.Block) (*moduleCall, hcl2.Diagnostics) {
	c, diags := moduleCallSchema.decode(block.Body)
	m := &moduleCall{name: block.Labels[0], rng: block.DefRange, sourceAt: c.missing, arguments: map[string]*argument{}}
	diags = append(diags, m.decodeSource(c)...)
	var more hcl2.Diagnostics
	m.repetition, more = decodeRepetition(c)
	diags = append(diags, more...)
	m.dependsOn, more = decodeDependsOn(c)
	diags = append(diags, more...)
	m.expansion = &group{expressions: m.repetition.expressions()}
	for _, attr := range inSourceOrder(c.others) {
		value := newExpression(attr.Expr)
		m.arguments[attr.Name] = &argument{value, attr.NameRange, &group{expressions: []*expression{value}, repetition: m.repetition}}
	}
	return m, diags
}

func (m *moduleCall) decodeSource(c *content) hcl2.Diagnostics {
	diags := c.literal("source", &m.source)
	if attr := c.attributes["source"]; attr != nil {
		m.sourceAt = attr.Expr.Range()
	}
	if m.source != "" && !strings.HasPrefix(m.source, "./") && !strings.HasPrefix(m.source, "../") {
		diags = append(diags, problem("Invalid module source", fmt.Sprintf(
			"The source of a module is a local path that starts with ./ or ../, such as \"./%s\". Nothing is downloaded.",
			strings.TrimSuffix(path.Base(filepath.ToSlash(m.source)), ".git")), m.sourceAt))
		m.source = ""
	}
	return diags
}

// load reads the module that is called. within holds the directories of the modules around it, the calling one last.
func (l *loader) load(m *moduleCall, within []string) hcl2.Diagnostics {
	if m.source == "" {
		return nil
	}
	dir := filepath.Join(within[len(within)-1], filepath.FromSlash(m.source))
	for i, outer := range within {
		if outer == dir {
			return hcl2.Diagnostics{problem("Cycle", fmt.Sprintf(
				"A module cannot contain itself: %s, which calls %s.", strings.Join(within[i:], ", which calls "), dir), m.sourceAt)}
		}
	}
	names, err := l.from.configurations(dir)
	if err != nil || len(names) == 0 {
		return hcl2.Diagnostics{problem("Cannot read module", fmt.Sprintf(
			"There is no directory %q, or it has no file whose name ends in %s or %s.", dir, nativeSuffix, jsonSuffix), m.sourceAt)}
	}
	var diags hcl2.Diagnostics
	m.config, diags = l.module(dir, names, within)
	return diags
}
