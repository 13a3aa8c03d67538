package declare

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan/address"
)

// Tree is one use of a module: the root, or what a module block calls.
type Tree struct {
	path         string // such as module.tenant; empty for the root
	Module       *Module
	Declarations map[string]*Declaration // by address within the module
	ordered      []*Declaration          // in source order
	Call         *Declaration            // the module block that calls it; nil for the root
	Children     map[string]*Tree        // by address of the module block
	suggestions  syntax.Suggestions
}

func newUnit(path string, m *Module, caller *Declaration) *Tree {
	u := &Tree{path: path, Module: m, Call: caller, Declarations: map[string]*Declaration{}, Children: map[string]*Tree{}}
	u.declareValues()
	for _, a := range m.actors {
		u.declare(a.Address(), a.Range, a, a.stages()...)
	}
	for _, c := range m.calls {
		u.declareCall(c)
	}
	for _, c := range m.checks {
		u.declare(c.Address(), c.rng, c, oneStage(c.Scope))
	}
	if m.rivet != nil {
		u.declare("rivet", m.rivet.Range, m.rivet, oneStage(m.rivet.Scope))
	}
	if m.riveter != nil && m.riveter.ledger != nil {
		u.declare("ledger", m.riveter.ledger.Range, m.riveter.ledger, oneStage(m.riveter.ledger.Scope))
	}
	for _, n := range m.namespaces {
		u.declare(n.Address(), n.Range, n, &Stage{Scopes: []*Scope{n.ExpansionScope, n.BodyScope}})
	}
	for _, c := range m.runnerConfigs {
		u.declare(c.Address(), c.Range, c, oneStage(c.Scope))
	}
	return u
}

func (u *Tree) declareValues() {
	for _, v := range u.Module.Variables {
		u.declare(v.Address(), v.Range, v, v.stages(u)...)
	}
	for _, l := range u.Module.locals {
		u.declare(l.Address(), l.rng, l, oneStage(l.Scope))
	}
	for _, o := range u.Module.Outputs {
		u.declare(o.Address(), o.rng, o, oneStage(o.Scope))
	}
}

func (u *Tree) declareCall(c *ModuleCall) {
	d := u.declare(c.Address(), c.rng, c, c.stage())
	if c.config == nil {
		return
	}
	for _, v := range c.config.Variables {
		if a := c.arguments[v.Name]; a != nil {
			a.Value.Secret = v.Sensitive
		}
	}
	u.Children[c.Address()] = newUnit(InModule(u.path, c.Address()), c.config, d)
}

func (u *Tree) declare(address string, rng hcl2.Range, what any, stages ...*Stage) *Declaration {
	d := &Declaration{Tree: u, Address: address, rng: rng, What: what, Stages: stages}
	dynamic := u.Module.Dynamic[address]
	for i, s := range stages {
		s.Declaration, s.Part = d, i
		_, isActor := what.(*Actor)
		if dynamic != nil && (i == len(stages)-1 || isActor && i == BodyStage) {
			s.inside = []*Scope{dynamic.inside}
		}
		if dynamic != nil && (!isActor || i == BodyStage) {
			s.Scopes = append(s.Scopes, dynamic.Shape)
		}
	}
	u.Declarations[address] = d
	u.ordered = append(u.ordered, d)
	return d
}

// All returns the declarations of the unit and those that it calls.
func (u *Tree) All() []*Declaration {
	all := slices.Clip(u.ordered)
	for _, d := range u.ordered {
		if child := u.Children[d.Address]; child != nil {
			all = append(all, child.All()...)
		}
	}
	return all
}

// Argument returns what the calling module gives for a variable, or nil.
func (u *Tree) Argument(v *Variable) *Argument {
	if u.Call == nil {
		return nil
	}
	return u.Call.What.(*ModuleCall).arguments[v.Name]
}

// Written returns the values that are written for a variable in the configuration, by the file that has them: its defaults, and what the
// calling module gives, whether it is ever called or not.
func (u *Tree) Written(v *Variable) map[string][]cty.Value {
	all := map[string][]cty.Value{v.Range.Filename: v.Defaults()}
	if a := u.Argument(v); a != nil {
		all[a.at.Filename] = append(all[a.at.Filename], a.Value.Written())
	}
	return all
}

// actorsIn returns the actors that an element of depends_on means.
func (u *Tree) actorsIn(r *expr.Reference) []*Declaration {
	d := u.Declarations[r.Address()]
	if d != nil && r.Root == "module" {
		return d.Actors()
	}
	if d != nil {
		return []*Declaration{d}
	}
	return nil
}

// Actors returns the actors that are declared by an actor block, or in a module.
func (d *Declaration) Actors() []*Declaration {
	declared := []*Declaration{d}
	if child := d.Tree.Children[d.Address]; child != nil {
		declared = child.All()
	}
	return slices.DeleteFunc(slices.Clone(declared), func(d *Declaration) bool {
		a, ok := d.What.(*Actor)
		return !ok || a.Kind != address.KindActor
	})
}

// checkArguments checks that a module block gives exactly the arguments that the module takes.
func checkArguments(c *ModuleCall) hcl2.Diagnostics {
	if c.config == nil {
		return nil
	}
	var diags hcl2.Diagnostics
	known := map[string]bool{}
	for _, v := range c.config.Variables {
		known[v.Name] = true
		if c.arguments[v.Name] == nil && v.IsRequired() {
			diags = append(diags, syntax.Problem("Missing required argument", fmt.Sprintf(
				"The module in %q has a variable %q without a default, so %q must be given here.", c.source, v.Name, v.Name), c.rng))
		}
	}
	for _, name := range syntax.SortedKeys(c.arguments) {
		if !known[name] {
			diags = append(diags, syntax.Problem("Unsupported argument", fmt.Sprintf(
				"The module in %q has no variable %q.%s", c.source, name, syntax.DidYouMean(name, syntax.SortedKeys(known))), c.arguments[name].at))
		}
	}
	return diags
}

// Declared is a block of the configuration, or a local value, with what it refers to.
type Declared struct {
	Address  string   // such as module.tenant.actor.chatRoom.room
	Module   string   // the module that declares it, such as module.tenant; empty for the root
	RefersTo []string // addresses, each once, in the order in which they are first mentioned
}

// Declared returns what is declared, each use of a module by itself, in source order. That something belongs to a module is
// not counted as a reference.
func (c *Config) Declared() []Declared {
	var all []Declared
	for _, d := range c.Tree.All() {
		entry := Declared{Address: d.FullAddress(), Module: d.Tree.path}
		for _, n := range d.Neighbours() {
			if n != d.Tree.Call {
				entry.RefersTo = append(entry.RefersTo, n.FullAddress())
			}
		}
		all = append(all, entry)
	}
	return all
}

// InModule returns the whole address of what a module declares, by the module's path.
func InModule(path, local string) string {
	if path == "" {
		return local
	}
	return path + "." + local
}
