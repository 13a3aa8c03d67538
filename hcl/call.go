package hcl

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
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
	names, err := l.list(dir)
	if err != nil || len(names) == 0 {
		return hcl2.Diagnostics{problem("Cannot read module", fmt.Sprintf(
			"There is no directory %q, or it has no file whose name ends in %s or %s.", dir, nativeSuffix, jsonSuffix), m.sourceAt)}
	}
	var diags hcl2.Diagnostics
	m.config, diags = l.module(dir, names, within)
	return diags
}

// call is a module block in one module instance, expanded to its instances.
type call struct {
	block     *moduleCall
	scope     *scope
	instances []*scope
	byKey     map[address.InstanceKey]*scope
	open      bool
	dependsOn dependencies // of everything in the module
}

// stage expands a module block to its instances, with nothing in them evaluated yet.
func (m *moduleCall) stage() *stage {
	return &stage{groups: []*group{m.expansion}, dependsOn: m.dependsOn, evaluate: func(e *Evaluation, s *scope) hcl2.Diagnostics {
		f := e.frame(s, m.expansion)
		rounds, known, diags := m.repetition.expand(f, f.ctx)
		c := &call{block: m, scope: s, byKey: map[address.InstanceKey]*scope{}, dependsOn: f.dependsOn}
		c.open = !known || diags.HasErrors() || s.isOpen()
		s.calls[m.address()] = c
		child := s.unit.children[m.address()]
		if child == nil {
			return diags
		}
		for _, round := range rounds {
			c.add(e, child, round)
		}
		return append(diags, c.dependsOn.addExplicit(s, m.dependsOn)...)
	}}
}

func (c *call) add(e *Evaluation, child *unit, round iteration) {
	s := newScope(child)
	s.within, s.round = c, round
	s.path = c.scope.addressOf(c.block.address()) + round.key.String()
	e.scopes[child] = append(e.scopes[child], s)
	if !c.open {
		c.instances = append(c.instances, s)
		c.byKey[round.key] = s
	}
}

func (c *call) isOpen() bool { return c.open }

func (c *call) object(only names) cty.Value {
	return collect(c.open, c.block.repetition, c.instances, func(s *scope) cty.Value { return s.object(only) })
}

func (c *call) find(index cty.Value) member {
	if s := c.byKey[c.block.repetition.keyOf(index)]; s != nil {
		return s
	}
	return nil
}

func (c *call) some() ([]address.InstanceKey, int) { return someKeys(c.instances) }

func (c *call) addTo(deps *dependencies, only names) {
	for _, s := range c.instances {
		s.addTo(deps, only)
	}
}

// collect returns the value of a whole block: of its one instance, or of all of them, in a list under count and in an
// object under for_each.
func collect[M member](open bool, r *repetition, instances []M, value func(M) cty.Value) cty.Value {
	switch {
	case open:
		return cty.DynamicVal
	case r.count != nil:
		list := make([]cty.Value, len(instances))
		for i, m := range instances {
			list[i] = value(m)
		}
		return cty.TupleVal(list)
	case !r.repeats() && len(instances) == 0:
		return cty.NullVal(cty.DynamicPseudoType)
	case !r.repeats():
		return value(instances[0])
	}
	attributes := make(map[string]cty.Value, len(instances))
	for _, m := range instances {
		attributes[indexText(m.instanceKey())] = value(m)
	}
	return cty.ObjectVal(attributes)
}

// someKeys returns the keys of the first instances: enough of them to propose one, but not so many as to take long.
func someKeys[M member](instances []M) ([]address.InstanceKey, int) {
	const enough = 1000
	var keys []address.InstanceKey
	for _, m := range instances[:min(enough, len(instances))] {
		keys = append(keys, m.instanceKey())
	}
	return keys, len(instances)
}
