package declare

import (
	"fmt"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

var movedSchema = &syntax.Schema{
	Doc: "Says that a step of an actor was renamed, so that what is remembered of it follows. Actors and modules need none.",
	Attributes: []syntax.Attribute{
		{Name: "from", Type: "address", Required: true, Doc: "What it was called."},
		{Name: "to", Type: "address", Required: true, Doc: "What it is called now."},
	},
}

// move is a decoded moved block, whose addresses are relative to its module.
type move struct {
	from, to target
	rng      hcl2.Range
}

// target is what an address in a moved or removed block means: a module if it has no Label, an actor, or a step of one.
type target struct {
	address.Address
	step address.StepAddress // without the actor; zero for an actor or module
}

func (t target) isStep() bool { return t.step.Label != "" }

// sort names what the target is.
func (t target) sort() string {
	switch {
	case t.isStep():
		return "step"
	case t.Label == "":
		return "module"
	default:
		return "actor"
	}
}

func (t target) String() string {
	switch t.sort() {
	case "step":
		return t.Address.String() + "." + t.step.Relative()
	case "module":
		return t.Module
	default:
		return t.Address.String()
	}
}

// decodeMoved decodes a moved block. It is nil if its addresses cannot be read.
func decodeMoved(block *hcl2.Block) (*move, hcl2.Diagnostics) {
	c, diags := movedSchema.Decode(block.Body)
	m := &move{rng: block.DefRange}
	var more hcl2.Diagnostics
	m.from, more = targetOf(c, "from")
	diags = append(diags, more...)
	m.to, more = targetOf(c, "to")
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, diags
	}
	if fault := m.fault(); fault != "" {
		return nil, append(diags, syntax.Problem("Invalid move", fault, c.Attributes["to"].Range))
	}
	return m, diags
}

// fault says why one of the addresses cannot become the other.
func (m *move) fault() string {
	switch {
	case m.from == m.to:
		return fmt.Sprintf("Both addresses are %s, so nothing is moved.", m.from)
	case m.from.sort() != m.to.sort():
		return fmt.Sprintf("What was %s cannot become %s.", syntax.Article(m.from.sort()), syntax.Article(m.to.sort()))
	case m.from.isStep() && m.from.Address != m.to.Address:
		return "A step is renamed within its actor: write the same actor in both addresses."
	case m.from.isStep() && m.from.step.Kind != m.to.step.Kind:
		return fmt.Sprintf("What was %s cannot become %s: another kind of step sends something else.",
			syntax.Article(string(m.from.step.Kind)), syntax.Article(string(m.to.step.Kind)))
	}
	return ""
}

// targetOf reads an attribute that is an address: of a module, an actor, an instance of one, or a step of these.
func targetOf(c *syntax.Content, name string) (target, hcl2.Diagnostics) {
	attr, ok := c.Attributes[name]
	if !ok {
		return target{}, nil // which decoding has reported
	}
	t, diags := hcl2.AbsTraversalForExpr(attr.Expr)
	if !diags.HasErrors() {
		if found, ok := parseTarget(t); ok {
			return found, nil
		}
	}
	return target{}, hcl2.Diagnostics{syntax.Problem("Invalid address", fmt.Sprintf(
		"%q is an address such as actor.chatRoom.room, actor.chatRoom.room[\"general\"], module.tenant or actor.chatRoom.room.action.greet, without quotes.",
		name), attr.Expr.Range())}
}

func parseTarget(t hcl2.Traversal) (target, bool) {
	var found target
	var modules []string
	for len(t) >= 2 && rootOrName(t[0]) == "module" {
		path := "module." + rootOrName(t[1])
		key, rest := leadingKey(t[2:])
		modules, t = append(modules, path+key.String()), rest
	}
	found.Module = strings.Join(modules, ".")
	if len(t) == 0 {
		return found, found.Module != ""
	}
	if len(t) < 3 || rootOrName(t[0]) != "actor" {
		return found, false
	}
	found.Kind, found.Name, found.Label = address.KindActor, rootOrName(t[1]), rootOrName(t[2])
	found.Key, t = leadingKey(t[3:])
	if found.Name == "" || found.Label == "" || len(t) == 0 {
		return found, found.Name != "" && found.Label != ""
	}
	return found.withStep(t)
}

// withStep reads what follows the address of an actor: the kind, label and key of a step.
func (t target) withStep(rest hcl2.Traversal) (target, bool) {
	if len(rest) < 2 || !address.IsStepKind(rootOrName(rest[0])) {
		return t, false
	}
	t.step.Kind, t.step.Label = address.StepKind(rootOrName(rest[0])), rootOrName(rest[1])
	t.step.Key, rest = leadingKey(rest[2:])
	return t, len(rest) == 0 && t.step.Label != ""
}

func rootOrName(step hcl2.Traverser) string {
	if root, ok := step.(hcl2.TraverseRoot); ok {
		return root.Name
	}
	name, _ := expr.TraversalName(step)
	return name
}

// leadingKey takes an instance key off the front of a traversal.
func leadingKey(t hcl2.Traversal) (address.InstanceKey, hcl2.Traversal) {
	if len(t) == 0 {
		return address.InstanceKey{}, t
	}
	index, ok := t[0].(hcl2.TraverseIndex)
	if !ok {
		return address.InstanceKey{}, t
	}
	if index.Key.Type() == cty.String {
		return address.StringKey(index.Key.AsString()), t[1:]
	}
	n, _ := index.Key.AsBigFloat().Int64()
	return address.NumberKey(int(n)), t[1:]
}

// sortMoves finds out which moves are of steps.
func (m *Module) sortMoves() {
	m.stepMoves = map[string][]move{}
	for _, next := range m.moves {
		if next.from.isStep() {
			block := next.from.Block().Innermost(0).String()
			m.stepMoves[block] = append(m.stepMoves[block], next)
		}
	}
}

// StepMoves returns how the steps of the instance of an actor block that has an address were called before, as its module says, in source
// order, and then as those say that this is called by.
func (u *Tree) StepMoves(a *Actor, at address.Address) []plan.StepMove {
	var moves []plan.StepMove
	for n := 0; ; n++ {
		for _, m := range u.Module.stepMoves[a.Address()] {
			if m.from.Covers(at.Innermost(n)) {
				moves = append(moves, plan.StepMove{From: m.from.step, To: m.to.step, Range: m.rng})
			}
		}
		if u.Call == nil {
			return moves
		}
		u = u.Call.Tree
	}
}

var removedSchema = &syntax.Schema{
	Doc: "Says that an actor is no longer declared: that it is to be forgotten, or destroyed.",
	Attributes: append([]syntax.Attribute{
		{Name: "from", Type: "address or string", Required: true, Doc: "What it was called, or with a key the registered name of the actor in quotes."},
		{Name: "key", Type: "list(string)", Doc: "Its key, where \"from\" is its name."},
	}, attributes(removedParts)...),
	Blocks: []syntax.Nested{{Name: "lifecycle", Single: true, Schema: &syntax.Schema{
		Doc: "What Terraform writes for it.", Attributes: attributes(removedParts),
	}}},
}

var removedParts = []part[plan.Removal]{
	constant("destroy", "bool", "Whether to destroy it. Default: false.", func(r *plan.Removal) *bool { return &r.Destroy }),
}

// decodeRemoved decodes a removed block. It is nil if it cannot be read what it means.
func decodeRemoved(block *hcl2.Block) (*plan.Removal, hcl2.Diagnostics) {
	c, diags := removedSchema.Decode(block.Body)
	r := &plan.Removal{Range: block.DefRange}
	diags = append(diags, keep(r, c, removedParts)...)
	if lifecycle := c.Only("lifecycle"); lifecycle != nil {
		inner, more := removedSchema.Block("lifecycle").Schema.Decode(lifecycle.Body)
		diags = append(append(diags, more...), keep(r, inner, removedParts)...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	if _, byKey := c.Attributes["key"]; byKey {
		return r, append(diags, decodeRemovedIdentity(c, r)...)
	}
	from, more := targetOf(c, "from")
	if from.isStep() {
		more = append(more, syntax.Problem("Invalid address",
			"A step is not removed by a block: what is remembered of it goes with its actor.", c.Attributes["from"].Expr.Range()))
	}
	if more.HasErrors() {
		return nil, append(diags, more...)
	}
	r.From = from.Address
	return r, append(diags, more...)
}

// decodeRemovedIdentity reads the name and the key of an actor.
func decodeRemovedIdentity(c *syntax.Content, r *plan.Removal) hcl2.Diagnostics {
	diags := c.Constant("from", &r.Name)
	if !diags.HasErrors() && !actorName.MatchString(r.Name) {
		diags = append(diags, syntax.Problem("Invalid address",
			"With a key, \"from\" is the registered name of the actor, in quotes.", c.Attributes["from"].Expr.Range()))
	}
	expr := c.Attributes["key"].Expr
	v, more := expr.Value(nil)
	if more.HasErrors() {
		return append(diags, syntax.Problem("Constant value needed", "\"key\" is a list of strings, or a string, and cannot refer to other values.", expr.Range()))
	}
	if !v.IsWhollyKnown() {
		return diags // as it could not be parsed, which is reported
	}
	if v.Type() == cty.String {
		v = cty.TupleVal([]cty.Value{v})
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || list.IsNull() {
		return append(diags, syntax.WrongType("key", cty.List(cty.String), v, err, expr, nil))
	}
	r.Key = []string{}
	for _, part := range list.AsValueSlice() {
		if part.IsNull() {
			return append(diags, syntax.Problem("Invalid key", "A part of the key is null.", expr.Range()))
		}
		r.Key = append(r.Key, part.AsString())
	}
	return diags
}

// Removals returns the removed blocks in source order.
func (c *Config) Removals() []plan.Removal { return c.Root.removals }
