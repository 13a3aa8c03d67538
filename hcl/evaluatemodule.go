package hcl

import (
	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan/address"
)

// scope is one instance of a module: the values of what it declares, as far as they have been evaluated.
type scope struct {
	unit     *unit
	path     string             // such as module.tenant["a"]; empty for the root
	bindings map[string]binding // by address within the module: variables, local values, outputs
	blocks   map[string]*block  // by address within the module: actors and data
	calls    map[string]*call   // by address within the module
	within   *call              // that the module is called by; nil for the root
	round    iteration
}

// binding is an evaluated value, and what it was made from.
type binding struct {
	value     cty.Value
	dependsOn dependencies
}

func newScope(u *unit) *scope {
	return &scope{unit: u, bindings: map[string]binding{}, blocks: map[string]*block{}, calls: map[string]*call{}}
}

// binding returns the value at an address, which is unknown where its evaluation failed.
func (s *scope) binding(address string) binding {
	if b, ok := s.bindings[address]; ok {
		return b
	}
	return binding{value: cty.DynamicVal}
}

// addressOf returns the whole address of something that the module declares.
func (s *scope) addressOf(local string) string { return inModule(s.path, local) }

// target returns the block that a reference means.
func (s *scope) target(r *reference) target {
	if r.root == "module" {
		return s.calls[r.address()]
	}
	return s.blocks[r.address()]
}

// isOpen reports whether nobody knows which instances of the module there are.
func (s *scope) isOpen() bool { return s.within != nil && (s.within.open || s.within.scope.isOpen()) }

// instanceKey tells the instances of the module apart.
func (s *scope) instanceKey() address.InstanceKey { return s.round.key }

// object returns the outputs of the module.
func (s *scope) object(only names) cty.Value {
	values := map[string]cty.Value{}
	for _, o := range s.unit.config.outputs {
		if only == nil || only[o.name] {
			values[o.name] = s.binding(o.address()).value
		}
	}
	return cty.ObjectVal(values)
}

func (s *scope) addTo(deps *dependencies, only names) {
	for _, o := range s.unit.config.outputs {
		if only == nil || only[o.name] {
			deps.add(s.binding(o.address()).dependsOn)
		}
	}
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

// expandCall expands a module block to its instances, with nothing in them evaluated yet.
func (e *Evaluation) expandCall(m *moduleCall, s *scope) hcl2.Diagnostics {
	f := e.frame(s, m.expansion)
	rounds, known, diags := f.expand(m.repetition, f.ctx)
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
