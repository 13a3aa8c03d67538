package evaluate

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan/address"
	"riveter/plan/value"
)

// moduleInstance is one instance of a module: the values of what it declares, as far as they have been evaluated.
type moduleInstance struct {
	tree     *declare.Tree
	path     string                  // such as module.tenant["a"]; empty for the root
	bindings map[string]binding      // by address within the module: variables, local values, outputs
	blocks   map[string]*actorBlock  // by address within the module: actors and data
	calls    map[string]*moduleBlock // by address within the module
	within   *moduleBlock            // that the module is called by; nil for the root
	round    iteration
}

// binding is an evaluated value, and what it was made from.
type binding struct {
	value     cty.Value
	given     bool // to the root module, and not what the configuration says itself
	dependsOn dependencies
	failed    bool          // the value is unknown for that
	making    *value.Making // nil for a value that is known
	from      from
}

// from is what a value was evaluated from: nothing, where it was given.
type from struct {
	frame      *frame
	expression *expr.Expression
	ctx        *hcl2.EvalContext
	repeats    *from // what each is in it; nil for nothing
}

func newModuleInstance(u *declare.Tree) *moduleInstance {
	return &moduleInstance{tree: u, bindings: map[string]binding{}, blocks: map[string]*actorBlock{}, calls: map[string]*moduleBlock{}}
}

// binding returns the value at an address, which is unknown where its evaluation failed.
func (s *moduleInstance) binding(address string) binding {
	if b, ok := s.bindings[address]; ok {
		return b
	}
	return binding{value: cty.DynamicVal, failed: true}
}

// addressOf returns the whole address of something that the module declares.
func (s *moduleInstance) addressOf(local string) string { return declare.InModule(s.path, local) }

// target returns the block that a reference means.
func (s *moduleInstance) target(r *expr.Reference) target {
	if r.Root == "module" {
		return s.calls[r.Address()]
	}
	return s.blocks[r.Address()]
}

// isOpen reports whether nobody knows which instances of the module there are.
func (s *moduleInstance) isOpen() bool {
	return s.within != nil && (s.within.open || s.within.module.isOpen())
}

// instanceKey tells the instances of the module apart.
func (s *moduleInstance) instanceKey() address.InstanceKey { return s.round.key }

// object returns the outputs of the module.
func (s *moduleInstance) object(only names) cty.Value {
	values := map[string]cty.Value{}
	for _, o := range s.tree.Module.Outputs {
		if only == nil || only[o.Name] {
			values[o.Name] = s.binding(o.Address()).value
		}
	}
	return cty.ObjectVal(values)
}

func (s *moduleInstance) addTo(deps *dependencies, only names) {
	for _, o := range s.tree.Module.Outputs {
		if only == nil || only[o.Name] {
			deps.add(s.binding(o.Address()).dependsOn)
		}
	}
}

// moduleBlock is a module block in one module instance, expanded to its instances.
type moduleBlock struct {
	declared  *declare.ModuleCall
	module    *moduleInstance
	instances []*moduleInstance // in the order of their keys
	open      bool
	failed    bool         // to say how many instances there are
	dependsOn dependencies // of everything in the module
	repeats   from         // what for_each says
}

// expandCall expands a module block to its instances, with nothing in them evaluated yet.
func (e *Evaluation) expandCall(m *declare.ModuleCall, s *moduleInstance) hcl2.Diagnostics {
	f := e.frame(s, m.Scope)
	rounds, known, diags := f.expand(m.Repetition, f.ctx)
	c := &moduleBlock{declared: m, module: s, dependsOn: f.dependsOn}
	c.repeats = from{frame: f, expression: m.Repetition.ForEach, ctx: f.ctx}
	c.failed = diags.HasErrors()
	c.open = !known || c.failed || s.isOpen()
	s.calls[m.Address()] = c
	child := s.tree.Children[m.Address()]
	if child == nil {
		return diags
	}
	for _, round := range rounds {
		c.add(e, child, round)
	}
	return append(diags, c.dependsOn.addExplicit(s, m.DependsOn)...)
}

func (c *moduleBlock) add(e *Evaluation, child *declare.Tree, round iteration) {
	s := newModuleInstance(child)
	s.within, s.round = c, round
	s.path = c.module.addressOf(c.declared.Address()) + round.key.String()
	e.modules[child] = append(e.modules[child], s)
	if !c.open {
		c.instances = append(c.instances, s)
	}
}

func (c *moduleBlock) isOpen() bool { return c.open }

func (c *moduleBlock) object(only names) cty.Value {
	return collect(c.open, c.declared.Repetition, c.instances, func(s *moduleInstance) cty.Value { return s.object(only) })
}

func (c *moduleBlock) find(index cty.Value) member {
	if s, ok := withKey(c.instances, c.declared.Repetition.KeyOf(index)); ok {
		return s
	}
	return nil
}

func (c *moduleBlock) some() ([]address.InstanceKey, int) { return someKeys(c.instances) }

func (c *moduleBlock) addTo(deps *dependencies, only names) {
	for _, s := range c.instances {
		s.addTo(deps, only)
	}
}

// withKey returns the instance with a key, of those that are in the order of their keys.
func withKey[M member](instances []M, key address.InstanceKey) (found M, ok bool) {
	i, ok := slices.BinarySearchFunc(instances, key, func(m M, key address.InstanceKey) int { return m.instanceKey().Compare(key) })
	if ok {
		found = instances[i]
	}
	return found, ok
}

// collect returns the value of a whole block: of its one instance, or of all of them, in a list under count and in an
// object under for_each.
func collect[M member](open bool, r *declare.Repetition, instances []M, value func(M) cty.Value) cty.Value {
	switch {
	case open:
		return cty.DynamicVal
	case r.Count != nil:
		list := make([]cty.Value, len(instances))
		for i, m := range instances {
			list[i] = value(m)
		}
		return cty.TupleVal(list)
	case !r.Repeats() && len(instances) == 0:
		return cty.NullVal(cty.DynamicPseudoType)
	case !r.Repeats():
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
