package hcl

import "github.com/zclconf/go-cty/cty"

// scope is one instance of a module: the values of what it declares, as far as they have been evaluated.
type scope struct {
	unit     *unit
	path     string             // such as module.tenant["a"]; empty for the root
	bindings map[string]binding // by address within the module: variables, local values, outputs
	blocks   map[string]*block  // by address within the module: actors
}

// binding is an evaluated value, and what it was made from.
type binding struct {
	value     cty.Value
	dependsOn dependencies
}

func newScope(u *unit) *scope {
	return &scope{unit: u, bindings: map[string]binding{}, blocks: map[string]*block{}}
}

// binding returns the value at an address, which is unknown where its evaluation failed.
func (s *scope) binding(address string) binding {
	if b, ok := s.bindings[address]; ok {
		return b
	}
	return binding{value: cty.DynamicVal}
}
