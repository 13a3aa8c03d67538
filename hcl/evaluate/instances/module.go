package instances

import (
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
	"riveter/plan/address"
	"riveter/plan/value"
)

// Module is one instance of a module: the values of what it declares, as far as they have been evaluated.
type Module struct {
	Tree     *declare.Tree
	Path     string             // such as module.tenant["a"]; empty for the root
	Bindings map[string]Binding // by address within the module: variables, local values, outputs
	Blocks   map[string]*Block  // by address within the module: actors and data
	Calls    map[string]*Call   // by address within the module
	Within   *Call              // that the module is called by; nil for the root
	Round    Round
}

// Binding is an evaluated value, and what it was made from.
type Binding struct {
	Value     cty.Value
	Plain     bool // see [value.IsPlain]
	Given     bool // to the root module, and not what the configuration says itself
	DependsOn Dependencies
	Failure                 // the value is unknown for that
	Making    *value.Making // nil for a value that is known
	From      Origin
}

// Origin is what a value was evaluated from: nothing, where it was given.
type Origin struct {
	Frame      *Frame
	Expression *expr.Expression
	Ctx        *hcl2.EvalContext
	Repeats    *Origin           // what each is in it; nil for nothing
	Variable   *declare.Variable // that the value was given to; nil for none
}

// NewModule returns an instance of a module in which nothing has a value yet.
func NewModule(u *declare.Tree) *Module {
	return &Module{Tree: u, Bindings: map[string]Binding{}, Blocks: map[string]*Block{}, Calls: map[string]*Call{}}
}

// Binding is what came of an expression that is declared with a name.
func (f *Frame) Binding(o Outcome, ex *expr.Expression) Binding {
	return Binding{
		Value: o.Value, Plain: o.Plain, DependsOn: f.DependsOn, Failure: FailureOf(o.Diags),
		Making: f.MakingOf(o, ex, f.Ctx), From: Origin{Frame: f, Expression: ex, Ctx: f.Ctx},
	}
}

// Binding returns the value at an address, which is unknown where its evaluation failed.
func (s *Module) Binding(address string) Binding {
	if b, ok := s.Bindings[address]; ok {
		return b
	}
	return Binding{Value: cty.DynamicVal, Failure: Failure{Failed: true}}
}

// Refuse takes the value of a variable away, so that nothing is made of it.
func (s *Module) Refuse(v *declare.Variable, causes hcl2.Diagnostics) {
	s.Bindings[v.Address()] = Binding{Value: cty.DynamicVal, Failure: FailureOf(causes), DependsOn: s.Binding(v.Address()).DependsOn}
}

// Stage returns a part of the evaluation of an actor or data block.
func (s *Module) Stage(a *declare.Actor, part int) *declare.Stage {
	return s.Tree.Declarations[a.Address()].Stages[part]
}

// AddressOf returns the whole address of something that the module declares.
func (s *Module) AddressOf(local string) string { return declare.InModule(s.Path, local) }

// target returns the block that a reference means.
func (s *Module) target(r *expr.Reference) target {
	if r.Root == "module" {
		return s.Calls[r.Address()]
	}
	return s.Blocks[r.Address()]
}

// IsOpen reports whether nobody knows which instances of the module there are.
func (s *Module) IsOpen() bool {
	return s.Within != nil && (s.Within.Open || s.Within.Module.IsOpen())
}

// instanceKey tells the instances of the module apart.
func (s *Module) instanceKey() address.InstanceKey { return s.Round.Key }

// object returns the outputs of the module.
func (s *Module) object(only names) cty.Value {
	values := map[string]cty.Value{}
	for _, o := range s.Tree.Module.Outputs {
		if only == nil || only[o.Name] {
			values[o.Name] = s.Binding(o.Address()).Value
		}
	}
	return cty.ObjectVal(values)
}

func (s *Module) addTo(deps *Dependencies, only names) {
	for _, o := range s.Tree.Module.Outputs {
		if only == nil || only[o.Name] {
			deps.Add(s.Binding(o.Address()).DependsOn)
		}
	}
}

// Call is a module block in one module instance, expanded to its instances.
type Call struct {
	Declared  *declare.ModuleCall
	Module    *Module
	Instances []*Module // in the order of their keys
	Open      bool
	Failure                // to say how many instances there are
	DependsOn Dependencies // of everything in the module
	Repeats   Origin       // what for_each says
}

// Add adds an instance of the module.
func (c *Call) Add(child *declare.Tree, round Round) *Module {
	s := NewModule(child)
	s.Within, s.Round = c, round
	s.Path = c.Module.AddressOf(c.Declared.Address()) + round.Key.String()
	if !c.Open {
		c.Instances = append(c.Instances, s)
	}
	return s
}

func (c *Call) isOpen() bool { return c.Open }

func (c *Call) object(only names) cty.Value {
	return collect(c.Open, c.Declared.Repetition, c.Instances, func(s *Module) cty.Value { return s.object(only) })
}

func (c *Call) find(index cty.Value) member {
	if s, ok := WithKey(c.Instances, c.Declared.Repetition.KeyOf(index)); ok {
		return s
	}
	return nil
}

func (c *Call) some() ([]address.InstanceKey, int) { return someKeys(c.Instances) }

func (c *Call) addTo(deps *Dependencies, only names) {
	for _, s := range c.Instances {
		s.addTo(deps, only)
	}
}

// WithKey returns the instance with a key, of those that are in the order of their keys.
func WithKey[M member](instances []M, key address.InstanceKey) (found M, ok bool) {
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
