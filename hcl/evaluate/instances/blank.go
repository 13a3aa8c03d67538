package instances

import (
	"maps"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"riveter/hcl/declare"
	"riveter/hcl/expr"
)

// AnyRound is a round of a repetition of which nothing is known.
func AnyRound(r *declare.Repetition) *Round {
	switch {
	case r.ForEach != nil:
		return &Round{root: "each", value: cty.DynamicVal}
	case r.Count != nil:
		return &Round{root: "count"}
	default:
		return &Round{}
	}
}

// Rehearsed returns an instance of a module that has none.
func (c *Call) Rehearsed(child *declare.Tree) *Module {
	s := NewModule(child)
	s.Within, s.Round = c, *AnyRound(c.Declared.Repetition)
	s.Path = c.Module.AddressOf(c.Declared.Address())
	return s
}

// NewBlankFrame returns the frame of a scope in which nothing is known.
func NewBlankFrame(s *Module, g *declare.Scope, c *Common) *Frame {
	shown := map[string]cty.Value{}
	for _, ex := range g.Expressions {
		for _, r := range ex.References {
			shown[r.Root], shown[string(r.Kind)] = cty.DynamicVal, cty.DynamicVal
		}
		for _, t := range ex.Variables() {
			shown[t.RootName()] = cty.DynamicVal
		}
	}
	return &Frame{Module: s, scope: g, Common: c, Ctx: &hcl2.EvalContext{Functions: c.Functions, Variables: shown}, Mixed: true}
}

// Blank is what frames have in common in which nothing is known: what functions find outside is not looked for.
func (c *Common) Blank() *Common {
	blank := *c
	blank.Lenient, blank.Functions = true, maps.Clone(c.Functions)
	for name := range blank.Functions {
		if expr.AsksOutside(name) {
			blank.Functions[name] = anything
		}
	}
	return &blank
}

// anything takes any arguments, and says nothing.
var anything = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "args", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
})
