package hcl

import (
	"fmt"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/plan/address"
)

// unit is one use of a module: the root, or what a module block calls.
type unit struct {
	path         string // such as module.tenant; empty for the root
	config       *module
	declarations map[string]*declaration // by address within the module
	ordered      []*declaration          // in source order
	call         *declaration            // the module block that calls it; nil for the root
	children     map[string]*unit        // by address of the module block
}

func newUnit(path string, m *module, caller *declaration) *unit {
	u := &unit{path: path, config: m, call: caller, declarations: map[string]*declaration{}, children: map[string]*unit{}}
	u.declareValues()
	for _, a := range m.actors {
		u.declare(a.address(), a.rng, a, a.stages()...)
	}
	for _, c := range m.calls {
		u.declareCall(c)
	}
	for _, c := range m.checks {
		u.declare(c.address(), c.rng, c, oneStage(c.group))
	}
	if m.rivet != nil {
		u.declare("rivet", m.rivet.rng, m.rivet, oneStage(m.rivet.group))
	}
	if m.riveter != nil && m.riveter.ledger != nil {
		u.declare("ledger", m.riveter.ledger.rng, m.riveter.ledger, oneStage(m.riveter.ledger.group))
	}
	for _, n := range m.namespaces {
		u.declare(n.address(), n.rng, n, oneStage(n.group))
	}
	for _, c := range m.runnerConfigs {
		u.declare(c.address(), c.rng, c, oneStage(c.group))
	}
	return u
}

func (u *unit) declareValues() {
	for _, v := range u.config.variables {
		u.declare(v.address(), v.rng, v, v.stages(u)...)
	}
	for _, l := range u.config.locals {
		u.declare(l.address(), l.rng, l, oneStage(l.group))
	}
	for _, o := range u.config.outputs {
		u.declare(o.address(), o.rng, o, oneStage(o.group))
	}
}

func (u *unit) declareCall(c *moduleCall) {
	d := u.declare(c.address(), c.rng, c, c.stage())
	if c.config == nil {
		return
	}
	u.children[c.address()] = newUnit(inModule(u.path, c.address()), c.config, d)
}

func (u *unit) declare(address string, rng hcl2.Range, what any, stages ...*stage) *declaration {
	d := &declaration{unit: u, address: address, rng: rng, what: what, stages: stages}
	dynamic := u.config.dynamic[address]
	for i, s := range stages {
		s.declaration, s.part = d, i
		if dynamic != nil && i == len(stages)-1 {
			s.inside = []*group{dynamic.inside}
		}
		if _, ok := what.(*actor); dynamic != nil && (!ok || i == bodyStage) {
			s.groups = append(s.groups, dynamic.shape)
		}
	}
	u.declarations[address] = d
	u.ordered = append(u.ordered, d)
	return d
}

// all returns the declarations of the unit and those that it calls.
func (u *unit) all() []*declaration {
	all := u.ordered
	for _, d := range u.ordered {
		if child := u.children[d.address]; child != nil {
			all = append(slices.Clip(all), child.all()...)
		}
	}
	return all
}

// argument returns what the calling module gives for a variable, or nil.
func (u *unit) argument(v *variable) *argument {
	if u.call == nil {
		return nil
	}
	return u.call.what.(*moduleCall).arguments[v.name]
}

// actorsIn returns the actors that an element of depends_on means.
func (u *unit) actorsIn(r *reference) []*declaration {
	if r.root == "module" {
		child := u.children[r.address()]
		if child == nil {
			return nil
		}
		var actors []*declaration
		for _, d := range child.all() {
			if a, ok := d.what.(*actor); ok && a.kind == address.KindActor {
				actors = append(actors, d)
			}
		}
		return actors
	}
	if d := u.declarations[r.address()]; d != nil {
		return []*declaration{d}
	}
	return nil
}

// checkArguments checks that a module block gives exactly the arguments that the module takes.
func checkArguments(c *moduleCall) hcl2.Diagnostics {
	if c.config == nil {
		return nil
	}
	var diags hcl2.Diagnostics
	known := map[string]bool{}
	for _, v := range c.config.variables {
		known[v.name] = true
		if c.arguments[v.name] == nil && v.isRequired() {
			diags = append(diags, problem("Missing required argument", fmt.Sprintf(
				"The module in %q has a variable %q without a default, so %q must be given here.", c.source, v.name, v.name), c.rng))
		}
	}
	for _, name := range sortedKeys(c.arguments) {
		if !known[name] {
			diags = append(diags, problem("Unsupported argument", fmt.Sprintf(
				"The module in %q has no variable %q.%s", c.source, name, didYouMean(name, sortedKeys(known))), c.arguments[name].at))
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
func (c *configuration) Declared() []Declared {
	var all []Declared
	for _, d := range c.tree.all() {
		entry := Declared{Address: d.fullAddress(), Module: d.unit.path}
		for _, n := range d.neighbours() {
			if n != d.unit.call {
				entry.RefersTo = append(entry.RefersTo, n.fullAddress())
			}
		}
		all = append(all, entry)
	}
	return all
}

// inModule returns the whole address of what a module declares, by the module's path.
func inModule(path, local string) string {
	if path == "" {
		return local
	}
	return path + "." + local
}
