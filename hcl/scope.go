package hcl

import (
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

// inModule returns the whole address of what a module declares, by the module's path.
func inModule(path, local string) string {
	if path == "" {
		return local
	}
	return path + "." + local
}

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
